/**
 * Where providers answer: each question has an address of its own, and whoever posts there is
 * judged like a form once the method knows the provider by its signature. No cookie is involved.
 */
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { z } from 'zod';

import type { ProviderCallback, Spoken } from '../channels/channel.ts';
import type { SendingPorts } from '../channels/outgoing.ts';
import type { Form } from '../lib/form.ts';
import { Problem } from '../lib/problem.ts';
import type { ReadCallback } from '../methods/method.ts';
import type { From } from '../models/audit-event.ts';
import type { Flows } from '../models/flow.ts';
import type { Methods, OpenMethod } from '../verification/choices.ts';
import type { AnswerOutOfBand } from '../verification/out-of-band/answer-out-of-band.ts';
import type { Place } from '../verification/rate-limits/rate-limiter.ts';
import { readText } from '../web/forms.ts';
import { type CallbackAddresses, CALLBACKS } from './callback-address.ts';

export interface CallbackDeps {
  readonly methods: Methods;
  readonly addresses: CallbackAddresses;
  readonly answerOutOfBand: AnswerOutOfBand;
  /** What became of an answer that is given again. */
  readonly outcomeOf: Flows['outcomeOf'];
  /** The words that a provider is told to say. */
  readonly render: SendingPorts['render'];
  readonly visitOf: (ctx: Context) => { readonly place: Place; readonly from: From };
  readonly readPolicy: () => Promise<unknown>;
  readonly log: { info(fields: object, event: string): void };
}

const MOST_BYTES = 16 * 1024;

const Answered = z.record(z.string(), z.string());
const Named = z.object({
  method: z.string(),
  credential: z.string().max(100),
  challengeId: z.string().max(100),
});

type Named = z.infer<typeof Named>;

export function callbackRoutes(deps: CallbackDeps): Middleware & { readonly router: Router } {
  const { methods, addresses, answerOutOfBand, visitOf, log } = deps;
  const router = new Router({ prefix: CALLBACKS });

  router.post('/:method/:credential/:challengeId', async (ctx) => {
    const named = Named.parse(ctx.params);
    const method = methods.get(named.method);
    const address = addresses.read(ctx.originalUrl);
    if (address === undefined || method?.outOfBand?.answeredBy !== 'provider') {
      throw new Problem('not-found');
    }
    const body = await readText(ctx, MOST_BYTES);
    const { read, fault } = await readBy(method, { address, headers: headersOf(ctx), body });
    const form = Answered.safeParse(read?.answer);
    if (!form.success) {
      const about = { method: method.id, challenge: named.challengeId };
      log.info({ ...about, ...(fault !== undefined && { fault }) }, 'callback.refused');
      throw new Problem('not-found');
    }
    await deps.readPolicy();
    const outcome = await outcomeOf(named, form.data, visitOf(ctx));
    // A question that is over is nothing to send again for.
    if (!read?.reply) return void (ctx.status = 204);
    const spoken = saidTo(method, outcome, String(ctx.query.locale));
    const { type, body: said } = read.reply(spoken);
    ctx.type = type;
    ctx.body = said;
  });

  return Object.assign(router.routes() as Middleware, { router });

  /** Also of what was answered before: a provider that did not hear us asks again. */
  async function outcomeOf(
    { method, credential, challengeId: challenge }: Named,
    form: Form,
    { place, from }: ReturnType<CallbackDeps['visitOf']>,
  ): Promise<string | undefined> {
    // The provider's own address says nothing of the person.
    const { address: _, browser: __, ...rest } = from;
    const answer = { method, credential, challenge, form, place, from: rest };
    const outcome = await answerOutOfBand(answer).catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      log.info({ method, challenge, problem: error.code }, 'callback.held-up');
      return 'held-up';
    });
    return outcome ?? deps.outcomeOf(challenge);
  }

  function saidTo({ id }: OpenMethod, outcome: string | undefined, locale: string): Spoken {
    const says = outcome !== undefined && OUTCOMES.has(outcome) ? outcome : 'over';
    return {
      locale,
      text: deps.render({ channel: 'voice', message: id, values: { says }, locale }),
    };
  }
}

/** Of which there are words; after all others the call is over. */
const OUTCOMES: ReadonlySet<string> = new Set(['passed', 'wrong-answer', 'denied']);

interface Read {
  readonly read?: ReadCallback | undefined;
  /** The kind of what was thrown: its message may quote what was posted. */
  readonly fault?: string;
}

/** Whatever somebody posts there must not break anything: it is no answer. */
async function readBy(method: OpenMethod, callback: ProviderCallback): Promise<Read> {
  try {
    return { read: await method.readCallback(callback) };
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
