/**
 * How a page that waits for a phone notices: it listens, and where that fails it asks again
 * and again. It hears only that something is new, never what; the page then says
 * `continue`, as a person without script does.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';

import { type Clock, secondsAfter } from '../lib/clock.ts';
import { Problem } from '../lib/problem.ts';
import { isBeingJudged } from '../models/challenge.ts';
import type { Failures } from '../models/failure.ts';
import type { Heard } from '../models/flow-elsewhere.ts';
import type { Flows } from '../models/flow.ts';
import type { Listeners } from '../verification/out-of-band/listeners.ts';
import { openEventStream } from '../web/event-stream.ts';

export interface WaitDeps {
  readonly listeners: Listeners;
  readonly flows: Pick<Flows, 'find' | 'heard'>;
  readonly failures: Pick<Failures, 'count'>;
  readonly clock: Clock;
}

interface Routing extends WaitDeps {
  readonly uidOf: (ctx: Context) => string;
  readonly belongsHere: (ctx: Context, uid: string) => boolean;
}

const Listening = z.object({ since: z.coerce.number().int().min(0) });
/** A page asks every second and a half: so many tabs of one sign-in do not brake each other. */
const ASKED_EACH_SECOND = 4;

export function waitRoutes(router: Router, deps: Routing): void {
  const { belongsHere, listeners, flows, failures, clock, uidOf } = deps;

  router.get('/hear', onlyItsBrowser, (ctx) => {
    const flow = uidOf(ctx);
    const { since } = Listening.parse(ctx.query);
    const stream = openEventStream(ctx);
    const stop = listeners.wait({
      flow,
      devices: [],
      hears(heard) {
        if (!isNews(heard, flow, since)) return;
        stream.send('changed', {});
        stream.end();
      },
      ends: () => stream.end(),
    });
    stream.onEnd(stop);
  });

  router.get('/waiting', onlyItsBrowser, async (ctx) => {
    const flow = uidOf(ctx);
    const { since } = Listening.parse(ctx.query);
    const now = clock.now();
    // A flow is one browser's alone. A name of the tab would be whatever its client likes.
    const { count, expiresAt } = await failures.count(`waiting:${flow}`, {
      now,
      expiresAt: secondsAfter(now, 1),
    });
    if (count > ASKED_EACH_SECOND) throw new Problem('asked-too-often', { retryAt: expiresAt });
    ctx.body = {
      state: isNews(await flows.heard([flow], []), flow, since) ? 'changed' : 'waiting',
    };
  });

  /** As if there were no such flow, for everybody else's browser. */
  async function onlyItsBrowser(ctx: Context, next: () => Promise<unknown>): Promise<void> {
    if (!belongsHere(ctx, uidOf(ctx))) throw new Problem('not-found');
    await next();
  }

  function isNews(heard: readonly Heard[], flow: string, since: number): boolean {
    const found = heard.find(({ _id }) => _id === flow);
    if (!found) return true;
    const { version, challenge } = found;
    return version > since && !(challenge && isBeingJudged(challenge, clock.now()));
  }
}
