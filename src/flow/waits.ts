/**
 * What a page that waits for a device needs to hear of it, and until when that makes sense.
 */
import type { Challenge } from '../models/challenge.ts';
import type { Flow, Pairing } from '../models/flow.ts';
import type { Waits } from './pages.ts';

interface At {
  readonly flow: Flow;
  readonly now: Date;
}

export function waitsFor(
  { flow, now }: At,
  awaited: Pick<Challenge, 'expiresAt' | 'elsewhere'> | Pairing | undefined,
): { readonly waits?: Waits } {
  if (!awaited || (!('digest' in awaited) && !awaited.elsewhere)) return {};
  const ends = awaited.expiresAt < flow.endsAt ? awaited.expiresAt : flow.endsAt;
  const seconds = Math.ceil((ends.getTime() - now.getTime()) / 1000);
  return { waits: { since: flow.version, seconds: Math.max(0, seconds) } };
}
