/**
 * What the pages of a sign-in have in common.
 */
import type { Browser } from '../flow/browser.ts';
import type { FlowPage } from '../flow/pages.ts';
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
