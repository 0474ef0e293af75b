/**
 * What somebody sees and presses in "My account".
 */
import type { Visitor } from './visitor.ts';

/** In text, what each row says. */
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
