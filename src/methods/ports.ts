/**
 * What methods are given of the rest of the house.
 */
import type { VoiceChannel } from '../channels/channel.ts';
import type { Clock } from '../lib/clock.ts';

/** Everything a method may reach. Tests pass fakes; nothing is global. */
export interface Ports {
  readonly clock: Clock;
  readonly codes: Codes;
  readonly passwords: PasswordHasher;
  /** Where people meet us, and as what. */
  readonly site: { readonly issuer: string; readonly name: string };
  /** What providers of calls can do, where there are any. */
  readonly voice?: Pick<VoiceChannel, 'hearsKeys' | 'readCallback'> | undefined;
}

export interface Codes {
  random(digits: number): string;
  /** Bound to the context: a digest made for one challenge never matches in another. */
  digest(code: string, context: string): string;
  matches(code: string, context: string, digest: string): boolean;
}

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /**
   * The spelling of what was typed that is right; undefined where none is. As slow for a hash of
   * nobody as for a real one.
   */
  match(hash: string, typed: string): Promise<string | undefined>;
  /** Whether the parameters have grown since this hash was made. */
  isOutdated(hash: string): boolean;
  /** Of no password, and as slow to match as a real one. */
  readonly nobodysHash: string;
}
