/**
 * What was proved, and the names of the levels that proofs can reach.
 */
import type { Way } from './way.ts';

export const acr = {
  pwd: 'urn:doorstep:acr:pwd',
  mfa: 'urn:doorstep:acr:mfa',
  // The names of OpenID's EAP ACR Values 1.0.
  phr: 'phr',
  phrh: 'phrh',
} as const;

export type Acr = (typeof acr)[keyof typeof acr];

/** What a method can prove at best, and what a challenge that was passed did prove. */
export interface Strength {
  readonly factor: Factor;
  readonly traits?: readonly Trait[];
}

/** A challenge that was passed; of no use to any other account. */
export interface Proof extends Strength, Way {
  readonly account: string;
  readonly amr: readonly string[];
  /** From when on it counts. */
  readonly at: Date;
  /** Where it was proved earlier, and counts beyond a sign-out everywhere. */
  readonly provedAt?: Date;
}

/** How recent it is, for whoever wants something recent. */
export const provedAtOf = ({ provedAt, at }: Pick<Proof, 'provedAt' | 'at'>): Date =>
  provedAt ?? at;

export type Factor = (typeof factors)[number];

/**
 * Four are none. `pass` is what an administrator gave for both steps, for a while, and counts by what
 * it can alone (`stands-alone`). `mailbox` is what a mail to somebody's address proves, and `kba` what answers to
 * security questions do (RFC 8176 §2): enough for getting back in, and of no level, because no sign-in
 * may rest on them (NIST SP 800-63B-4 §3.1.3.1; ASVS 6.3.6). `trust` is proved
 * by no method: a browser that was told not to ask again stands in for the second step that was given
 * there, where the goal allows it (trusted-browser.ts).
 */
export const factors = ['knowledge', 'possession', 'mailbox', 'kba', 'pass', 'trust'] as const;

/**
 * More than the factor alone: `stands-alone` is a pass, or a key that verified its user where
 * policy takes that for both factors; `hardware-bound` is an attested key; `recovers` is what
 * remains when the strongest method is lost, and may replace it.
 */
export type Trait = (typeof traits)[number];

export const traits = ['phishing-resistant', 'hardware-bound', 'stands-alone', 'recovers'] as const;
