/**
 * What stories see and press on the pages of "My account".
 */
import { createAuditRecords } from '../../src/models/audit-record.ts';
import type { House } from './house.ts';
import type { PersonName } from './people.ts';
import type { Visitor } from './visitor.ts';

/** In text, what each row says first. */
export const rowsOn = (visitor: Visitor): string[] =>
  visitor
    .html()
    .querySelectorAll('.row b')
    .map(({ text }) => text.trim());

/** Presses what a row, or the page itself, offers. */
export function begin(visitor: Visitor, act: string, row?: string): Promise<void> {
  const within = row === undefined ? '' : `.row[data-credential="${row}"] `;
  const forms = visitor.html().querySelectorAll(`${within}form[data-step="begin"]`);
  const form = forms.find((one) => one.querySelector(`input[name="act"][value="${act}"]`));
  if (!form) throw new Error(`no ${act} on ${visitor.sees()}: ${visitor.reads()}`);
  return visitor.submit(form, {});
}

export const csrfOn = (visitor: Visitor): string =>
  visitor.html().querySelector('[name=_csrf]')?.getAttribute('value') ?? '';

/** Signed in with all that is asked, in a browser that is there or a new one. */
export async function signedIn(
  house: House,
  name: PersonName,
  visitor = house.visitor(name),
): Promise<Visitor> {
  await visitor.opens('/account');
  await visitor.identifies();
  await visitor.says({ code: visitor.code() });
  return visitor;
}

/** How often this was told of an account since then. */
export async function toldOf(
  house: House,
  { account, name, since }: { account: string; name: string; since: Date },
): Promise<number> {
  await house.settles();
  let count = 0;
  for await (const { events } of createAuditRecords(house.connection).newestFirst({ account })) {
    count += events.filter((event) => event.name === name && event.at >= since).length;
  }
  return count;
}
