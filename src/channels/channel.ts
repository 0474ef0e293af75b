/**
 * A road out of the building. Two functions, and none that some driver could not honour.
 * Retry, failover and budgets are not a driver's business.
 */
import { z } from 'zod';

export interface Channel<Message> {
  /** Hands the message over; throws ChannelError when the other side did not take it. */
  send(message: Message): Promise<void>;
  /** Whether the other side can be reached at all; throws ChannelError when not. */
  check(): Promise<void>;
}

export type ChannelName = 'sms' | 'voice' | 'push' | 'mail';

/** A channel that knows whether it makes sense to try just now. */
export interface Road<Message> extends Channel<Message> {
  isOpen(): boolean;
}

export interface Sms {
  /** E.164. */
  readonly to: string;
  readonly text: string;
  readonly purpose: string;
  /** The same for every retry, so that a carrier can drop a repeated message. */
  readonly messageId: string;
}

/** A call that is placed, and says something to whoever answers. */
export interface Call {
  /** E.164. */
  readonly to: string;
  readonly text: string;
  /** What it is said in: BCP 47. */
  readonly locale: string;
  readonly purpose: string;
  /** The same for every retry. */
  readonly messageId: string;
  /** Where the provider tells which keys were pressed before #; absent where a code is read aloud. */
  readonly answerAt?: string;
  /** It was tried before, and may have been placed then: how this one ends says little. */
  readonly isRepeated?: boolean;
}

/** A channel of calls: its providers tell us what they hear. */
export interface VoiceChannel extends Channel<Call> {
  /** Whether keys are heard; else a call can only read a code aloud. */
  readonly hearsKeys: boolean;
  /** Undefined where it does not prove to be this provider's; throws for what nobody can read. */
  readCallback(callback: ProviderCallback): Promise<CallEvent | undefined>;
}

/** What was posted to a question's own address, before anything of it is believed. */
export interface ProviderCallback {
  /** The whole address, as signatures cover it. */
  readonly address: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** What a provider tells of a call, and how it is told what to say to that. */
export interface CallEvent {
  readonly heard: Heard;
  /** What makes this provider say something and hang up. */
  readonly reply: (spoken: Spoken) => Reply;
}

export type Heard =
  { readonly keys: string } | { readonly ended: 'busy' | 'unanswered' | 'hung-up' | 'failed' };

export type Spoken = Pick<Call, 'text' | 'locale'>;

/** The body of an answer, and its media type. */
export interface Reply {
  readonly type: string;
  readonly body: string;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly messageId: string;
}

/** To one browser that subscribed (RFC 8030). */
export interface Push {
  readonly subscription: PushSubscription;
  /** JSON, for the page's own worker to read; at most 3993 bytes. */
  readonly payload: string;
  /** How long the push service keeps it for a phone that is away. */
  readonly ttlSeconds: number;
  /** It replaces one of the same topic that still waits there; without one, its messageId. */
  readonly topic?: string;
  readonly messageId: string;
}

export type PushSubscription = z.infer<typeof pushSubscription>;

export const pushSubscription = z
  .object({
    endpoint: z.string(),
    /** The browser's public key and its secret (RFC 8291), base64url. */
    p256dh: z.string(),
    auth: z.string(),
  })
  .readonly();

/** Every vendor's error, as the rest of the house sees it. */
export class ChannelError extends Error {
  /** Whether trying the same message again could help. */
  readonly isTemporary: boolean;
  /** Whether nothing will ever be taken for this addressee again, such as a dead subscription. */
  readonly isGone: boolean;
  /** Whether the person told the carrier to take nothing more from us, until they say otherwise. */
  readonly isOptedOut: boolean;
  /** Whether it is our account that is refused, as wrong or unpaid: an operator has to look at it. */
  readonly isAccountRefused: boolean;
  /** What the vendor calls it. */
  readonly code: string | undefined;

  constructor(message: string, more: Failure) {
    super(message, { cause: more.cause });
    this.name = 'ChannelError';
    this.isTemporary = more.isTemporary;
    this.isGone = more.isGone ?? false;
    this.isOptedOut = more.isOptedOut ?? false;
    this.isAccountRefused = more.isAccountRefused ?? false;
    this.code = more.code;
  }
}

interface Failure {
  readonly isTemporary: boolean;
  readonly isGone?: boolean;
  readonly isOptedOut?: boolean;
  readonly isAccountRefused?: boolean;
  readonly code?: string;
  /** Never what a vendor wrote: that may quote the message or its number. */
  readonly cause?: unknown;
}
