/**
 * The pages on which a method is set up: what each view is given.
 */
import type { Choice } from '../verification/choices.ts';
import type { AnswerPage, AnswerPages, FlowPage, Waits } from './pages.ts';

/** What is set up in several pages says on which of them one is. */
export interface Progress {
  readonly step: number;
  readonly of: number;
}

/** methods/<id>/add: what must be typed to begin adding (phone), or the confirmation itself (app). */
export interface AddPage extends FlowPage {
  readonly username: string;
  readonly progress?: Progress;
  readonly method: string;
  /** Those that can be set up on this page, itself among them. */
  readonly together: readonly string[];
  /** Present once there is something to confirm: then `answer` fields and the challenge are shown. */
  readonly challenge?: AnswerPage['challenge'];
  /** From the kind's `show`: for the app { secret, uri, qr (an SVG data URI), issuer, account }; for the phone { countries: [{code, name, callingCode}] }, and then { number }. */
  readonly shown: Readonly<Record<string, unknown>>;
  /** What was typed before, and why it was refused (a problem code). */
  readonly typed: Readonly<Record<string, string>>;
  readonly refused?: string;
  /** The field that it is about, where it is about one. */
  readonly refusedField?: string;
  readonly hasOtherMethods: boolean;
  readonly waits?: Waits;
}

/** Ten codes, shown until the person says they are saved. */
export interface RecoveryCodesPage extends FlowPage {
  readonly username: string;
  readonly progress?: Progress;
  readonly codes: readonly string[];
  /** They took the place of older ones. */
  readonly isRenewed?: boolean;
  readonly added?: JustAdded;
}

/** What was just set up: "Authenticator app", "Phone +1 ••• 34". */
export interface JustAdded {
  readonly method: string;
  readonly hint?: string;
  /** What sign-in begins with from now on. */
  readonly isDefault?: true;
}

/** Of those that people add themselves; the others have no such view. */
type AddPages = { readonly [Id in Choice['method'] as `methods/${Id}/add`]: AddPage };

declare module '../web/page.ts' {
  interface Pages extends AddPages, AnswerPages {
    'adding/recovery-codes': RecoveryCodesPage;
  }
}
