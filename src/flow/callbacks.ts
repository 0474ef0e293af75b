/**
 * Where providers answer: each question has an address of its own, and whoever posts there is
 * judged like a form once the method knows the provider by its signature. No cookie is involved.
 */
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { z } from 'zod';

import type { ProviderCallback } from '../channels/channel.ts';
import { Problem } from '../lib/problem.ts';
import type { From } from '../models/audit-event.ts';
import type { Methods, OpenMethod } from '../verification/choices.ts';
import type {
  AnswerOutOfBand,
  OutOfBandAddress,
} from '../verification/out-of-band/answer-out-of-band.ts';
import type { Place } from '../verification/rate-limits/rate-limiter.ts';
import { readText } from '../web/forms.ts';

export interface CallbackDeps {
  readonly methods: Methods;
  readonly answerOutOfBand: AnswerOutOfBand;
  readonly visitOf: (ctx: Context) => { readonly place: Place; readonly from: From };
  readonly readPolicy: () => Promise<unknown>;
  readonly issuer: string;
  readonly log: { info(fields: object, event: string): void };
}

const MOST_BYTES = 16 * 1024;
const PREFIX = '/callbacks';

/** The address that a provider is given for one question. */
export const callbackAddress =
  (issuer: string) =>
  ({ method, credential, challengeId }: OutOfBandAddress): string =>
    `${issuer}${PREFIX}/${method}/${credential}/${challengeId}`;

const Answered = z.record(z.string(), z.string());
const Named = z.object({
  method: z.string(),
  credential: z.string().max(100),
  challengeId: z.string().max(100),
});

export function callbackRoutes(deps: CallbackDeps): Middleware & { readonly router: Router } {
  const { methods, answerOutOfBand, visitOf, issuer, log } = deps;
  const addressOf = callbackAddress(issuer);
  const router = new Router({ prefix: PREFIX });

  router.post('/:method/:credential/:challengeId', async (ctx) => {
    const named = Named.parse(ctx.params);
    const method = methods.get(named.method);
    if (method?.outOfBand?.answeredBy !== 'provider') throw new Problem('not-found');
    const body = await readText(ctx, MOST_BYTES);
    const callback = { address: addressOf(named), headers: headersOf(ctx), body };
    const { answer: read, fault } = readBy(method, callback);
    const form = Answered.safeParse(read);
    if (!form.success) {
      const about = { method: method.id, challenge: named.challengeId };
      log.info({ ...about, ...(fault !== undefined && { fault }) }, 'callback.refused');
      throw new Problem('not-found');
    }
    await deps.readPolicy();
    const { credential, challengeId: challenge } = named;
    // A question that is over is nothing to send again for.
    const answer = { method: method.id, credential, challenge, form: form.data };
    await answerOutOfBand({ ...answer, ...visitOf(ctx) });
    ctx.status = 204;
  });

  return Object.assign(router.routes() as Middleware, { router });
}

interface Read {
  readonly answer?: unknown;
  /** The kind of what was thrown: its message may quote what was posted. */
  readonly fault?: string;
}

/** Whatever somebody posts there must not break anything: it is no answer. */
function readBy(method: OpenMethod, callback: ProviderCallback): Read {
  try {
    return { answer: method.readCallback(callback) };
  } catch (error) {
    return { fault: error instanceof Error ? error.name : 'unknown' };
  }
}

const headersOf = ({ req }: Context): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    Object.entries(req.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
