/**
 * What was proved, and the names of the levels that proofs can reach.
 */
export const acr = {
  pwd: 'urn:doorstep:acr:pwd',
  mfa: 'urn:doorstep:acr:mfa',
} as const;

export type Acr = (typeof acr)[keyof typeof acr];

/** A challenge that was passed; of no use to any other account (S-022). */
export interface Proof {
  readonly account: string;
  readonly method: string;
  readonly credential: string;
  readonly factor: Factor;
  readonly amr: readonly string[];
  readonly at: Date;
}

export type Factor = 'knowledge' | 'possession';
