/**
 * What the approver asks of us. No cookie is involved: a phone shows who it is by a signature
 * and then by a ticket, so no other site can ask in its name.
 */
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { z } from 'zod';

import { withoutUnfitSigns } from '../lib/names.ts';
import { Problem } from '../lib/problem.ts';
import { visible } from '../lib/visible.ts';
import type { From } from '../models/audit-event.ts';
import type { AnswerOutOfBand } from '../verification/out-of-band/answer-out-of-band.ts';
import type { Place } from '../verification/rate-limits/rate-limiter.ts';
import type { createPair } from './pair.ts';
import { formOf, readLongForm } from '../web/forms.ts';
import { hear, type RequestStreamDeps } from './request-stream.ts';
import { addressOf, createTickets, type Holder, type TicketsDeps } from './tickets.ts';

export interface ApproverRoutesDeps extends TicketsDeps {
  readonly listeners: RequestStreamDeps['listeners'];
  readonly pair: ReturnType<typeof createPair>;
  readonly answerOutOfBand: AnswerOutOfBand;
  readonly visitOf: (ctx: Context) => { readonly place: Place; readonly from: From };
  readonly readPolicy: () => Promise<unknown>;
  readonly organisation: string;
  /** How long the number is that a page shows. */
  readonly digits: number;
  /** The public key that push services know us by; absent where there is no push. */
  readonly vapidKey: string | undefined;
  readonly isPushAddress: (endpoint: string) => boolean;
}

const MOST_DEVICES = 20;

const text = (longest: number) => z.string().max(longest);
const Pair = z.object({
  code: text(64),
  key: text(200),
  signature: text(100),
  /** What its owner calls the phone. */
  name: text(40)
    .overwrite((typed) => withoutUnfitSigns(visible(typed)))
    .exactOptional(),
});
// Its account's id may have 255 signs.
const Hello = z.object({ device: text(300), nonce: text(300), signature: text(100) });
const Hear = z.object({ tickets: text(12_288) });
const Subscribe = z.object({ endpoint: text(2048), p256dh: text(200), auth: text(100) });
const counted = {
  challenge: text(64),
  counter: z.string().regex(/^[1-9]\d{0,14}$/),
  signature: text(100),
};
/** The number as long as the page shows it: whatever is not can be told from a wrong one. */
const answerOf = (digits: number) =>
  z.discriminatedUnion('decision', [
    z.object({
      ...counted,
      decision: z.literal('approve'),
      number: z.string().regex(new RegExp(`^[0-9]{${digits}}$`)),
    }),
    z.object({ ...counted, decision: z.literal('deny'), number: z.literal('') }),
  ]);

export function approverRoutes(deps: ApproverRoutesDeps): Middleware & { readonly router: Router } {
  const { devices, pair, answerOutOfBand, visitOf, organisation, vapidKey } = deps;
  const tickets = createTickets(deps);
  const Answer = answerOf(deps.digits);
  const router = new Router({ prefix: '/approver' });
  const push = vapidKey === undefined ? {} : { vapidKey };

  post('/pair', async (ctx) => {
    const { name: typed, ...joining } = Pair.parse(formOf(ctx));
    const { from } = visitOf(ctx);
    const name = [typed, from.browser].find(Boolean);
    const paired = await pair({ ...joining, ...(name !== undefined && { name }) }, from);
    if (!paired) throw new Problem('pairing-over');
    const { account, credential, data, flow } = paired;
    ctx.body = {
      device: addressOf(paired),
      seed: devices.seedOf(account, credential, data),
      account: account.username,
      organisation,
      ticket: tickets.issue({ account: account._id, credential, flow: flow._id }),
      ...push,
    };
  });

  post('/nonce', async (ctx) => {
    ctx.body = { nonce: tickets.nonce() };
  });

  post('/hello', async (ctx) => {
    const { device, nonce, signature } = Hello.parse(formOf(ctx));
    const holder = await tickets.greet({ address: device, nonce, signature });
    if (!holder) throw new Problem('device-gone');
    const { account, credential } = holder;
    ctx.body = {
      ticket: tickets.issue({ account: account._id, credential }),
      account: account.username,
      organisation,
      ...push,
      notifications: notificationsOf(holder),
    };
  });

  post('/hear', async (ctx) => {
    const shown = Hear.parse(formOf(ctx)).tickets.split(' ').slice(0, MOST_DEVICES);
    const holders = await Promise.all(shown.map((ticket) => tickets.holderOf(ticket)));
    const known = holders.filter((holder) => holder !== undefined);
    // Whoever shows one that is over says hello again, and is told which device is gone.
    if (known.length < shown.length) throw new Problem('ticket-over');
    await hear(ctx, known, deps);
  });

  post('/answer', async (ctx) => {
    const { account, credential } = await holder(ctx);
    const answer = Answer.parse(formOf(ctx));
    await deps.readPolicy();
    const { challenge } = answer;
    const outcome = await answerOutOfBand({
      credential,
      challenge,
      form: answer,
      ...visitOf(ctx),
    });
    // The phone did not hear our answer, and asks again.
    const isRepeated = devices.deviceOf(account, credential)?.approved === challenge;
    const known = outcome ?? (isRepeated ? 'passed' : 'expired');
    if (known === 'expired') throw new Problem('request-over');
    ctx.body = { outcome: told[known] ?? 'refused' };
  });

  post('/subscribe', async (ctx) => {
    const { account, credential } = await holder(ctx);
    const { endpoint, ...keys } = Subscribe.parse(formOf(ctx));
    if (endpoint !== '' && !deps.isPushAddress(endpoint)) throw new Problem('push-address-refused');
    const address = endpoint === '' ? undefined : { endpoint, ...keys };
    if (!(await devices.setAddress(account, credential, address))) throw new Problem('ticket-over');
    ctx.status = 204;
  });

  return Object.assign(router.routes() as Middleware, { router });

  function post(path: string, handle: (ctx: Context) => Promise<void>): void {
    // Twenty tickets are long; every field is bounded by its own shape.
    router.post(path, readLongForm, (ctx) => handle(ctx));
  }

  async function holder(ctx: Context): Promise<Holder> {
    const found = await tickets.holderOf(formOf(ctx).ticket ?? '');
    if (!found) throw new Problem('ticket-over');
    return found;
  }

  function notificationsOf({ account, credential }: Holder): 'on' | 'off' | 'lost' {
    const { push: address, isPushLost } = devices.deviceOf(account, credential) ?? {};
    if (isPushLost) return 'lost';
    return address === undefined ? 'off' : 'on';
  }
}

/** An outcome as a phone is told of it. */
const told: Readonly<Record<string, string>> = {
  passed: 'approved',
  denied: 'denied',
  'wrong-answer': 'wrong-number',
};
