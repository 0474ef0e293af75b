/**
 * Fields as password managers, phones and browsers see them, and the way of the keyboard
 * through a page.
 */
import { expect } from 'chai';
import type { Page } from 'playwright-core';

/** Type, autocomplete and input mode of every field there is (S-015). */
const FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'sign-in/identify': { identifier: 'text username' },
  'methods/password/answer': { password: 'password current-password', stay: 'checkbox' },
  'methods/code/answer': { code: 'text one-time-code numeric' },
  'methods/code/answer, no tries left': {},
  'methods/code/add': { code: 'text one-time-code numeric' },
  'methods/text/answer': { code: 'text one-time-code numeric' },
  'methods/text/add': { country: 'select-one country', number: 'tel tel-national' },
  'methods/text/add, or a call': {
    ...{ country: 'select-one country', number: 'tel tel-national', method: 'radio' },
  },
  'methods/call/answer': {},
  'methods/call/answer, wrong': {},
  'methods/call/add': {},
  'methods/text/add, code': { code: 'text one-time-code numeric' },
  'methods/recovery-code/answer': { code: 'text off' },
  'sign-in/new-password': { password: 'password new-password' },
  'methods/password/answer, of My account': { password: 'password current-password' },
  'security-info/new-password': { password: 'password new-password' },
  'security-info/choose-method': { method: 'radio' },
  'account/profile': { language: 'select-one language' },
  'security-info/default': { way: 'radio' },
};

const TELL = `Object.fromEntries(
  [...document.querySelectorAll('main :is(input, select)[name]:not([type="hidden"])')].map(
    ({ name, type, autocomplete, inputMode }) =>
      [name, [type, autocomplete, inputMode].filter(Boolean).join(' ')],
  ),
)`;

export async function checkFields(page: Page, state: string): Promise<void> {
  const expected = FIELDS[state] ?? FIELDS[state.split(',')[0] ?? ''] ?? {};
  expect(await page.evaluate(TELL), 'fields').to.deep.equal(expected);
}

/** Tab leads to one of several that exclude each other, and the arrows to the others. */
const FOCUSABLE = `[...document.querySelectorAll(
  'a[href], button, select, input:not([type="hidden"], [tabindex="-1"], [type="radio"]:not(:checked))',
)].filter((one) => one.checkVisibility())`;

const FOCUS = `(() => {
  const { activeElement } = document;
  return {
    index: ${FOCUSABLE}.indexOf(activeElement),
    outline: parseFloat(getComputedStyle(activeElement).outlineWidth),
  };
})()`;

/** Tab leads everywhere, in the order of the page, and shows where it is. */
export async function checkKeyboard(page: Page): Promise<void> {
  const count = await page.evaluate<number>(`${FOCUSABLE}.length`);
  const order: number[] = [];
  // Between the last and the first it may leave the page.
  for (let presses = 0; presses <= count; presses += 1) {
    await page.keyboard.press('Tab');
    const { index, outline } = await page.evaluate<{ index: number; outline: number }>(FOCUS);
    if (index === -1) continue;
    expect(outline, 'the ring around what has the focus').to.be.at.least(2);
    order.push(index);
  }
  const [first = 0] = order;
  const expected = Array.from({ length: count }, (_, place) => (first + place) % count);
  expect(order.slice(0, count), 'where Tab leads').to.deep.equal(expected);
}
