/**
 * A phone with the real approver on it, as a story in two browsers needs it. Node's own phone,
 * without a page, is in phone.ts.
 */
import { setTimeout } from 'node:timers/promises';

import { decodeQR } from 'qr/decode.js';

import type { Desk, Tab } from './browser.ts';
import { people } from './people.ts';

const PHONE = { width: 390, height: 844 };
const ROOM = 400;
const TURN_EVERY_MILLISECONDS = 400;

export type Approver = Awaited<ReturnType<typeof openApprover>>;

/** For a `describe` block: whoever waits is told now and then, as in a house that nobody tests. */
export function tellWhoWaits(desk: Desk): void {
  let isStory = false;
  let telling = Promise.resolve();

  async function tell(): Promise<void> {
    while (isStory) {
      // As in the app: what fails now is done the next time.
      await desk.house.settles().catch(() => undefined);
      await setTimeout(TURN_EVERY_MILLISECONDS);
    }
  }

  beforeEach(() => {
    isStory = true;
    telling = tell();
  });
  afterEach(() => {
    isStory = false;
    return telling;
  });
}

/** Somebody's phone that was never here. */
export async function openApprover(desk: Desk, at = '/approver') {
  const tab = await desk.visitor({ viewport: PHONE });
  await tab.opens(at);
  const { page } = tab;
  const request = page.locator('.request');
  const presses = (name: string): Promise<void> =>
    page.getByRole('button', { name, exact: true }).click();

  return {
    tab,
    page,
    request,
    presses,

    /** By the address in a QR code, as a camera app opens it. */
    async follows(address: string): Promise<void> {
      await page.goto('about:blank');
      await page.goto(address);
      await presses('Pair this phone');
    },

    async types(code: string): Promise<void> {
      await page.getByLabel('Code', { exact: true }).fill(code);
      await presses('Pair with this code');
    },

    async approves(number: string): Promise<void> {
      await request.getByLabel('Number on the sign-in page').fill(number);
      await request.getByRole('button', { name: 'Approve' }).click();
    },

    async denies(): Promise<void> {
      await request.getByRole('button', { name: 'No, it’s not me' }).click();
      await request.getByRole('button', { name: 'It wasn’t me' }).click();
    },

    /** Waits until the phone says so. */
    says: (words: string): Promise<void> =>
      page.locator('.tile h2 span').filter({ hasText: words, visible: true }).first().waitFor(),
  };
}

/** Dan's, which was paired before the story begins. */
export async function dansApprover(desk: Desk): Promise<Approver> {
  const approver = await openApprover(desk);
  const { seed, approver: pkcs8 } = people.dan;
  // A counter that no other story has used for the same key.
  const known = { device: 'id-dan.app', account: 'dan', seed, pkcs8, counter: Date.now() };
  await approver.page.evaluate(`(async ({ seed, pkcs8, ...known }) => {
    const [store, keys] = await Promise.all(
      ['store', 'keys'].map((name) => import('/assets/approver/' + name + '.js')),
    );
    const key = Uint8Array.fromBase64(pkcs8, { alphabet: 'base64url' });
    const curve = { name: 'ECDSA', namedCurve: 'P-256' };
    const signing = await crypto.subtle.importKey('pkcs8', key, curve, false, ['sign']);
    const codes = await keys.createCodeKey(seed);
    await store.addAccount({ ...known, signing, codes, organisation: '', isConfirmed: true });
  })(${JSON.stringify(known)})`);
  await approver.tab.reloads();
  return approver;
}

/** The number that only the sign-in page shows. */
export const numberOn = async ({ page }: Tab): Promise<string> =>
  (await page.locator('.number').innerText()).replaceAll(/\D/g, '');

/** What a camera finds in the picture on the sign-in page. */
export async function scanned({ page }: Tab): Promise<string> {
  const pixels = await page.evaluate<string>(`(async () => {
    const picture = document.querySelector('.scan img');
    await picture.decode();
    const context = new OffscreenCanvas(${ROOM}, ${ROOM}).getContext('2d');
    context.drawImage(picture, 0, 0, ${ROOM}, ${ROOM});
    const { data } = context.getImageData(0, 0, ${ROOM}, ${ROOM});
    return Uint8Array.from(data).toBase64();
  })()`);
  const data = Buffer.from(pixels, 'base64');
  return decodeQR({ width: ROOM, height: ROOM, data });
}
