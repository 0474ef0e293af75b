/**
 * A method as the door and the flows hold it: configured, and with its own types hidden.
 * Whatever comes from the database or a form is read by the method's own schemas here, so
 * a method only ever sees what it declared.
 */
import type { ZodType } from 'zod';

import type { Factor, Trait } from '../assurance/proof.ts';
import type { Purpose } from '../assurance/purpose.ts';
import type { ChannelName, ProviderCallback } from '../channels/channel.ts';
import type { Adding } from '../credentials/kind.ts';
import { type LifeNow, lifeNow } from '../credentials/life.ts';
import { readable } from '../lib/unreadable.ts';
import type {
  AnsweredWith,
  AskedWhere,
  Attempt,
  Behaviour,
  Held,
  Method,
  Occasion,
  Question,
  ReadCallback,
  Verdict,
} from './method.ts';
import type { InPlaceOf } from './in-place.ts';
import { openAdding } from './open-adding.ts';
import { type OpenOutOfBand, openOutOfBand } from './out-of-band.ts';
import type { Ports } from './ports.ts';

export interface OpenMethod<Id extends string = string> {
  readonly id: Id;
  readonly kind: string;
  /** How many credentials of its kind an account may have. */
  readonly most: number;
  readonly factor: Factor;
  readonly amr: readonly string[];
  readonly traits: readonly Trait[];
  readonly purposes: readonly Purpose[];
  readonly outOfBand?: OpenOutOfBand;
  /** Whether all credentials of its kind are asked at once. */
  readonly asksAll: boolean;
  /** Whether it can ask before anybody is named. */
  readonly asksUnnamed: boolean;
  readonly inPlaceOf?: InPlaceOf;
  readonly sends: boolean;
  readonly channel?: ChannelName;
  readonly rank: number;
  readonly canBeDefault: boolean;
  readonly adding?: Adding<unknown>;
  /** Methods of the same are added on one page: where none has its own, their kind's serves all. */
  readonly addedAs: string;
  readonly unsuited?: string;
  /** Whether what it adds is made in answering, by the browser. */
  readonly hasCeremony: boolean;

  /** Hint and traits of a stored credential, or that it cannot be read at all. */
  read(data: unknown): Readable;
  /** For its owner's own eyes; undefined where there is no more than the hint, or nothing to read. */
  inFull(data: unknown): Promise<string | undefined>;
  /** Its data under another name; undefined where it has none. */
  rename(data: unknown, name: string): unknown;
  /** A made-up credential for nobody; undefined where a method cannot ask them. */
  pretend(seed: string): unknown;
  /** Whether it has what an answer must have, right or wrong. */
  isComplete(form: unknown): boolean;
  /** Which account and credential an answer names, among those that are held. */
  named(form: unknown, held: readonly StoredCredential[]): Named;
  begin(data: unknown, occasion: Occasion): Promise<Question<unknown>>;
  /** What it can prove at best beyond its factor, as policy has it. */
  traitsUnder(policy: unknown): readonly Trait[];
  judge(given: Given): Promise<Verdict<unknown>>;
  /** The answer in what a provider sent; undefined where it is not the provider's. */
  readCallback(callback: ProviderCallback): Promise<ReadCallback | undefined>;
  /** Whether it could be asked here at all, with its channel there. */
  isPossible(asked: AskedWhere): boolean;
}

export interface StoredCredential {
  readonly id: string;
  readonly data: unknown;
}

export interface Named {
  /** By its user handle. */
  readonly account?: string;
  readonly credential?: string;
}

export interface Readable {
  readonly isReadable: boolean;
  /** Whether this method can ask for it now. */
  readonly isSuited: boolean;
  readonly hint?: string;
  readonly variant?: string;
  /** From when to when it is good, and whether it is just now, of what is good for a while. */
  readonly life?: LifeNow;
  /** What it can prove beyond its factor, where that depends on the credential. */
  readonly traits?: readonly Trait[];
}

/** An answer before it was read. */
export interface Given extends Omit<
  Attempt<never, never, never>,
  'credential' | 'memo' | 'answer'
> {
  readonly data: unknown;
  readonly memo: unknown;
  readonly form: unknown;
  readonly purpose: Purpose;
}

