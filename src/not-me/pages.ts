/**
 * The pages of "This wasn't me": what each view is given.
 */

/** What will happen, and the one button. */
export interface ConfirmPage {
  readonly at: string;
  readonly csrf: string;
  /** Its user name. */
  readonly account: string;
  readonly suspends: boolean;
  readonly contests: boolean;
  readonly needsNewPassword: boolean;
}

/** Now, or when it was pressed before. */
export interface DonePage {
  /** Its user name. */
  readonly account: string;
}

declare module '../web/page.ts' {
  interface Pages {
    'not-me/confirm': ConfirmPage;
    'not-me/done': DonePage;
  }
}
