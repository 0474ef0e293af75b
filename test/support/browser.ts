/**
 * The language of stories that need a real browser: a house, and people at tabs. What a tab
 * says in its console is held against the product; chromium.ts finds the browser itself.
 */
import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  ConsoleMessage,
  Locator,
  Page,
} from 'playwright-core';

import { theBrowser } from './chromium.ts';
import { clock } from './clock.ts';
import { type House, openHouse, type Overrides } from './house.ts';
import { attributeOf, click, fillIn, leadsOn, textOf } from './in-page.ts';
import { appCode, people, type PersonName } from './people.ts';

const APPS = 'http://127.0.0.1:4999/';
// Slow machines are slow at starting pages; no story waits for time.
const STORY_MILLISECONDS = 60_000;

type Fields = Readonly<Record<string, string>>;

export type Tab = ReturnType<typeof createTab>;
export type Desk = ReturnType<typeof openDesk>;

/**
 * For a `describe` block: one house, and a new browser profile for everybody who sits down.
 * Every story has a day of its own, so that codes and budgets are fresh.
 */
export function openDesk(overrides: Overrides = {}) {
  let house: House;
  let browser: Browser;
  let profiles: BrowserContext[] = [];
  let complaints: string[] = [];

  before(async function () {
    this.timeout(STORY_MILLISECONDS);
    const found = await theBrowser();
    if (!found) this.skip();
    browser = found;
    house = await openHouse(overrides);
  });

  beforeEach(function () {
    this.currentTest?.timeout(STORY_MILLISECONDS);
    clock.advance({ days: 2 });
    house.carrier.texts.length = 0;
    house.carrier.answers(202);
    complaints = [];
  });

  afterEach(async () => {
    await Promise.all(profiles.map((profile) => profile.close()));
    profiles = [];
    expect(complaints, 'what the browser complained about').to.deep.equal([]);
  });

  // Undefined where there was no browser.
  after(() => (house as House | undefined)?.close());

  /** Somebody at a browser that was never here. */
  async function visitor(options: BrowserContextOptions = {}): Promise<Tab> {
    const profile = await browser.newContext({
      locale: 'en-GB',
      reducedMotion: 'reduce',
      ...options,
    });
    profiles.push(profile);
    profile.on('console', (message) => {
      if (message.type() === 'error' && !isAnswered(message)) complaints.push(message.text());
    });
    profile.on('weberror', (error) => complaints.push(error.error().message));
    return createTab(await profile.newPage(), house);
  }

  return {
    get house(): House {
      return house;
    },
    visitor,

    /** Another tab of the same browser. */
    async tabOf(other: Tab): Promise<Tab> {
      return createTab(await other.page.context().newPage(), house);
    },

    /** Somebody who gave user name and password on the way to the shop. */
    async atSecondStep(
      name: PersonName,
      { more = {}, ...options }: BrowserContextOptions & { more?: Fields } = {},
    ): Promise<Tab> {
      const tab = await visitor(options);
      await tab.opens(await house.shop.signIn(more));
      await tab.identifies(name);
      return tab;
    },
  };
}

/** A page that is refused is a story's own business; an asset that is missing is not. */
const isAnswered = (message: ConsoleMessage): boolean =>
  message.text().startsWith('Failed to load resource: the server responded with a status of 4') &&
  !message.location().url.includes('/assets/');

export function createTab(page: Page, house: House) {
  /** Does what leads to another page, and waits until one is there that does not lead on itself. */
  async function leads(action: () => Promise<unknown>): Promise<void> {
    await Promise.all([page.waitForEvent('load'), action()]);
    await settles();
  }

  async function settles(): Promise<void> {
    while (await leadsOn(page)) await pause(10);
  }

  const form = (act: string): string => `form[action$="/${act}"]`;
  const buttonOf = (act: string): string => `${form(act)} button:not([type="button"])`;

  /** Fills a form without sending it; the button that would. */
  async function fills(act: string, typed: Fields): Promise<Locator> {
    await fill(act, typed);
    return page.locator(buttonOf(act)).first();
  }

  async function fill(act: string, typed: Fields): Promise<void> {
    for (const [name, value] of Object.entries(typed)) {
      await fillIn(page, `${form(act)} [name="${name}"]`, value);
    }
  }

  async function says(act: string, typed: Fields = {}): Promise<void> {
    await fill(act, typed);
    await leads(() => click(page, buttonOf(act)));
  }

  return {
    page,
    leads,
    fills,
    /** Fills the form that posts this act, and presses its button. */
    says,

    /** Presses the button that stands for this value: one of several forms, or of several buttons. */
    async picks(act: string, name: string, value: string): Promise<void> {
      const own = `${form(act)} button[name="${name}"][value="${value}"]`;
      const hidden = `${form(act)}:has([type="hidden"][name="${name}"][value="${value}"]) button`;
      await leads(() => click(page, `${own}, ${hidden}`));
    },

    async opens(url: URL | string) {
      const answer = await page.goto(new URL(url, house.issuer).href);
      await settles();
      return answer;
    },
    reloads: () => page.reload(),
    goesBack: () => page.goBack(),

    /** The page's name, or where an app took over. */
    async sees(): Promise<string> {
      if (page.url().startsWith(APPS)) return new URL(page.url()).pathname;
      return (await attributeOf(page, 'main', 'data-page')) ?? page.url();
    },
    reads: async (): Promise<string> => (await textOf(page, 'main')).replaceAll(/\s+/g, ' '),

    /** Where the browser left the house. */
    landed(): URL {
      if (!page.url().startsWith(APPS)) throw new Error(`still at ${page.url()}`);
      return new URL(page.url());
    },

    async identifies(name: PersonName, { stay = false } = {}): Promise<void> {
      await says('identify', { identifier: name });
      if (stay) await page.locator('[name="stay"]').check();
      await says('answer', { password: people[name].password });
    },

    /** The key that an authenticator app would be given. */
    async shownSecret(): Promise<string> {
      return (await textOf(page, '.secret')).replaceAll(/\s/g, '');
    },

    /** Closes the browser and opens it again: cookies without an end are gone. */
    async reopens(): Promise<void> {
      const profile = page.context();
      const lasting = (await profile.cookies()).filter(({ expires }) => expires !== -1);
      await profile.clearCookies();
      await profile.addCookies(lasting);
    },

    /** What ends most stories: the authenticator's code. */
    finishesWithCode: () => says('answer', { code: appCode(people.ada.seed) }),
  };
}
