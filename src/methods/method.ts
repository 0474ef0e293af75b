/**
 * One way of asking a user to prove who they are.
 *
 * A method decides two things, how to ask and whether an answer is right. Expiry,
 * attempt limits, lockout, single use and the audit trail belong to src/verification, which
 * alone has a method ask and judge, so none can forget them.
 */
import type { ZodObject, ZodType } from 'zod';

import type { Factor, Trait } from '../assurance/proof.ts';
import type { Purpose } from '../assurance/purpose.ts';
import type { ChannelName, ProviderCallback, Reply, Spoken } from '../channels/channel.ts';
import type { Outgoing } from '../channels/outgoing.ts';
import type { Adding, CredentialKind, Vault } from '../credentials/kind.ts';
import type { Json } from '../lib/json.ts';
import type { InPlaceOf } from './in-place.ts';
import type { OutOfBand } from './out-of-band.ts';
import type { Ports } from './ports.ts';

export interface Method<Settings, Stored, Memo, Answer> {
  readonly credential: CredentialKind<Stored>;
  /** How one is added for this method, where that is not as its kind says. */
  readonly adding?: Adding<Stored>;
  /** Whether this one of its kind can be asked so; all can where this is absent. */
  suits?(credential: Stored): boolean;
  /** What they are told who want to add one for it that cannot: the code of a problem. */
  readonly unsuited?: string;
  readonly factor: Factor;
  /** The RFC 8176 references earned by passing. */
  readonly amr: readonly string[];
  /** What it can prove at best beyond its factor; what it did prove is in the verdict. */
  readonly traits?: readonly Trait[];
  /** Which of them this credential can: a key that was not attested is nobody's hardware. */
  traitsOf?(credential: Stored): readonly Trait[];
  /** Which of them policy lets count, as its own `policy` has it; all where this is absent. */
  traitsUnder?(policy: unknown): readonly Trait[];
  /** The most it may ever be used for; policy can only narrow this. */
  readonly purposes: readonly Purpose[];
  /** False where whoever administers may not have it, because too much hangs on their accounts. */
  readonly isForAdministrators?: false;
  /** Where the answer does not come from our page but from a device or a provider. */
  readonly outOfBand?: OutOfBand<Answer>;
  /**
   * All credentials of its kind are asked at once: the one that an answer is of, by its id, or
   * undefined where it is of none. Its account, where the question was asked before anybody was
   * named.
   */
  readonly answeredWith?: AnsweredWith<Stored, Answer>;
  /** Where it may be typed though another method is asked. */
  readonly inPlaceOf?: InPlaceOf;
  /** Whether asking sends something: then only a person's own act may begin it, never a GET. */
  readonly sends: boolean;
  /** The channel that it cannot do without. */
  readonly channel?: ChannelName;
  /** Its place among the others, strongest first, wherever methods are listed. */
  readonly rank: number;
  /** Whether sign-in can begin with it for those who want that: people carry it with them. */
  readonly canBeDefault?: true;

  /** What it leaves to administrators, besides who may use it. */
  readonly policy?: ZodObject;
  /** Its section of the configuration. */
  readonly settings: ZodType<Settings>;
  /** What is kept between asking and answering, and never shown. */
  readonly memo: ZodType<Memo>;
  /** What the form, the device or the provider sends back. */
  readonly answer: ZodType<Answer>;

  create(settings: Settings, ports: Ports): Behaviour<Stored, Memo, Answer>;
}

export interface Behaviour<Stored, Memo, Answer> {
  /** What a complete answer is, where that depends on the settings. */
  readonly answer?: ZodType<Answer>;
  /** Asks, and says what to remember until the answer comes. */
  begin(credential: Stored, occasion: Occasion<Stored>): Promise<Question<Memo>>;
  /** Judges. A wrong answer is a value; only a broken dependency throws. */
  verify(attempt: Attempt<Stored, Memo, Answer>): Promise<Verdict<Stored>>;
  /** Asks before anybody is named: the answer names the account, as a passkey's does. */
  beginUnnamed?(occasion: Occasion): Promise<Question<Memo>>;
  /**
   * Stands for the credential of somebody who does not exist, always the same for the same seed
   * (128 bits, base64url): they are asked like anybody, nothing is sent, and no answer is right.
   */
  pretend?(seed: string): Stored;
  /** How one is added that only the browser can make, where `adding` drafts none. */
  readonly ceremony?: Ceremony<Stored, Memo, Answer>;
  /** Whether it could be asked here at all: some channels cannot do all that a method needs. */
  isPossible?(asked: AskedWhere): boolean;
  /** Reads what a provider sent; undefined where it does not prove to be the provider's. */
  readCallback?(callback: ProviderCallback): Promise<ReadCallback | undefined>;
}

/** For what it would be asked, as policy has it; and whether before anybody is named. */
export interface AskedWhere extends Pick<Occasion, 'purpose' | 'policy'> {
  readonly isUnnamed?: true;
}

/** What a provider sent is an answer like a form's. */
export interface ReadCallback {
  readonly answer: unknown;
  /** How the provider is told what to say to that, where somebody listens. */
  readonly reply?: (spoken: Spoken) => Reply;
}

