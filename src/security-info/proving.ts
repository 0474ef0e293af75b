/**
 * Where people prove who they are: at the sign-in, in the name of our own client, and back again
 * to where they were. What `/auth` says then is not believed; the session is looked at.
 */
import type { Acr } from '../assurance/proof.ts';
import { CHANGE_SECONDS } from './level.ts';

/** Places of ours, and nothing that somebody else put into the address. */
const PLACE = /^(?:change\/[\w-]{1,64}|[a-z-]{1,32})$/;

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
  addressToSee: (state: string, acr?: Acr): string => signInAddress({ state, acr }),
});

/** The place that came back with an answer. */
export const placeIn = (state: unknown): string =>
  typeof state === 'string' && PLACE.test(state) ? state : FIRST_PLACE;
