/**
 * Variables that were meant for us and spelt otherwise: SMS_PROVIDER_ULR would leave an
 * installation without texts, TRUSTED_PROXY with one network for everybody, and nobody is told.
 * Names of other programs are theirs; ALLOWED_VARIABLES lists what only looks like ours.
 */
import { editDistance } from './edit-distance.ts';
import { type Environment, namesOfOurs } from './environment.ts';
import type { SettingProblem } from './problems.ts';

interface Misspelt {
  readonly name: string;
  readonly meant: string;
  readonly edits: number;
}

/** Containers are given these for each service beside them. */
const OF_CONTAINERS = /_PORT(_|$)|_SERVICE_/;
/** A short name is a few edits away from many words: USER from ISSUER, POST from PORT. */
const LONG = 8;
const NEAR = 3;

/** What production refuses: so near to a name of ours that nothing else was meant. */
export const misspeltVariables = (environment: Environment): readonly SettingProblem[] =>
  candidates(environment)
    .filter(isRefused)
    .map(({ name, meant }) => ({
      where: name,
      what: `is no variable of ours; did you mean ${meant}? If not, name it in ALLOWED_VARIABLES`,
    }));

/** What may have been meant for us, for a warning. */
export const doubtfulVariables = (environment: Environment): readonly Misspelt[] =>
  candidates(environment).filter((found) => !isRefused(found));

const isRefused = ({ name, meant, edits }: Misspelt): boolean =>
  edits <= (meant.length < LONG ? 1 : 2) || singular(name) === singular(meant);

function candidates(environment: Environment): readonly Misspelt[] {
  const allowed = new Set((environment.ALLOWED_VARIABLES ?? '').split(/[\s,]+/));
  const ours = new Set(namesOfOurs);
  return Object.keys(environment)
    .filter((name) => environment[name] && !ours.has(name) && !allowed.has(name))
    .filter((name) => !OF_CONTAINERS.test(name))
    .flatMap((name) => nearestTo(name) ?? []);
}

function nearestTo(name: string): Misspelt | undefined {
  const [nearest] = namesOfOurs
    .map((meant) => ({ name, meant, edits: editDistance(name, meant) }))
    .filter((found) => isRefused(found) || isNear(found))
    .sort((one, other) => one.edits - other.edits);
  return nearest;
}

const isNear = ({ meant, edits }: Misspelt): boolean => meant.length > LONG && edits <= NEAR;

/** PROXY of PROXIES, KEY of KEYS. */
const singular = (name: string): string =>
  name.replace(/IES(?=_|$)/g, 'Y').replace(/S(?=_|$)/g, '');
