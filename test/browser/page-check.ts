/**
 * What holds for every page, however it was reached: nothing that axe-core finds, by day and
 * by night, on a wide and on the narrowest screen; nothing to scroll sideways, with text twice as
 * large neither. With SCREENSHOTS=1 a picture of each is left in build/.
 *
 * All of axe-core's rules are asked once, by day on the narrowest screen; of the other views, the
 * ones that depend on colours or on sizes. Of a page's markup, they would find the same.
 */
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { AxeResults } from 'axe-core';
import { expect } from 'chai';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];
const OF_SIZES = ['target-size', 'scrollable-region-focusable', 'region', 'heading-order'];
const WIDE = { width: 1280, height: 900 };
/** WCAG 2.2, 1.4.10: the narrowest that must do without scrolling sideways. */
const NARROW = { width: 320, height: 640 };
const PHONE = { width: 390, height: 844 };
const SCHEMES = ['light', 'dark'] as const;
interface Head {
  readonly lang: string;
  readonly headings: readonly string[];
  readonly title: string;
}

const HEAD = `({
  lang: document.documentElement.lang,
  headings: [...document.querySelectorAll('h1')].map(({ innerText }) => innerText),
  title: document.title,
})`;
interface View {
  readonly size: { readonly width: number; readonly height: number };
  readonly colorScheme: (typeof SCHEMES)[number];
  readonly type: 'tag' | 'rule';
  readonly values: readonly string[];
}

const VIEWS: readonly View[] = [
  { size: NARROW, colorScheme: 'light', type: 'tag', values: TAGS },
  { size: NARROW, colorScheme: 'dark', type: 'rule', values: OF_COLOURS },
  { size: WIDE, colorScheme: 'dark', type: 'rule', values: OF_COLOURS },
  { size: WIDE, colorScheme: 'light', type: 'rule', values: [...OF_COLOURS, ...OF_SIZES] },
];
const PICTURES = join('build', 'screenshots');

/** Leaves the page as it was found. */
export async function checkPage(page: Page, state: string): Promise<void> {
  await checkHead(page);
  await page.evaluate(axe);
  for (const { size, colorScheme, ...runOnly } of VIEWS) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    expect(await isTooWide(page), `is too wide for ${size.width} px`).to.equal(false);
    const found = await violations(page, runOnly);
    expect(found, `${colorScheme}, ${size.width} px`).to.deep.equal([]);
  }
  await page.setViewportSize(NARROW);
  await checkLargeText(page);
  if (process.env.SCREENSHOTS === '1') await takePictures(page, state);
}

/** WCAG 2.2, 1.4.4: text twice as large, here on the narrowest screen. */
async function checkLargeText(page: Page): Promise<void> {
  const setTo = (size: string) =>
    page.evaluate(`document.documentElement.style.fontSize = '${size}'`);
  await setTo('200%');
  expect(await isTooWide(page), 'is too wide with text twice as large').to.equal(false);
  await setTo('');
}

async function checkHead(page: Page): Promise<void> {
  const { lang, headings, title } = await page.evaluate<Head>(HEAD);
  expect(lang).to.equal('en');
  expect(headings).to.have.length(1);
  expect(title, 'the title says what the page is').to.contain(headings[0]);
}

/** The page clips what sticks out, so what scrolls or is cut off is looked for one by one. */
export const isTooWide = (page: Page): Promise<boolean> =>
  page.evaluate(`[...document.querySelectorAll('main *, footer *')].some(
    (element) => element.getBoundingClientRect().right > innerWidth,
  )`);

export async function violations(page: Page, runOnly: object): Promise<string[]> {
  const run = `axe.run({ runOnly: ${JSON.stringify(runOnly)}, resultTypes: ['violations'] })`;
  const results = await page.evaluate<AxeResults>(run);
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}

async function takePictures(page: Page, state: string): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  const name = state.replaceAll(/\W+/g, '-');
  for (const [screen, size] of Object.entries({ wide: WIDE, phone: PHONE })) {
    await page.setViewportSize(size);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      const path = join(PICTURES, `${name}.${screen}.${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true });
    }
  }
}
