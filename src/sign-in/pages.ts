/**
 * The pages of the sign-in flow: what each view is given. Props arrive ready to print;
 * views only loop, choose and include.
 */
import type { Json } from '../lib/json.ts';
import type { Choice } from '../verification/choices.ts';
import type { Way } from '../assurance/way.ts';
import type { UnknownCredential } from './passkey-list.ts';

/** What every page of a flow has besides its own properties. */
export interface FlowPage {
  /** `/sign-in/<uid>`: every form posts below it. */
  readonly at: string;
  readonly csrf: string;
  /** The app the person is on the way to. */
  readonly client: { readonly name: string; readonly logo?: string };
}

/** A way of verifying, as a list or a button names it. */
export interface ChoiceLine extends Way {
  /** `+1 ••• 34`; absent where there is nothing to tell apart. */
  readonly hint?: string;
  /** Which of several sorts, such as an office phone. */
  readonly variant?: string;
  /** ISO 8601, where two look alike. */
  readonly addedAt?: string;
  /** Why it cannot be chosen just now, and for how many seconds. */
  readonly away?: { readonly reason: string; readonly seconds?: number };
}

/** A page that waits for a device: `/hear` and `/waiting` tell it when there is something new. */
export interface Waits {
  /** The flow's version that the page shows. */
  readonly since: number;
  /** After which there is nothing to wait for. */
  readonly seconds: number;
}

/** What every page that asks for an answer has. */
export interface AnswerPage extends FlowPage {
  readonly challenge: {
    /** For the hidden field `challenge`: which challenge, and which attempt at it. */
    readonly id: string;
    readonly method: string;
    readonly hint?: string;
    /** Method-specific, from `begin`: never a secret. */
    readonly page: Readonly<Record<string, Json>>;
    readonly attemptsLeft: number;
    /** Why the last answer was refused, and whether the message could not be sent. */
    readonly failure?: string;
    /** How many signs were typed, where that was not a complete answer. */
    readonly typed?: number;
    /** What the next answer will meet: seconds to wait, or that a wait follows upon a wrong one. */
    readonly pausedSeconds?: number;
    readonly isLastBeforePause?: boolean;
    readonly undelivered: boolean;
    readonly undeliveredBecause?: 'opted-out';
    /** False once it is too late or no attempt is left: only a way on is shown. */
    readonly open: boolean;
    /** When the same message may be sent again; seconds to wait, 0 = now. Absent where nothing is sent. */
    readonly againInSeconds?: number;
  };
  /** Who signs in, as typed or as known. */
  readonly username: string;
  /** Whether "Sign in another way" leads anywhere. */
  readonly hasOtherWays: boolean;
  /** Policy put it before the person's own default. */
  readonly isRaised?: true;
  /** What may be typed here while a device is awaited. */
  readonly instead?: Way;
  readonly waits?: Waits;
  /** Present where it is asked: with the first proof, if policy lets anybody stay. */
  readonly staySignedIn?: { readonly days: number; readonly isTicked: boolean };
  /** Present where "Don't ask again on this browser" may be ticked beside a second step. */
  readonly trustBrowser?: { readonly days: number };
}

/** A passkey that says who it is: by a button, and where the user name is typed. */
interface MayUsePasskey extends Pick<AnswerPage, 'staySignedIn'> {
  readonly passkey?: {
    /** For the hidden field `challenge`. */
    readonly id: string;
    /** PublicKeyCredentialRequestOptionsJSON. */
    readonly options: Json;
    /** For which the question may still be answered; then the page asks for another. */
    readonly seconds: number;
    /** Why the last one would not do: `strange`, or that it did not make sure of its user. */
    readonly failure?: 'strange' | 'not-verified';
    /** It is gone for good: the browser is told so. */
    readonly erased?: UnknownCredential;
  };
}

export interface IdentifyPage extends FlowPage, MayUsePasskey {
  /** Prefilled from `login_hint`. */
  readonly identifier: string;
  /** As many signs as the form takes. */
  readonly longest: number;
  /** The form was sent without anything in it. */
  readonly isMissing: boolean;
  readonly hasKnownAccounts: boolean;
}

export interface PickAccountPage extends FlowPage, MayUsePasskey {
  readonly accounts: readonly { readonly username: string; readonly name: string }[];
}

/** One button that begins a method, where no POST came before. */
export interface BeginPage extends FlowPage {
  readonly choice: ChoiceLine;
  /** A password: what was proved so far counts no more. */
  readonly isFirstStep: boolean;
  readonly username: string;
  readonly hasOtherWays: boolean;
  /** As on the page that asks. */
  readonly isRaised?: true;
}

/** What cannot work in this house, such as keys at a network address. */
export interface MayMiss {
  readonly notHere?: readonly string[];
}

export interface ChoosePage extends FlowPage, MayMiss {
  readonly choices: readonly ChoiceLine[];
  readonly username: string;
}

/** "Let this browser in" was asked for: the same for everybody, whether there is anybody to mail. */
export interface LetInPage extends FlowPage {
  readonly username: string;
}

/** Where the mail's link leads: a browser that looks at it has confirmed nothing. */
export interface LetInConfirmPage {
  readonly at: string;
  readonly csrf: string;
  readonly token: string;
}

/** Nothing usable is left, and policy lets nobody register here. */
export interface NoWayPage extends FlowPage, MayMiss {
  readonly username: string;
}

/** The person's own phone said that it was not them. */
export interface DeniedPage extends FlowPage {
  readonly username: string;
}

/** A recovery code was used: how many are left, and new ones where those are few. */
export interface CodesLeftPage extends FlowPage {
  readonly username: string;
  readonly left: number;
  readonly mayRenew: boolean;
}

/** Others may know the password; nothing goes on before there is a new one. */
export interface NewPasswordPage extends FlowPage {
  readonly username: string;
  /** How many characters it must have. */
  readonly fewest: number;
  /** What was wrong with the one that was typed last. */
  readonly flaw?: string;
}

export interface ConsentPage extends FlowPage {
  readonly username: string;
  readonly scopes: readonly string[];
  /** The app asked for `offline_access`: it keeps access while the person is away. */
  readonly isOffline: boolean;
  readonly policyUri?: string;
  readonly tosUri?: string;
}

/** The flow took too long; one button starts it again. */
export interface ExpiredPage extends FlowPage {
  readonly canRestart: boolean;
  /** Where the app is opened. */
  readonly home?: string;
}

type MethodId = Choice['method'];
type AnswerPages = { readonly [Id in MethodId as `methods/${Id}/answer`]: AnswerPage };

declare module '../web/page.ts' {
  interface Pages extends AnswerPages {
    'sign-in/identify': IdentifyPage;
    'sign-in/pick-account': PickAccountPage;
    'sign-in/begin': BeginPage;
    'sign-in/choose': ChoosePage;
    'sign-in/let-in': LetInPage;
    'sign-in/let-in-confirm': LetInConfirmPage;
    'sign-in/let-in-done': Readonly<Record<string, never>>;
    'sign-in/no-way': NoWayPage;
    'sign-in/denied': DeniedPage;
    'sign-in/codes-left': CodesLeftPage;
    'sign-in/new-password': NewPasswordPage;
    'sign-in/consent': ConsentPage;
    'sign-in/expired': ExpiredPage;
    /** Everything is said; one button goes on, where no POST came before. */
    'sign-in/continue': FlowPage;
  }
}
