/**
 * The pages of the sign-in flow: what each view is given. Props arrive ready to print;
 * views only loop, choose and include.
 */
import type { AnswerPage, ChoiceLine, FlowPage, MayMiss } from '../flow/pages.ts';
import type { JustAdded, Progress } from '../flow/adding-pages.ts';
import type { Json } from '../lib/json.ts';
import type { RegistrationReason } from './flow.ts';
import type { UnknownCredential } from './passkey-list.ts';

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

/** "More information required". */
export interface EnrolIntroPage extends FlowPage {
  readonly username: string;
  /** Why, where this sign-in would do without. */
  readonly why?: Exclude<RegistrationReason, 'confirm'>;
  /** The method that a campaign is for. */
  readonly method?: string;
  /** It may be put off; so many more times, where there is an end to it. */
  readonly skips?: { readonly left?: number };
}

/** Something was set up without recovery codes to show: what there is now. */
export interface RegisteredPage extends FlowPage {
  readonly username: string;
  readonly added: JustAdded;
  readonly methods: readonly ChoiceLine[];
  /** There is a single second step: another one should be set up soon. */
  readonly isOnlyOne: boolean;
}

/** Whether what is there is still as it should be. */
export interface ConfirmMethodsPage extends FlowPage {
  readonly username: string;
  readonly methods: readonly ChoiceLine[];
}

/** "Keep your account secure": which method to set up, strongest first. */
export interface EnrolPage extends FlowPage, MayMiss {
  readonly username: string;
  readonly progress: Progress;
  /** The kind, where several methods are set up on one page. */
  readonly methods: readonly { readonly method: string; readonly kind?: string }[];
}

/** A recovery code was used: how many are left, and new ones where those are few. */
export interface CodesLeftPage extends FlowPage {
  readonly username: string;
  readonly left: number;
  readonly mayRenew: boolean;
}

/** A new password: nothing goes on before there is one, unless the one that they have may stay. */
export interface NewPasswordPage extends FlowPage {
  readonly username: string;
  /** Others may know the present one; or they came by a pass, and have none, or may keep theirs. */
  readonly why: 'due' | 'needed' | 'offered';
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

declare module '../web/page.ts' {
  interface Pages {
    'sign-in/identify': IdentifyPage;
    'sign-in/enrol-intro': EnrolIntroPage;
    'sign-in/registered': RegisteredPage;
    'sign-in/confirm-methods': ConfirmMethodsPage;
    'sign-in/enrol': EnrolPage;
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