export function openMethod<Id extends string, Settings, Stored, Memo, Answer>(
  id: Id,
  method: Method<Settings, Stored, Memo, Answer>,
  settings: unknown,
  ports: Ports,
): OpenMethod<Id> {
  const { credential, factor, amr, traits = [], purposes, sends, rank } = method;
  const { channel, outOfBand, answeredWith, inPlaceOf, adding = credential.adding } = method;
  const behaviour = method.create(method.settings.parse(settings), ports);
  const complete = behaviour.answer ?? method.answer;

  return {
    id,
    kind: credential.id,
    most: credential.most,
    factor,
    amr,
    traits,
    purposes,
    ...(outOfBand && { outOfBand: openOutOfBand(outOfBand, complete) }),
    asksAll: answeredWith !== undefined,
    asksUnnamed: behaviour.beginUnnamed !== undefined,
    ...(inPlaceOf && { inPlaceOf }),
    sends,
    ...(channel && { channel }),
    rank,
    canBeDefault: method.canBeDefault ?? false,
    ...(adding && { adding: openAdding(credential.stored, adding) }),
    addedAs: method.adding ? id : credential.id,
    ...(method.unsuited !== undefined && { unsuited: method.unsuited }),
    hasCeremony: behaviour.ceremony !== undefined,

    read(data) {
      const stored = credential.stored.safeParse(data);
      if (!stored.success) return { isReadable: false, isSuited: false };
      const life = lifeNow(credential.life?.(stored.data), ports.clock.now());
      const isSuited =
        (method.suits?.(stored.data) ?? true) && (life === undefined || life.state === 'good');
      const hint = credential.hint(stored.data);
      const variant = credential.variant?.(stored.data);
      const own = method.traitsOf?.(stored.data);
      const named = { ...(hint !== undefined && { hint }), ...(variant && { variant }) };
      const more = { ...(life && { life }), ...(own && { traits: own }) };
      return { isReadable: true, isSuited, ...named, ...more };
    },

    inFull: async (data) => ifReadable(credential, data, (stored) => credential.inFull?.(stored)),
    rename: (data, name) =>
      ifReadable(credential, data, (stored) => credential.renamed?.(stored, name)),

    traitsUnder: (policy) => method.traitsUnder?.(policy) ?? traits,

    pretend: (seed) => behaviour.pretend?.(seed),

    isComplete: (form) => complete.safeParse(form).success,

    named(form, held) {
      const answer = complete.safeParse(form);
      if (!answer.success || !answeredWith) return {};
      return namedIn(answer.data, answeredWith, heldOf(credential.stored, held));
    },

    begin: (data, occasion) => beginBy(behaviour, credential.stored, { data, occasion }),

    async judge({ purpose, data, memo, form, ...rest }) {
      const answer = complete.safeParse(form);
      if (!answer.success) return { outcome: 'failed', reason: 'malformed' };
      const given = {
        ...rest,
        memo: readable(`a memo of ${id}`, () => method.memo.parse(memo)),
        answer: answer.data,
      };
      if (purpose === 'enrol' && behaviour.ceremony) return behaviour.ceremony.complete(given);
      const stored = readable(`a stored ${credential.id}`, () => credential.stored.parse(data));
      return behaviour.verify({ ...given, credential: stored });
    },

    readCallback: async (callback) => behaviour.readCallback?.(callback),

    isPossible: (asked) => behaviour.isPossible?.(asked) ?? true,
  };
}

const ifReadable = <Stored, T>(
  { stored: shape }: { readonly stored: ZodType<Stored> },
  data: unknown,
  use: (stored: Stored) => T,
): T | undefined => {
  const stored = shape.safeParse(data);
  return stored.success ? use(stored.data) : undefined;
};

async function beginBy<Stored, Memo, Answer>(
  behaviour: Behaviour<Stored, Memo, Answer>,
  stored: ZodType<Stored>,
  { data, occasion }: { data: unknown; occasion: Occasion },
): Promise<Question<Memo>> {
  const { ceremony } = behaviour;
  const isNew = occasion.purpose === 'enrol';
  if (data === undefined && !isNew && behaviour.beginUnnamed)
    return behaviour.beginUnnamed(occasion);
  const held = heldOf(
    stored,
    occasion.held.map((one) => ({ id: one.id, data: one.stored })),
  );
  const theirs = { ...occasion, held };
  if (occasion.purpose === 'enrol' && ceremony) return ceremony.begin(theirs);
  return behaviour.begin(stored.parse(data), theirs);
}

/** One that cannot be read is none of those that may answer. */
const heldOf = <Stored>(
  stored: ZodType<Stored>,
  credentials: readonly StoredCredential[],
): Held<Stored>[] =>
  credentials.flatMap(({ id, data }) => {
    const read = stored.safeParse(data);
    return read.success ? [{ id, stored: read.data }] : [];
  });

function namedIn<Stored, Answer>(
  answer: Answer,
  answeredWith: AnsweredWith<Stored, Answer>,
  held: readonly Held<Stored>[],
): Named {
  const account = answeredWith.accountOf?.(answer);
  const credential = answeredWith.credentialOf(answer, held);
  return {
    ...(account !== undefined && { account }),
    ...(credential !== undefined && { credential }),
  };
}
