/**
 * The stream by which an open approver hears of its questions: the whole list, at once and
 * whenever it changes.
 */
import type { Context } from 'koa';

import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { Heard } from '../models/flow-elsewhere.ts';
import type { Flows } from '../models/flow.ts';
import type { Listeners } from '../verification/out-of-band/listeners.ts';
import { openEventStream } from '../web/event-stream.ts';
import { requestsFor } from './requests.ts';
import type { Holder } from './tickets.ts';

export interface RequestStreamDeps {
  readonly listeners: Listeners;
  readonly flows: Pick<Flows, 'heard'>;
  readonly clock: Clock;
}

/** Then whoever still listens shows who they are again. */
const OPEN_SECONDS = 5 * 60;

export async function hear(
  ctx: Context,
  holders: readonly Holder[],
  { listeners, flows, clock }: RequestStreamDeps,
): Promise<void> {
  const until = secondsAfter(clock.now(), OPEN_SECONDS);
  const devices = holders.map(({ credential }) => credential);
  const first = await flows.heard([], devices);
  const stream = openEventStream(ctx);
  let told = '';

  const tell = (heard: readonly Heard[]): void => {
    const requests = requestsFor(holders, heard, clock.now());
    // The seconds left go down by themselves on the phone, too.
    const news = JSON.stringify(requests.map(({ challenge }) => challenge));
    if (news !== told) stream.send('requests', requests);
    told = news;
    if (clock.now() >= until) stream.end();
  };

  const stop = listeners.wait({ devices, hears: tell, ends: () => stream.end() });
  stream.onEnd(stop);
  tell(first);
}
