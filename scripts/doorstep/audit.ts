/**
 * doorstep audit: what happened, and whether the record of it is whole.
 */
import type { Administration } from '../../src/administration/administration.ts';
import type { FoundEvents } from '../../src/administration/audit.ts';
import { isRefusalOf } from '../../src/administration/refusal.ts';
import { eventNames } from '../../src/audit/event-names.ts';
import type { AuditEvent } from '../../src/models/audit-event.ts';
import { didYouMean } from './arguments.ts';
import { defineCommand, type Group } from './command.ts';
import { named } from './print.ts';
import { Mistake, Misuse } from './run.ts';

const MOST = 10_000;
const USUAL = 50;

const verify = defineCommand({
  takes: '[--head <number>.<hash>]',
  about: `Reads the whole chain and names every record that was edited, removed or put in.

  --head <number>.<hash>   hold it to a head that was written down before: this command
                           prints one, and so does the log (audit.appended)`,
  options: { head: { type: 'string' } },
  async run({ administration }, { values: { head } }) {
    const found = await administration.audit.verify(seen(head));
    const { flaws, records, events } = found;
    if (flaws.length > 0) throw new Mistake(flaws.join('\n'));
    const kept = records > 0 ? `Head: ${found.head}\n` : '';
    return `${events} events in ${records} records: nobody changed anything.\n${kept}`;
  },
});

const list = defineCommand({
  takes: '[--account <username>] [--event <name>] [--since <time>] [--last <number>] [--json]',
  about: `Shows what happened, the newest last.

  --account <username>   to this account, or by it
  --event <name>         as in sign-in.finished
  --since <time>         as in 2026-03-01 or 2026-03-01T12:00:00Z
  --last <number>        how many at most; otherwise ${USUAL}
  --json                 everything that is known, one line of JSON each, with ids in place of
                         user names`,
  options: {
    account: { type: 'string' },
    event: { type: 'string' },
    since: { type: 'string' },
    last: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run({ administration }, { values: { account, event: name, since, last, json } }) {
    const { events, usernames } = await administration.audit.list({
      ...{ account, name: name === undefined ? undefined : knownEvent(name) },
      since: since === undefined ? undefined : instant(since),
      most: last === undefined ? USUAL : count(last),
    });
    if (events.length === 0 && account !== undefined) await findAnything(administration, account);
    return events.map((event) => `${json ? asJson(event) : asLine(event, usernames)}\n`).join('');
  },
});

/** People by name; whoever is gone, and all in JSON, by id. */
function asLine(event: AuditEvent, usernames: FoundEvents['usernames']): string {
  const { at, name, result, account: accountId, reason, from, details } = event;
  const account = usernames.get(accountId ?? '');
  const whom = account === undefined ? { accountId } : { account };
  const more = { ...whom, reason, ...from, ...details };
  const doer = usernames.get(event.by);
  const by = doer === undefined ? event.by : JSON.stringify(doer);
  const said = Object.entries(more).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${JSON.stringify(value)}`],
  );
  return printable([at.toISOString(), name, result, `by=${by}`, ...said].join(' '));
}

const asJson = (event: AuditEvent): string => printable(JSON.stringify(event));

/** What a terminal would obey is shown as what it is. */
const printable = (line: string): string =>
  line.replaceAll(/\p{C}/gu, (odd) => `\\u{${(odd.codePointAt(0) ?? 0).toString(16)}}`);

function seen(head: string | undefined) {
  if (head === undefined) return undefined;
  const [, seq, hash] = /^(\d+)\.([\w-]+)$/.exec(head) ?? [];
  if (seq === undefined || hash === undefined) throw new Misuse('A head is <number>.<hash>.');
  return { seq: Number(seq), hash };
}

function knownEvent(typed: string): string {
  if (eventNames.includes(typed)) return typed;
  throw new Misuse(`There is no event ${named(typed)}${didYouMean(typed, eventNames)}`);
}

/** Throws Mistake for what is no name, and no id either that anything is known of. */
async function findAnything({ accounts, audit }: Administration, account: string): Promise<void> {
  try {
    await accounts.find(account);
  } catch (error) {
    if (!isRefusalOf('account-unknown', error)) throw error;
    if ((await audit.list({ account, most: 1 })).events.length > 0) return;
    throw new Mistake('No account has this name now; deleted ones are found by their id.');
  }
}

function instant(typed: string): Date {
  const at = new Date(typed);
  if (Number.isNaN(at.getTime())) throw new Misuse(`"${typed}" is not a time.`);
  return at;
}

function count(typed: string): number {
  if (!/^\d{1,5}$/.test(typed) || Number(typed) > MOST || Number(typed) < 1) {
    throw new Misuse(`--last takes a number up to ${MOST}.`);
  }
  return Number(typed);
}

export const audit: Group = {
  about: 'What happened, and whether the record of it is whole.',
  commands: { list, verify },
};
