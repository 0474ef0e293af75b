/**
 * A series of pages with one aim. The flow, its open challenge and its proofs are one
 * document: a challenge is spent, judged and turned into a proof by conditional writes,
 * and whatever must follow (a message to send) rides along in `pending`.
 */
import { type Connection, Schema } from 'mongoose';

import type { Proof } from '../assurance/proof.ts';
import type { Way } from '../assurance/way.ts';
import { alongWith, type Carrier, carriersOf, type Events, WAITING } from './audit-event.ts';
import type { Challenge } from './challenge.ts';
import { type AnsweredElsewhere, answersIn, changedAsRead } from './flow-answer.ts';
import { elsewhereIn, type Requested } from './flow-elsewhere.ts';
import { messagesIn, type Pending } from './flow-message.ts';
import { changeIn, modelOf } from './model.ts';

export interface Flow<Request = unknown, Known extends Facts = Facts> extends Carrier {
  readonly request: Request;
  /** Raised by every recorded fact, so that no fact is based on an old reading. */
  readonly version: number;
  /** Too late for the next step; it may be started again until it expires for good. */
  readonly endsAt: Date;
  readonly expiresAt: Date;
  readonly facts: Known;
  readonly challenge?: Challenge;
  readonly requested?: Requested<FlowAccount>;
  /** The phone that was texted or called last, and when. */
  readonly reached?: { readonly credential: string; readonly at: Date };
  /** What became of the last answer from elsewhere, for whoever did not hear it. */
  readonly answered?: AnsweredElsewhere;
  readonly proofs: readonly Proof[];
  readonly pending: readonly Pending[];
}

/**
 * What the person said, apart from proofs, as far as every flow has it. Absent means not said; a
 * flow of its own kind says more (sign-in/flow.ts).
 */
export interface Facts {
  readonly account?: FlowAccount;
  /** They asked for another way; nothing is begun for them until they choose. */
  readonly choosing?: true;
  /** Would have been begun for them, and limits let nothing be sent. */
  readonly passedOver?: readonly PassedOver[];
  /** Their password had to wait because others guess it. */
  readonly isHeldUp?: true;
  readonly enrolling?: Enrolling;
  /** What was just added, for the page that says so. */
  readonly added?: Way;
  /** A recovery code was used; so many are left. */
  readonly codesLeft?: number;
  /** Made to replace them: however often that is asked, the same ones are stored and shown. */
  readonly newCodes?: DraftedCodes;
  /** Just made, sealed, shown until they say that they saved them. */
  readonly recoveryCodes?: string;
  /** Whether "Stay signed in" was ticked. */
  readonly remember?: boolean;
  /** Whether "Don't ask again on this browser" was ticked beside the last second step. */
  readonly trustBrowser?: true;
  /** They gave up, or nothing that they have would do. */
  readonly cancelled?: 'by-user' | 'no-way';
  /** Refused on the person's own device: the sign-in is over, but for telling the app. */
  readonly denied?: true;
  /** The result is stored; the app's provider waits for the browser. */
  readonly isOver?: true;
}

/** What may be said beside an answer; what is named but undefined was said before, and is not now. */
export interface Said extends Pick<Facts, 'remember'> {
  readonly trustBrowser?: true | undefined;
}

export interface PassedOver extends Way {
  readonly until: Date;
}

export interface FlowAccount {
  /** Absent when nobody has this name: the pages go on just the same. */
  readonly id?: string;
  readonly username: string;
}

export interface Enrolling {
  /** Which method was chosen; absent until then. */
  readonly method?: string;
  /** As it was typed, or sealed where it is a secret. */
  readonly typed?: Readonly<Record<string, string>> | string;
  /** The credential in whose place it comes. */
  readonly replaces?: string;
  /** A problem code, and the field that it is about, where it is about one. */
  readonly refused?: string;
  readonly refusedField?: string;
  readonly draft?: Draft;
  /** Made with the draft: however often it is confirmed, the same ones are stored and shown. */
  readonly codes?: DraftedCodes;
  readonly pairing?: Pairing;
}

/** What is being added, until it is in the account. */
export interface Draft {
  /** Of the credential. */
  readonly id: string;
  readonly kind: string;
  /** Absent where the browser makes it. */
  readonly data?: unknown;
  /** By which keys will know the account, where this is its first. */
  readonly userHandle?: string;
}

