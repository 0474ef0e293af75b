/**
 * Accounts: names that are consistent, credentials that can be read and opened, nothing spent
 * in advance, counters within their limits, and a way to sign in.
 */
import { kinds } from '../../credentials/index.ts';
import { readPasswordHash } from '../../credentials/password-hash.ts';
import { isUsable } from '../../credentials/seed.ts';
import { vaultOf } from '../../credentials/vault.ts';
import { type Account, type Credential, identifiersOf } from '../../models/account.ts';
import { everyDocument } from '../../models/survey.ts';
import { addableSecondSteps, choicesOf, holdsSecondStep } from '../../verification/choices.ts';
import { methodOf } from '../held-methods.ts';
import { hasPassword } from '../person.ts';
import { type CheckDeps, type Found, isAhead } from './deps.ts';

export async function* accountsInOrder(deps: CheckDeps): AsyncGenerator<Found> {
  for await (const account of everyDocument(deps.accounts.model)) {
    const who = `${account.username} (${account._id})`;
    const flaws = [...flawsOf(account, deps), ...(await flawsOfHashes(account, deps))];
    for (const flaw of flaws) yield { what: `${who}: ${flaw}` };
    // As an import may have brought them, until somebody gives them one.
    if (!account.disabledAt && !hasPassword(account)) {
      yield { what: `${who}: has no password yet, and cannot sign in`, isNote: true };
    }
  }
}

const flawsOf = (account: Account, deps: CheckDeps): string[] => [
  ...flawsOfNames(account),
  ...flawsOfKinds(account),
  ...account.credentials.flatMap((credential) => flawsOfCredential(account, credential, deps)),
  ...flawsOfCounters(account, deps.clock.now()),
  ...flawsOfDue(account, deps.clock.now()),
  ...(account.disabledAt ? [] : flawsOfWays(account, deps)),
];

function flawsOfNames(account: Account): string[] {
  const [expected, stored] = [identifiersOf(account), account.identifiers].map((names) =>
    [...names].sort().join(' '),
  );
  return expected === stored ? [] : ['identifiers are not those of user name and mail address'];
}

function flawsOfKinds({ credentials, preferred }: Account): string[] {
  const ids = new Set(credentials.map(({ id }) => id));
  const tooMany = Object.values(kinds)
    .filter(({ id, most }) => credentials.filter(({ kind }) => kind === id).length > most)
    .map(({ id: kind }) => `has more of ${methodOf({ kind, data: {} })} than anybody may`);
  return [
    ...tooMany,
    ...(ids.size < credentials.length ? ['two credentials have one id'] : []),
    ...(preferred && !ids.has(preferred.credential) ? ['prefers a method that is gone'] : []),
  ];
}

const STEP_SECONDS = 30;

function flawsOfCredential({ _id }: Account, credential: Credential, deps: CheckDeps): string[] {
  const { id, kind, data, addedAt } = credential;
  const now = deps.clock.now();
  const flaws: string[] = [];
  const flaw = (what: string): unknown => flaws.push(`${methodOf(credential)} ${id} ${what}`);

  if (!Object.hasOwn(kinds, kind)) return [`${id} is of no known kind`];
  if (!kinds[kind as keyof typeof kinds].stored.safeParse(data).success) flaw('cannot be read');
  if (isAhead(addedAt, now)) flaw('was added in the future');
  const app = kind === 'app' && kinds.app.stored.safeParse(data).data;
  if (app) {
    const vault = vaultOf(deps.crypt, _id, id);
    if (!succeeds(() => vault.open(app.seed))) flaw('does not open with the present keys');
    else if (!isUsable(vault.open(app.seed))) flaw('has a seed that nobody can verify');
    const { push } = app.device ?? {};
    if (push !== undefined && !succeeds(() => vault.open(push))) {
      flaw('is woken at an address that does not open with the present keys');
    }
    const step = Math.floor(now.getTime() / 1000 / STEP_SECONDS);
    // One step ahead may be used, and clocks differ a little.
    if (app.lastStep > step + 3) flaw('has spent a code of the future');
  }
  return flaws;
}

async function flawsOfHashes({ credentials }: Account, { hasher }: CheckDeps): Promise<string[]> {
  const flaws: string[] = [];
  for (const { id, kind, data } of credentials) {
    const password = kind === 'password' && kinds.password.stored.safeParse(data).data;
    if (!password) continue;
    const isHash = succeeds(() => readPasswordHash(password.hash));
    if (isHash && (await hasher.canVerify(password.hash))) continue;
    flaws.push(`${kind} ${id} has a hash that nobody can verify`);
  }
  return flaws;
}

function succeeds(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

/** More than any rule keeps. */
const MOST_TIMES = 200;
const MOST_KNOWN = 20;

function flawsOfCounters({ attempts, known }: Account, now: Date): string[] {
  const bad = Object.entries(attempts.tallies).filter(
    ([, { times, streak }]) =>
      streak < 0 || times.length > MOST_TIMES || times.some((time) => isAhead(time, now)),
  );
  const places = Math.max(known.networks.length, known.browsers.length);
  return [
    ...bad.map(([key]) => `the counter ${key} is not as counting leaves it`),
    ...(places > MOST_KNOWN ? ['knows more places than are kept'] : []),
  ];
}

/** Nothing that is proved before it counts. */
const flawsOfDue = ({ passwordChangeDueAt: due }: Account, now: Date): string[] =>
  due && isAhead(due, now) ? [`lets nobody in before ${due.toISOString()}`] : [];

/** A usable method, or the duty to set one up: nobody is locked out by what is stored. */
function flawsOfWays(account: Account, { rules, needsTwoSteps }: CheckDeps): string[] {
  if (!hasPassword(account)) return [];
  const choices = choicesOf(account, 'sign-in', rules);
  const has = (wanted: string): boolean => choices.some(({ factor }) => factor === wanted);
  if (!has('knowledge')) return ['has a password that cannot be asked'];
  if (!needsTwoSteps || has('possession')) return [];
  if (holdsSecondStep(account, rules)) return ['has a second step that cannot be used now'];
  return addableSecondSteps(account, rules).length > 0 ? [] : ['can set up no second step'];
}
