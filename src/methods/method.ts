/**
 * One way of asking a user to prove who they are.
 *
 * A method decides two things, how to ask and whether an answer is right. Expiry,
 * attempt limits, lockout, single use and the audit trail belong to src/verification,
 * the only caller of these functions, so no method can forget them.
 */
import type { ZodType } from 'zod';

import type { Factor, Trait } from '../assurance/proof.ts';
import type { Purpose } from '../assurance/purpose.ts';
import type { PushSubscription } from '../channels/channel.ts';
import type { Adding, CredentialKind, Vault } from '../credentials/kind.ts';
import type { Clock } from '../lib/clock.ts';

export interface Method<Settings, Stored, Memo, Answer> {
  readonly credential: CredentialKind<Stored>;
  /** How one is added for this method, where that is not as its kind says. */
  readonly adding?: Adding<Stored>;
  /** Whether this one of its kind can be asked so; all can where this is absent. */
  suits?(credential: Stored): boolean;
  readonly factor: Factor;
  /** The RFC 8176 references earned by passing. */
  readonly amr: readonly string[];
  /** What it can prove at best beyond its factor; what it did prove is in the verdict. */
  readonly traits?: readonly Trait[];
  /** Which of them this credential can: a key that was not attested is nobody's hardware. */
  traitsOf?(credential: Stored): readonly Trait[];
  /** The most it may ever be used for; policy can only narrow this. */
  readonly purposes: readonly Purpose[];
  /** Whether the answer is typed on our page or arrives from a phone or a provider. */
  readonly answered: 'on-page' | 'elsewhere';
  /** Whether asking sends something: then only a person's own act may begin it, never a GET. */
  readonly sends: boolean;
  /** The channel that it cannot do without. */
  readonly channel?: 'sms';
  /** Its place among the others, strongest first, wherever methods are listed. */
  readonly rank: number;

  /** Its section of the configuration. */
  readonly settings: ZodType<Settings>;
  /** What is kept between asking and answering, and never shown. */
  readonly memo: ZodType<Memo>;
  /** What the form, the phone or the provider sends back. */
  readonly answer: ZodType<Answer>;

  create(settings: Settings, ports: Ports): Behaviour<Stored, Memo, Answer>;
}

export interface Behaviour<Stored, Memo, Answer> {
  /** Asks, and says what to remember until the answer comes. */
  begin(credential: Stored, occasion: Occasion): Promise<Question<Memo>>;
  /** Judges. A wrong answer is a value; only a broken dependency throws. */
  verify(attempt: Attempt<Stored, Memo, Answer>): Promise<Verdict<Stored>>;
}

/** Who asks and why. */
export interface Occasion {
  readonly purpose: Purpose;
  /** The name of the app that the user is on the way to. */
  readonly client: string;
  /** What is asked for, where the app's name and the purpose do not say it all. */
  readonly text?: string;
  /** Where the request comes from that makes us ask, for people to judge. */
  readonly asker?: Asker;
  readonly vault: Vault;
  /** What is remembered of other questions that the same device has not answered yet. */
  readonly others: readonly unknown[];
  /** Ties what is remembered to this one asking. */
  readonly challengeId: string;
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
  readonly page: Readonly<Record<string, string | number>>;
  /** Unusable once this many seconds have passed. */
  readonly validForSeconds: number;
  /** Only one answer, right or wrong; who asks again asks something new. */
  readonly isAskedOnce?: true;
  /** What the device is told whose answer is awaited; never what only the page shows. */
  readonly shows?: Readonly<Record<string, string | number | boolean>>;
  /** Sent by the door after the question is stored, so that a crash loses nothing. */
  readonly send?: OutgoingMessage;
}

export type OutgoingMessage = OutgoingText | OutgoingPush;

/** A message by name; its words are in views/messages/<message>/. */
interface OutgoingText {
  readonly channel: 'sms';
  readonly to: string;
  /** The number's calling code: sends are counted per country too. */
  readonly country: string;
  readonly message: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Wakes a device, which has words of its own and asks us for the rest. */
export interface OutgoingPush {
  readonly channel: 'push';
  /** A newer one replaces what still waits under the same topic. */
  readonly topic: string;
  readonly subscription: PushSubscription;
  readonly values: Readonly<Record<string, string>>;
}

export interface Attempt<Stored, Memo, Answer> {
  readonly credential: Stored;
  readonly vault: Vault;
  readonly memo: Memo;
  readonly answer: Answer;
  readonly challengeId: string;
}

export type Verdict<Stored = never> =
  | ({ readonly outcome: 'passed' } & More<Stored>)
  | { readonly outcome: 'failed'; readonly reason: FailureReason };

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
  'wrong-answer' | 'already-used' | 'malformed' | 'unreadable' | 'denied' | 'expired';

export const passed: Verdict = { outcome: 'passed' };
export const passedWith = <S>(more: More<S>): Verdict<S> => ({ outcome: 'passed', ...more });
export const failed = (reason: FailureReason): Verdict => ({ outcome: 'failed', reason });

/** Everything a method may reach. Tests pass fakes; nothing is global. */
export interface Ports {
  readonly clock: Clock;
  readonly codes: Codes;
  readonly passwords: PasswordHasher;
}

export interface Codes {
  random(digits: number): string;
  /** Bound to the context: a digest made for one challenge never matches in another. */
  digest(code: string, context: string): string;
  matches(code: string, context: string, digest: string): boolean;
}

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /**
   * The spelling of what was typed that is right; undefined where none is. As slow for a hash of
   * nobody as for a real one.
   */
  match(hash: string, typed: string): Promise<string | undefined>;
  /** Whether the parameters have grown since this hash was made. */
  isOutdated(hash: string): boolean;
}

export const defineMethod = <S, C, M, A>(method: Method<S, C, M, A>): Method<S, C, M, A> => method;