/** A credential is made and proved in one, as at the registration of a key (WebAuthn §7.1). */
export interface Ceremony<Stored, Memo, Answer> {
  begin(occasion: Occasion<Stored>): Promise<Question<Memo>>;
  /** The credential is in the verdict that passes. */
  complete(made: Omit<Attempt<never, Memo, Answer>, 'credential'>): Promise<Verdict<Stored>>;
}

/** See `answeredWith`. */
export interface AnsweredWith<Stored, Answer> {
  credentialOf(answer: Answer, held: readonly Held<Stored>[]): string | undefined;
  /** The account's user handle as the answer has it: held against what is stored, never believed. */
  accountOf?(answer: Answer): string | undefined;
}

/** One of the account's credentials of the method's kind. */
export interface Held<Stored> {
  readonly id: string;
  readonly stored: Stored;
}

/** Whose browser makes or finds a credential: as its lists name the account. */
export interface Whose {
  readonly username: string;
  readonly name: string;
  /** By which keys know the account (WebAuthn §5.4.3); absent where it has none yet. */
  readonly userHandle?: string;
}

/** Who asks and why. */
export interface Occasion<Stored = unknown> {
  readonly purpose: Purpose;
  /** The name of the app that the user is on the way to. */
  readonly client: string;
  /** What is asked for, where the app's name and the purpose do not say it all. */
  readonly text?: string;
  /** Where the request comes from that makes us ask, for people to judge. */
  readonly asker?: Asker;
  readonly vault: Vault;
  /** What administrators decided about the method, as its own `policy` has it. */
  readonly policy: unknown;
  /** What is remembered of other questions that the same device has not answered yet. */
  readonly others: readonly unknown[];
  /** Ties what is remembered to this one asking. */
  readonly challengeId: string;
  /** Absent before anybody is named. */
  readonly whose?: Whose;
  /** What must be proved beyond the factor. */
  readonly wants: readonly Trait[];
  /**
   * The credentials that may answer, where a method asks all of them at once; those that are there
   * already, where one more is made.
   */
  readonly held: readonly Held<Stored>[];
  /** Where a provider answers: an address of this one asking. */
  readonly answerAt?: string;
}

export interface Asker {
  /** The network address. */
  readonly address: string;
  /** `Firefox, Windows`. */
  readonly browser?: string;
  /** Whether the account signed in from this network before. */
  readonly isKnownNetwork: boolean;
}

export interface Question<Memo> {
  readonly memo: Memo;
  /** What the page may show; never a secret. */
  readonly page: Readonly<Record<string, Json>>;
  /** Unusable once this many seconds have passed. */
  readonly validForSeconds: number;
  /** It is answered on the page after all, as where a device can only tell what to type. */
  readonly isAnsweredOnPage?: true;
  /** Only one answer, right or wrong; who asks again asks something new. */
  readonly isAskedOnce?: true;
  /** What the device is told whose answer is awaited; never what only the page shows. */
  readonly shows?: Readonly<Record<string, string | number | boolean>>;
  /** Sent by the door after the question is stored, so that a crash loses nothing. */
  readonly send?: Outgoing;
}

export interface Attempt<Stored, Memo, Answer> {
  readonly credential: Stored;
  readonly vault: Vault;
  readonly memo: Memo;
  readonly answer: Answer;
  readonly challengeId: string;
  /** By which keys know the account; absent where it has none. */
  readonly userHandle?: string;
  /** What administrators decided about the method, as its own `policy` has it. */
  readonly policy: unknown;
}

export type Verdict<Stored = never> =
  | ({ readonly outcome: 'passed' } & More<Stored>)
  | ({ readonly outcome: 'failed'; readonly reason: FailureReason } & Refused<Stored>);

/** What a refusal leaves behind. */
interface Refused<Stored> {
  /** The credential as it is from now on, such as one that is suspended by this very answer. */
  readonly credential?: Stored;
  /** For operators, in the log: what about the answer was wrong. */
  readonly because?: string;
}

/** What a passing brings besides itself. */
interface More<Stored> {
  /** The credential after use: a counter moved on, a time step spent, a code burnt. */
  readonly credential?: Stored;
  /** References earned this time only, as when a key says that its PIN was asked. */
  readonly amr?: readonly string[];
  /** Proved this time, as a key's attestation says; without it nothing but the factor is. */
  readonly traits?: readonly Trait[];
}

export type FailureReason =
  | 'wrong-answer'
  | 'already-used'
  | 'malformed'
  | 'unreadable'
  | 'denied'
  | 'unanswered'
  | 'expired'
  | 'not-allowed'
  | 'not-verified'
  | 'suspended';

/** Whether it ever counts as the second step of a sign-in; others only let people back in. */
export const isSecondStep = ({
  factor,
  purposes,
}: Pick<Method<unknown, unknown, unknown, unknown>, 'factor' | 'purposes'>): boolean =>
  factor === 'possession' && purposes.includes('sign-in');

export const passed: Verdict = { outcome: 'passed' };
export const passedWith = <S>(more: More<S>): Verdict<S> => ({ outcome: 'passed', ...more });
export const failed = (reason: FailureReason, because?: string): Verdict => ({
  ...{ outcome: 'failed', reason },
  ...(because !== undefined && { because }),
});

export const defineMethod = <S, C, M, A>(method: Method<S, C, M, A>): Method<S, C, M, A> => method;
