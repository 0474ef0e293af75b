/**
 * Argon2id for passwords (RFC 9106), one hash at a time per core: each takes 19 MiB and a
 * core for itself, so more at once would only make all of them slow. Hashes that were brought
 * along from elsewhere wait in the same line, and are outdated from the first.
 */
import { randomBytes } from 'node:crypto';

import { hash } from '@node-rs/argon2';

import type { Clock } from '../lib/clock.ts';
import { createGate, type GateSettings } from '../lib/gate.ts';
import { type Meter, noMeter, stopwatch } from '../lib/meter.ts';
import { Problem } from '../lib/problem.ts';
import { readable } from '../lib/unreadable.ts';
import { spellingsOf } from './password.ts';
import { matches, parametersOf, readPasswordHash } from './password-hash.ts';

export interface HasherSettings {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly parallelism: number;
}

const SALT_BYTES = 16;
const HASH_BYTES = 32;

export type PasswordHasher = ReturnType<typeof createPasswordHasher>;

/** Every call throws Problem `busy` when too many are waiting already. */
export function createPasswordHasher(
  settings: HasherSettings & GateSettings,
  clock: Clock,
  meter: Meter = noMeter,
) {
  const { memoryKiB, passes, parallelism } = settings;
  const gate = createGate(settings, clock);
  const verified = new Map<string, Promise<boolean>>();
  let runs = 0;
  meter.watch('password_hashes_total', () => runs);
  meter.watch('password_hashes_running', gate.running);
  meter.watch('password_hashes_waiting', gate.waiting);
  const run = <T>(task: () => Promise<T>): Promise<T> => {
    const waited = stopwatch();
    return gate(() => {
      runs += 1;
      meter.time('password_hash_wait_seconds', waited());
      return task();
    });
  };

  /**
   * The spelling of what was typed that the hash is of; undefined where it is of none. Throws
   * Unreadable for a stored hash of no kind that we know.
   */
  async function match(stored: string, typed: string): Promise<string | undefined> {
    const read = readable('a password hash', () => readPasswordHash(stored));
    for (const spelling of spellingsOf(typed)) {
      if (await run(() => matches(read, spelling))) return spelling;
    }
    return undefined;
  }

  return {
    /** A PHC string; the salt is new each time. */
    hash: (password: string): Promise<string> =>
      run(() =>
        hash(normalise(password), {
          memoryCost: memoryKiB,
          timeCost: passes,
          parallelism,
          outputLen: HASH_BYTES,
        }),
      ),

    match,

    /**
     * Whether this hash can be verified here, found out by verifying it: once for all hashes of
     * the same parameters, because a thousand of them would take as long as a thousand sign-ins.
     */
    canVerify(stored: string): Promise<boolean> {
      const parameters = parametersOf(readPasswordHash(stored));
      const known = verified.get(parameters) ?? succeeds(match(stored, NOBODYS_PASSWORD));
      verified.set(parameters, known);
      return known;
    },

    isOutdated(stored: string): boolean {
      const made = readPasswordHash(stored);
      if (made.kind !== 'argon2' || !made.isId) return true;
      return made.KiB < memoryKiB || made.passes < passes || made.bytes < HASH_BYTES;
    },

    /** Of no password: compared with for accounts that do not exist, so that they take as long. */
    nobodysHash: nobodysHash(settings),

    /** How many hashes were computed so far. */
    runs: (): number => runs,
  };
}

const NOBODYS_PASSWORD = 'made up';

const succeeds = (attempt: Promise<unknown>): Promise<boolean> =>
  attempt.then(
    () => true,
    (error: unknown) => {
      if (error instanceof Problem) throw error;
      return false;
    },
  );

/** One password however the keyboard composed its letters. */
const normalise = (password: string): string => password.normalize('NFC');

function nobodysHash({ memoryKiB, passes, parallelism }: HasherSettings): string {
  const random = (bytes: number): string =>
    randomBytes(bytes).toString('base64').replaceAll('=', '');
  const parameters = `m=${memoryKiB},t=${passes},p=${parallelism}`;
  return `$argon2id$v=19$${parameters}$${random(SALT_BYTES)}$${random(HASH_BYTES)}`;
}
