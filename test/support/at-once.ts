/**
 * How often and how many at the same moment: small figures in the tests, those of R-05 with
 * SOAK_ROUNDS=20 and SOAK_AT_ONCE=50; and the same form sent so often.
 */
import type { HTMLElement } from 'node-html-parser';

import type { Visitor } from './visitor.ts';

export const soak = {
  rounds: Number(process.env.SOAK_ROUNDS ?? 3),
  atOnce: Number(process.env.SOAK_AT_ONCE ?? 20),
} as const;

export const atOnce = <T>(count: number, use: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => use(index)));

export const hiddenFields = (form: HTMLElement): Record<string, string> =>
  Object.fromEntries(
    form
      .querySelectorAll('input[type="hidden"]')
      .map(({ attributes: { name = '', value = '' } }) => [name, value]),
  );

/** Sends a form as it is, with this typed into it. */
export const sends = (
  visitor: Visitor,
  form: HTMLElement,
  typed: Readonly<Record<string, string>>,
): Promise<Response> =>
  visitor.raw(form.getAttribute('action') ?? '', {
    method: 'POST',
    body: new URLSearchParams({ ...hiddenFields(form), ...typed }),
  });

/** The main forms of all these pages, sent so often at once, turning from one to the next. */
export async function floods(
  visitors: readonly Visitor[],
  count: number,
  typedAt: (index: number) => Readonly<Record<string, string>>,
): Promise<number[]> {
  const pages = visitors.map((visitor) => ({
    visitor,
    form: visitor.formFor('form[data-step]'),
  }));
  return atOnce(count, async (index) => {
    const page = pages[index % pages.length];
    if (!page) throw new Error('nobody is here');
    return (await sends(page.visitor, page.form, typedAt(index))).status;
  });
}
