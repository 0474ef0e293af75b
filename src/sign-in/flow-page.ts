/**
 * What the pages of a sign-in have in common.
 */
import type { Browser } from '../flow/browser.ts';
import type { Challenge } from '../models/challenge.ts';
import type { Pairing } from '../models/flow.ts';
import type { FlowPage, Waits } from './pages.ts';
import type { SignIn } from './sign-in.ts';
import type { Step } from './steps.ts';

export interface Shown {
  readonly signIn: SignIn;
  readonly step: Step;
  readonly csrf: string;
  readonly browser: Browser;
}

export function flowPage({ signIn: { flow }, csrf }: Shown): FlowPage {
  const { clientName: name, logo } = flow.request;
  return { at: `/sign-in/${flow._id}`, csrf, client: { name, ...(logo && { logo }) } };
}

/** The contract test `methods` sees to it that every method has its pages. */
export const viewOf = (method: string, page: 'answer' | 'add'): string =>
  `methods/${method}/${page}`;

/** What a page that waits for a device needs to hear of it, and until when that makes sense. */
export function waitsFor(
  { flow, now }: SignIn,
  awaited: Pick<Challenge, 'expiresAt' | 'elsewhere'> | Pairing | undefined,
): { readonly waits?: Waits } {
  if (!awaited || (!('digest' in awaited) && !awaited.elsewhere)) return {};
  const ends = awaited.expiresAt < flow.endsAt ? awaited.expiresAt : flow.endsAt;
  const seconds = Math.ceil((ends.getTime() - now.getTime()) / 1000);
  return { waits: { since: flow.version, seconds: Math.max(0, seconds) } };
}
