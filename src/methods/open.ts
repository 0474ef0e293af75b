/**
 * A method as the door and the flows hold it: configured, and with its own types hidden.
 * Whatever comes from the database or a form is read by the method's own schemas here, so
 * a method only ever sees what it declared.
 */
import type { ZodType } from 'zod';

import type { Factor, Trait } from '../assurance/proof.ts';
import type { Purpose } from '../assurance/purpose.ts';
import type { Adding, Vault } from '../credentials/kind.ts';
import { readable } from '../lib/unreadable.ts';
import type { Method, Occasion, Ports, Question, Verdict } from './method.ts';

export interface OpenMethod<Id extends string = string> {
  readonly id: Id;
  readonly kind: string;
  /** How many credentials of its kind an account may have. */
  readonly most: number;
  readonly factor: Factor;
  readonly amr: readonly string[];
  readonly traits: readonly Trait[];
  readonly purposes: readonly Purpose[];
  readonly answered: 'on-page' | 'elsewhere';
  readonly sends: boolean;
  readonly channel?: 'sms';
  readonly rank: number;
  readonly adding?: Adding<unknown>;

  /** Hint and traits of a stored credential, or that it cannot be read at all. */
  read(data: unknown): Readable;
  begin(data: unknown, occasion: Occasion): Promise<Question<unknown>>;
  judge(given: Given): Promise<Verdict<unknown>>;
}

export interface Readable {
  readonly isReadable: boolean;
  /** Whether this method can ask for it. */
  readonly isSuited: boolean;
  readonly hint?: string;
  /** What it can prove beyond its factor, where that depends on the credential. */
  readonly traits?: readonly Trait[];
}

/** An answer before it was read. */
export interface Given {
  readonly data: unknown;
  readonly memo: unknown;
  readonly form: unknown;
  readonly vault: Vault;
  readonly challengeId: string;
}

export function openMethod<Id extends string, Settings, Stored, Memo, Answer>(
  id: Id,
  method: Method<Settings, Stored, Memo, Answer>,
  settings: unknown,
  ports: Ports,
): OpenMethod<Id> {
  const { credential, factor, amr, traits = [], purposes, answered, sends, rank } = method;
  const { channel, adding = credential.adding } = method;
  const behaviour = method.create(method.settings.parse(settings), ports);

  return {
    id,
    kind: credential.id,
    most: credential.most,
    factor,
    amr,
    traits,
    purposes,
    answered,
    sends,
    ...(channel && { channel }),
    rank,
    ...(adding && { adding: openAdding(credential.stored, adding) }),

    read(data) {
      const stored = credential.stored.safeParse(data);
      if (!stored.success) return { isReadable: false, isSuited: false };
      const isSuited = method.suits?.(stored.data) ?? true;
      const hint = credential.hint(stored.data);
      const own = method.traitsOf?.(stored.data);
      const named = hint !== undefined && { hint };
      return { isReadable: true, isSuited, ...named, ...(own && { traits: own }) };
    },

    begin: async (data, occasion) => behaviour.begin(credential.stored.parse(data), occasion),

    async judge({ data, memo, form, vault, challengeId }) {
      const answer = method.answer.safeParse(form);
      if (!answer.success) return { outcome: 'failed', reason: 'malformed' };
      return behaviour.verify({
        credential: readable(`a stored ${credential.id}`, () => credential.stored.parse(data)),
        memo: readable(`a memo of ${id}`, () => method.memo.parse(memo)),
        answer: answer.data,
        vault,
        challengeId,
      });
    },
  };
}

function openAdding<Stored>(stored: ZodType<Stored>, adding: Adding<Stored>): Adding<unknown> {
  const show = adding.show?.bind(adding);
  const offer = adding.offer?.bind(adding);
  const join = adding.join?.bind(adding);
  return {
    form: adding.form,
    ...(offer && { offer }),
    draft: (form, ports) => adding.draft(adding.form.parse(form), ports),
    ...(show && { show: (data, ports) => show(stored.parse(data), ports) }),
    ...(join && { join: (data, device) => join(stored.parse(data), device) }),
  };
}
