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

export function createRefusals(log: { info(fields: object, event: string): void }) {
  const told = new WeakMap<object, Refusal>();
  return {
    /** Whoever knows most of a request says so first; what others say of it is not repeated. */
    tell(ctx: Context, refusal: Refusal): void {
      if (told.has(ctx.req)) return;
      told.set(ctx.req, refusal);
      const { method } = ctx;
      const fields = { requestId: requestIdOf(ctx), method, path: shown(ctx.path), ...refusal };
      log.info(fields, 'request.refused');
    },
    /** Why this request was refused, if it was. */
    of: ({ req }: Context): Refusal | undefined => told.get(req),
  };
}

/** As a stranger wrote it, for the log. */
export const shown = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.slice(0, LONGEST).replaceAll(DISTURBING, escaped) : undefined;

const escaped = (sign: string): string => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`;
