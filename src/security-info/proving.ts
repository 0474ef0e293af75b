/**
 * Where people prove who they are: at the sign-in, in the name of our own client, and back again
 * to where they were. What `/auth` says then is not believed; the session is looked at.
 */
import type { Acr } from '../assurance/proof.ts';
import { CHANGE_SECONDS } from '../verification/goal-to-change.ts';

/** Places of ours, and nothing that somebody else put into the address. */
const PLACE = /^(?:change\/[\w-]{1,64}|[a-z-]{1,32})$/;

/** Comes back with who was asked for what their account takes, once it was known whose it is. */
const AGAIN = 'again/';

export const FIRST_PLACE = 'security-info';

export interface ProvingDeps {
  readonly signInAddress: (wanted: {
    readonly state: string;
    readonly acr?: Acr | undefined;
    readonly maxAgeSeconds?: number;
  }) => string;
}

export type Proving = ReturnType<typeof createProving>;

export const createProving = ({ signInAddress }: ProvingDeps) => ({
  /** For a change: a recent proof at this level. */
  addressFor: (state: string, acr: Acr): string =>
    signInAddress({ state, acr, maxAgeSeconds: CHANGE_SECONDS }),

  /** To see something; at policy's own level, where none is named. */
  addressToSee: (place: string, acr?: Acr): string =>
    signInAddress({ state: acr === undefined ? place : `${AGAIN}${place}`, acr }),
});

/** The place that came back with an answer. */
export function placeIn(state: unknown): string {
  const place = isAgain(state) ? state.slice(AGAIN.length) : state;
  return typeof place === 'string' && PLACE.test(place) ? place : FIRST_PLACE;
}

export const isAgain = (state: unknown): state is string =>
  typeof state === 'string' && state.startsWith(AGAIN);
