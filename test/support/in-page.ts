/**
 * What stories do to a page, and read from it, by one evaluation each. Locators would bring a
 * script of their own into every new page, which costs more than the page; keys and the mouse
 * are the browser's real ones here, too.
 */
import type { Page } from 'playwright-core';

/** Into the one field of that selector that can be seen, as if it had been typed. */
export const fillIn = (page: Page, selector: string, value: string): Promise<void> =>
  page.evaluate(`{
    const field = ${theOne(selector)};
    if (field.disabled || field.readOnly) throw new Error('cannot be filled in');
    field.focus();
    if (field.localName === 'select') {
      field.value = ${JSON.stringify(value)};
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.dispatchEvent(new Event('change', { bubbles: true }));
    } else {
      field.select();
      document.execCommand('delete');
      for (const sign of ${JSON.stringify(value)}) document.execCommand('insertText', false, sign);
    }
    if (field.value !== ${JSON.stringify(value)}) throw new Error('took ' + field.value);
  }`);

/** With the mouse, in the middle of the first of that selector that can be seen. */
export async function click(page: Page, selector: string): Promise<void> {
  const [x, y] = await page.evaluate<[number, number]>(`(() => {
    const target = ${theFirst(selector)};
    if (target.disabled) throw new Error('is disabled');
    target.scrollIntoView({ block: 'center', behavior: 'instant' });
    const { x, y, width, height } = target.getBoundingClientRect();
    const middle = [x + width / 2, y + height / 2];
    if (!target.contains(document.elementFromPoint(...middle))) throw new Error('is covered');
    return middle;
  })()`);
  await page.mouse.click(x, y);
}

/** What can be read of the first of that selector. */
export const textOf = (page: Page, selector: string): Promise<string> =>
  page.evaluate(`${theFirst(selector)}.innerText`);

export const attributeOf = (page: Page, selector: string, name: string): Promise<string | null> =>
  page.evaluate(
    `document.querySelector(${JSON.stringify(selector)})?.getAttribute('${name}') ?? null`,
  );

export const countOf = (page: Page, selector: string): Promise<number> =>
  page.evaluate(`document.querySelectorAll(${JSON.stringify(selector)}).length`);

/** Whether the page is on its way to another, or not there yet. */
export const leadsOn = (page: Page): Promise<boolean> =>
  page
    .evaluate<boolean>(
      `document.readyState !== 'complete' || document.querySelector('meta[http-equiv="refresh"]') !== null`,
    )
    // It went on while it was looked at.
    .catch(() => true);

const seen = (selector: string): string =>
  `[...document.querySelectorAll(${JSON.stringify(selector)})].filter((one) => one.checkVisibility({ visibilityProperty: true }))`;

const theFirst = (selector: string): string =>
  `((all) => {
    if (all.length === 0) throw new Error('cannot be seen: ' + ${JSON.stringify(selector)});
    return all[0];
  })(${seen(selector)})`;

const theOne = (selector: string): string =>
  `((all) => {
    if (all.length !== 1) throw new Error(all.length + ' can be seen of ' + ${JSON.stringify(selector)});
    return all[0];
  })(${seen(selector)})`;
