/**
 * Every way to sign in that is measured: what somebody holds for it, what they did before, and how
 * they get from the app's request to the last page. Their keys, phones and carriers are those of
 * the tests.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { type HTMLElement, parse } from 'node-html-parser';

import {
  type Authenticator,
  createAuthenticator,
  type Options,
} from '../../test/support/authenticator.ts';
import type { PhoneType } from '../../src/credentials/phone.ts';
import type { Carrier } from '../../test/support/carrier.ts';
import { recordOf } from '../../test/support/keys.ts';
import { createPhone, type Phone } from '../../test/support/phone.ts';
import { presses } from '../../test/support/telephone.ts';
import type { Answer } from './agent.ts';
import { ISSUER } from './product.ts';
import {
  backToApp,
  begin,
  type Browser,
  codeAt,
  fill,
  newVerifier,
  next,
  post,
  type StepName,
  timeStepNow,
  toPassword,
} from './sign-in.ts';
import { accountIdOf, appOf, type Holds, PASSWORD, SEED, usernameOf } from './tenants.ts';

/** Somebody at a browser. */
export interface Person {
  readonly index: number;
  readonly browser: Browser;
}

export interface Way {
  readonly holds: Holds;
  /** Before anybody measures. */
  readonly prepares?: (who: Person) => Promise<unknown>;
  /** From the app's request to the last page. */
  readonly signsIn: (who: Person, verifier: string) => Promise<Answer>;
}

interface Around {
  readonly carrier: Carrier;
  /** Where phones and carriers find the product. */
  readonly door: string;
}

const LOOK_EVERY_MS = 2;
const PATIENCE_MS = 10_000;

export function createWays({ carrier, door }: Around): Readonly<Record<string, Way>> {
  const keys = new Map<number, Authenticator>();
  const phones = new Map<number, Phone>();

  return {
    'passkey alone': {
      holds: keyOf,
      async signsIn({ index, browser }, verifier) {
        const page = await next(browser, await begin(browser, verifier));
        return touches(index, browser, page);
      },
    },
    'trusted browser': {
      holds: appOf,
      async prepares({ index, browser }) {
        const verifier = newVerifier();
        const page = await toSecondStep({ index, browser }, verifier);
        const typed = { code: codeAt(timeStepNow()), trust: 'true' };
        await backToApp(browser, await fill(browser, 'code', page, typed), verifier);
        browser.reopens();
      },
      async signsIn({ index, browser }, verifier) {
        return givesPassword(browser, await toPassword(browser, usernameOf(index), verifier));
      },
    },
    'authenticator code': {
      holds: appOf,
      signsIn: after(({ browser }, page) =>
        fill(browser, 'code', page, { code: codeAt(timeStepNow()) }),
      ),
    },
    'security key': {
      holds: keyOf,
      signsIn: after(({ index, browser }, page) => touches(index, browser, page)),
    },
    approve: {
      holds(index, seal) {
        // Devices are found by it alone.
        const id = `app-${index}`;
        const phone = createPhone(door, { device: `${accountIdOf(index)}.${id}` });
        phones.set(index, phone);
        const device = { key: phone.key, counter: 0, name: 'Phone' };
        const data = { seed: seal(id, SEED), lastStep: 0, device };
        return { credential: { id, kind: 'app', data } };
      },
      prepares: async ({ index }) => phones.get(index)?.wakes(),
      signsIn: after(async ({ index, browser }, page) => {
        await phones.get(index)?.approves(numberOn(page));
        return sends(browser, 'code', formIn(page, 'form.waits'));
      }),
    },
    text: {
      holds: phoneOf('mobile'),
      signsIn: after(async ({ index, browser }, page) => {
        const code = await until(() =>
          carrier.textsTo(numberOf(index)).length > 0
            ? carrier.lastCode(numberOf(index))
            : undefined,
        );
        return fill(browser, 'code', page, { code });
      }),
    },
    call: {
      // Takes no texts.
      holds: phoneOf('office'),
      signsIn: after(async ({ index, browser }, page) => {
        const call = await until(() => carrier.calls.findLast(({ to }) => to === numberOf(index)));
        const at = String(call.answerAt).replace(ISSUER, door);
        await presses(call, numberOn(page), { at });
        return sends(browser, 'code', formIn(page, 'form.waits'));
      }),
    },
  };

  function keyOf(index: number) {
    const key = createAuthenticator(ISSUER);
    keys.set(index, key);
    const userHandle = randomBytes(32).toString('base64url');
    key.create({ challenge: '', rp: { id: new URL(ISSUER).hostname }, user: { id: userHandle } });
    return { credential: { id: 'key', kind: 'security-key', data: recordOf(key) }, userHandle };
  }

  function touches(index: number, browser: Browser, page: Answer): Promise<Answer> {
    const form = formIn(page, 'form.key');
    const options = JSON.parse(form.getAttribute('data-options') ?? '') as Options;
    return sends(browser, 'code', form, { response: keys.get(index)?.get(options) ?? '' });
  }
}

/** The second step, after user name and password. */
const after =
  (step: (who: Person, page: Answer) => Promise<Answer>): Way['signsIn'] =>
  async (who, verifier) =>
    step(who, await toSecondStep(who, verifier));

async function toSecondStep({ index, browser }: Person, verifier: string): Promise<Answer> {
  const page = await toPassword(browser, usernameOf(index), verifier);
  return next(browser, await givesPassword(browser, page));
}

const givesPassword = (browser: Browser, page: Answer): Promise<Answer> =>
  fill(browser, 'password', page, { password: PASSWORD });

/** A number of its own, and seldom in one prefix with others. */
const numberOf = (index: number): string =>
  `+49151${String((index * 7_919) % 100_000_000).padStart(8, '0')}`;

const phoneOf =
  (phoneType: PhoneType): Holds =>
  (index) => ({
    credential: {
      ...{ id: 'phone', kind: 'phone' },
      data: { number: numberOf(index), countryCallingCode: '49', type: 'mobile', phoneType },
    },
  });

const numberOn = ({ text }: Answer): string =>
  parse(text).querySelector('.number')?.lastChild?.text.trim() ?? '';

function formIn({ text }: Answer, selector: string): HTMLElement {
  const form = parse(text).querySelector(selector);
  if (!form) throw new Error(`no ${selector} on the page`);
  return form;
}

function sends(
  browser: Browser,
  step: StepName,
  form: HTMLElement,
  typed: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const hidden = form.querySelectorAll('[type="hidden"]').map(({ attributes }) => attributes);
  const fields = Object.fromEntries(hidden.map(({ name = '', value = '' }) => [name, value]));
  return post(browser, step, {
    action: form.getAttribute('action') ?? '',
    fields: { ...fields, ...typed },
  });
}

async function until<T>(find: () => T | undefined): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const found = find();
    if (found !== undefined) return found;
    await pause(LOOK_EVERY_MS);
  }
  throw new Error('nothing came to the phone');
}