/** As the account will keep them, and sealed for the page that shows them. */
export interface DraftedCodes {
  /** Of the credential. */
  readonly id: string;
  readonly data: unknown;
  readonly sealed: string;
}

/** The draft waits for a device that joins by a code. */
export interface Pairing {
  /** SHA-256 of the code: 128 random bits need no key. */
  readonly digest: string;
  /** For the page that shows it, again after a reload. */
  readonly sealed: string;
  readonly expiresAt: Date;
  /** The app's name, for what is asked once the device has joined. */
  readonly client: string;
  /** A device has joined by it: only that one may say so again. */
  readonly isUsed?: true;
}

export type Flows = ReturnType<typeof createFlows>;

const schema = new Schema(
  {
    _id: String,
    request: Schema.Types.Mixed,
    version: Number,
    endsAt: Date,
    expiresAt: Date,
    facts: Schema.Types.Mixed,
    challenge: Schema.Types.Mixed,
    requested: Schema.Types.Mixed,
    answered: Schema.Types.Mixed,
    reached: Schema.Types.Mixed,
    proofs: Schema.Types.Mixed,
    pending: Schema.Types.Mixed,
    events: Schema.Types.Mixed,
  },
  { minimize: false, versionKey: false, collection: 'flows' },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
schema.index({ 'pending.leasedUntil': 1 }, { sparse: true });
schema.index({ 'challenge.elsewhere.device': 1 }, { sparse: true });
schema.index({ 'requested.challenge.elsewhere.device': 1 }, { sparse: true });
schema.index({ 'answered.challenge': 1 }, { sparse: true });
schema.index({ 'facts.enrolling.pairing.digest': 1 }, { sparse: true });
schema.index({ [WAITING]: 1 }, { sparse: true });

export function createFlows(connection: Connection) {
  const model = modelOf<Flow>(connection, 'Flow', schema);
  const change = changeIn(model);
  const changed = changedAsRead(change);

  return {
    model,
    ...carriersOf(model),
    messages: messagesIn(model, change),
    ...answersIn(change),
    ...elsewhereIn(model, change),

    start: async (flow: Flow): Promise<void> => {
      await model.insertOne(flow);
    },

    async find(uid: string): Promise<Flow | undefined> {
      return (await model.findById(uid).lean<Flow>().exec()) ?? undefined;
    },

    /** Records what was said, if nothing else was said since the flow was read. */
    record: <F extends Flow>(read: F, next: Recorded<F['facts']>): Promise<F | undefined> =>
      changed(read, { version: read.version }, replacing(next, read)),

    /**
     * Whoever ends the flow exactly as it was read may finish it; nobody does so twice. That it is
     * over is kept, because a second click on the last button must not find nothing; and what a
     * device was asked, because its owner may still say no.
     */
    async end({ _id, version }: Flow, { facts, events = [] }: Ended = {}): Promise<boolean> {
      const left = { facts: { ...facts, isOver: true }, proofs: [], pending: [] };
      const over = { ...left, version: version + 1 };
      const change = { $set: over, $unset: { challenge: 1 }, ...alongWith(events) };
      return (await model.updateOne({ _id, version }, change)).modifiedCount === 1;
    },
  };
}

/** What is known of a flow that is over, and what is told of its end. */
interface Ended {
  readonly facts?: object;
  readonly events?: Events;
}

/** Facts are replaced whole; a challenge that is named but undefined is closed. */
export interface Recorded<Known extends Facts = Facts> {
  readonly facts?: Known;
  readonly challenge?: Challenge | undefined;
  readonly proofs?: readonly Proof[];
  readonly pending?: readonly Pending[];
  readonly endsAt?: Date;
  readonly events?: Events;
}

const reachedBy = ({ credential, begunAt: at }: Challenge) => ({ credential, at });

function replacing(next: Recorded, read: Flow): object {
  const { challenge, events = [], ...rest } = next;
  const { account } = next.facts ?? read.facts;
  const isRequest = challenge?.elsewhere && challenge.purpose !== 'enrol';
  const $set = {
    ...rest,
    ...(challenge && { challenge }),
    ...(challenge?.sent && { reached: reachedBy(challenge) }),
    ...(isRequest && { requested: { challenge, ...(account && { account }) } }),
    version: read.version + 1,
  };
  const closes = 'challenge' in next && !challenge;
  return { $set, ...(closes && { $unset: { challenge: 1 } }), ...alongWith(events) };
}
