/**
 * What is refused is logged once, so that an operator who is told the reference of a page finds
 * out why. Strangers write much of it: values are cut and what could disturb a reader is escaped.
 */
import type { Context } from 'koa';

import { requestIdOf } from './request-id.ts';

export interface Refusal {
  /** Of RFC 6749 and OpenID Connect, or a problem's code. */
  readonly error: string;
  readonly [more: string]: unknown;
}

export type Refusals = ReturnType<typeof createRefusals>;

const LONGEST = 200;
const DISTURBING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

type Say = (fields: object, event: string) => void;

export interface RefusalsDeps {
  readonly log: { readonly info: Say; readonly warn: Say };
  /** In a sentence, where whoever reads page and log may know: while developing. */
  readonly explain?: ((refusal: Refusal) => string | undefined) | undefined;
}

export function createRefusals({ log, explain = () => undefined }: RefusalsDeps) {
  const told = new WeakMap<object, Refusal>();
  return {
    /** Whoever knows most of a request says so first; what others say of it is not repeated. */
    tell(ctx: Context, refusal: Refusal): void {
      if (told.has(ctx.req)) return;
      told.set(ctx.req, refusal);
      const { method } = ctx;
      const fields = { requestId: requestIdOf(ctx), method, path: shown(ctx.path), ...refusal };
      const why = explain(refusal);
      if (why === undefined) log.info(fields, 'request.refused');
      else log.warn({ why, ...fields }, 'request.refused');
    },
    /** Why this request was refused, if it was. */
    of: ({ req }: Context): Refusal | undefined => told.get(req),
    /** The same in a sentence, if it may be said. */
    explained({ req }: Context): string | undefined {
      const refusal = told.get(req);
      return refusal && explain(refusal);
    },
  };
}

/** As a stranger wrote it, for the log. */
export const shown = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.slice(0, LONGEST).replaceAll(DISTURBING, escaped) : undefined;

const escaped = (sign: string): string => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`;
