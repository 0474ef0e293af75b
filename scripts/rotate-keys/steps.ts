/**
 * The order in which keys change, so that no process meets what it cannot verify: a new key is
 * added last and known everywhere before it is moved first; the old one goes when nothing that
 * it signed can still be valid. Pure: from a set of keys and its history to the next ones.
 */
import { randomToken } from '../../src/lib/codes.ts';
import { generateJwks, type Jwks } from '../../src/lib/jwks.ts';
import { Mistake, Misuse } from '../doorstep/run.ts';

/** What was done to a set so far, in seconds since 1970. */
export interface History {
  readonly added?: number;
  readonly promoted?: number;
}

export interface Step<Keys> {
  readonly keys: Keys;
  readonly history: History;
}

export interface Waits {
  /** Until apps have fetched the new key, too. */
  readonly beforePromote: number;
  /** Until nothing that the old key signed is still valid. */
  readonly beforeDrop: number;
}

export interface Rotation<Keys> {
  add(keys: Keys): Promise<Keys>;
  promote(keys: Keys): Keys;
  drop(keys: Keys): Keys;
}

const SECRET_BYTES = 48;

/** The last one is the newest until it is promoted. */
export const ofSecrets: Rotation<readonly string[]> = {
  add: async (keys) => [...keys, randomToken(SECRET_BYTES)],
  promote: (keys) => [...keys.slice(-1), ...keys.slice(0, -1)],
  drop: (keys) => keys.slice(0, 1),
};

/** A generation of signing keys is one for each algorithm that we make. */
export const ofJwks: Rotation<Jwks> = {
  add: async ({ keys }) => ({ keys: [...keys, ...(await generateJwks()).keys] }),
  promote: ({ keys }) => ({ keys: [...keys.slice(-GENERATION), ...keys.slice(0, -GENERATION)] }),
  drop: ({ keys }) => ({ keys: keys.slice(0, GENERATION) }),
};
const GENERATION = 2;

/** Throws Mistake where a step comes out of order or too early. */
export async function nextStep<Keys>(
  step: string,
  { keys, history }: Step<Keys>,
  { rotation, waits, now }: { rotation: Rotation<Keys>; waits: Waits; now: number },
): Promise<Step<Keys>> {
  const { added, promoted } = history;
  switch (step) {
    case 'add':
      if (added !== undefined) throw new Mistake('The last rotation is not over yet: see "next".');
      return { keys: await rotation.add(keys), history: { added: now } };
    case 'promote':
      if (added === undefined || promoted !== undefined) {
        throw new Mistake('There is no new key that waits: add one first.');
      }
      notBefore(added + waits.beforePromote, now);
      return { keys: rotation.promote(keys), history: { added, promoted: now } };
    case 'drop':
      if (promoted === undefined) throw new Mistake('The new key is not in use yet: promote it.');
      notBefore(promoted + waits.beforeDrop, now);
      return { keys: rotation.drop(keys), history: {} };
    default:
      throw new Misuse(`There is no step "${step}"; see --help.`);
  }
}

/** What to do after what was done. */
export function nextOf({ added, promoted }: History, waits: Waits): string {
  const at = (seconds: number): string => new Date(seconds * 1000).toISOString();
  if (promoted !== undefined) return `drop, not before ${at(promoted + waits.beforeDrop)}`;
  if (added !== undefined) return `promote, not before ${at(added + waits.beforePromote)}`;
  return 'add, whenever a new key is wanted';
}

function notBefore(earliest: number, now: number): void {
  if (now >= earliest) return;
  throw new Mistake(`Not before ${new Date(earliest * 1000).toISOString()}: see --help.`);
}
