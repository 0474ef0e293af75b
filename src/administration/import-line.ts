/**
 * One line of an import: what it may say, and why it is refused. Reasons never repeat what
 * was given, because it may be a secret in the wrong place.
 */
import { z } from 'zod';

import { COMMAND_LINE, STRANGER } from '../audit/audit.ts';
import { mailboxOf } from '../credentials/email.ts';
import { flawOfCost } from '../credentials/hash-cost.ts';
import { kinds } from '../credentials/index.ts';
import { readPasswordHash, UnusableHash } from '../credentials/password-hash.ts';
import type { PasswordHasher } from '../credentials/password-hasher.ts';
import type { StoredSecurityKey } from '../credentials/security-key.ts';
import { wholeBytes } from '../credentials/seed.ts';
import type { Clock } from '../lib/clock.ts';
import { normaliseIdentifier } from '../models/account.ts';
import { NOBODY } from '../verification/resolve-choice.ts';
import {
  appFrom,
  givenEmail,
  givenPhone,
  type NumberedPhone,
  phonesFrom,
  type Totp,
  totp,
} from './given-methods.ts';
import { wayBy } from './held-methods.ts';
import { givenHandle, givenKey, keyFrom } from './given-keys.ts';
import type { NewCredential, NewPerson } from './new-account.ts';
import { areThere, givenSuspensions, instant, withSuspensions } from './moved-suspensions.ts';
import { personFields, profileOf } from './person.ts';
import { Refusal } from './refusal.ts';

/** Names of who is no account, where the id of one would stand. */
const NO_ACCOUNTS: readonly string[] = [NOBODY, STRANGER, COMMAND_LINE];

const passwordHash = z.string().check(({ value, issues }) => {
  const flaw = flawOfHash(value);
  if (flaw) issues.push({ code: 'custom', message: flaw, input: value });
});

function flawOfHash(text: string): string | undefined {
  try {
    return flawOfCost(readPasswordHash(text));
  } catch (error) {
    if (error instanceof UnusableHash) return error.message;
    throw error;
  }
}

const fields = z.strictObject({
  ...personFields,
  // The `sub` of every provider (OpenID Connect Core §2): `auth0|1`, a mail address, a path.
  id: z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/, 'must be up to 255 printable signs of ASCII')
    .refine((id) => !NO_ACCOUNTS.includes(id), 'is kept for what is nobody')
    .exactOptional(),
  disabled: z.boolean().exactOptional(),
  createdAt: instant.exactOptional(),
  passwordHash: passwordHash.exactOptional(),
  passwordSetAt: instant.exactOptional(),
  passwordChangeDueAt: instant.exactOptional(),
  totp: z.array(totp).max(kinds.app.most).exactOptional(),
  userHandle: givenHandle.exactOptional(),
  securityKeys: z.array(givenKey).max(kinds['security-key'].most).exactOptional(),
  phones: z.array(givenPhone).max(kinds.phone.most).exactOptional(),
  emails: z.array(givenEmail).max(kinds.email.most).exactOptional(),
  /** What sign-in begins with: of several that it may be, the first. */
  defaultMethod: z.string().max(64).exactOptional(),
  suspended: givenSuspensions.exactOptional(),
});

const shape = fields.refine((line) => areThere(line, line.suspended), {
  path: ['suspended'],
  error: 'names what is not there',
});

export type Imported = z.infer<typeof shape>;

export interface ReadDeps {
  readonly clock: Clock;
  readonly phoneCountries: readonly string[];
  readonly hasher: Pick<PasswordHasher, 'canVerify'>;
}

/** Whom a line tells of, and what exactly it says. */
export interface ReadLine {
  readonly said: Imported;
  readonly person: NewPerson;
  /** Its user name was another before the signs were taken out that nobody sees. */
  readonly isCleaned: boolean;
}

/** Throws Refusal. */
export async function readImportLine(
  text: string | undefined,
  { clock, phoneCountries, hasher }: ReadDeps,
): Promise<ReadLine> {
  const { said, isCleaned } = read(text);
  const { id, username, name = username, roles, groups, disabled, createdAt, defaultMethod } = said;
  const passwordChangeDueAt = dueIn(said, clock.now());
  if (said.passwordHash !== undefined && !(await hasher.canVerify(said.passwordHash))) {
    throw new Refusal('line-hash-unverifiable');
  }
  const phones = await phonesFrom(said.phones ?? [], phoneCountries);
  const ids = (said.securityKeys ?? []).map(({ credentialId }) => credentialId);
  if (new Set(ids).size < ids.length) throw new Refusal('line-key-twice');
  const keys: StoredSecurityKey[] = [];
  for (const given of said.securityKeys ?? []) keys.push(await keyFrom(given));
  const mailboxes = (said.emails ?? []).map(mailboxOf);
  if (new Set(mailboxes).size < mailboxes.length) throw new Refusal('line-email-twice');
  checkDefault(said, { phones, keys });
  const seeds = (said.totp ?? []).map(({ secret }) => wholeBytes(secret));
  if (new Set(seeds).size < seeds.length) throw new Refusal('line-seed-twice');
  return {
    said,
    isCleaned,
    person: {
      ...(id !== undefined && { id }),
      ...{ username, name, profile: profileOf(said) },
      ...(roles && { roles }),
      ...(groups && { groups }),
      ...(disabled === true && { disabledAt: clock.now() }),
      ...(createdAt && { createdAt }),
      ...(passwordChangeDueAt && { passwordChangeDueAt }),
      ...(defaultMethod !== undefined && { defaultMethod }),
      ...(said.userHandle !== undefined && { userHandle: said.userHandle }),
      credentials: withSuspensions(
        [
          ...passwordOf(said, clock),
          ...(said.totp ?? []).map(appOf),
          ...phones.map((data): NewCredential => ({ kind: 'phone', data: () => data })),
          ...keys.map((data): NewCredential => ({ kind: 'security-key', data: () => data })),
          ...(said.emails ?? []).map((data): NewCredential => ({
            kind: 'email',
            data: () => data,
          })),
        ],
        said.suspended,
      ),
    },
  };
}

function read(text: string | undefined): Pick<ReadLine, 'said' | 'isCleaned'> {
  if (text === undefined) throw new Refusal('line-unreadable');
  const line = parsed(text);
  if (Object.hasOwn(line, 'password')) throw new Refusal('line-with-password');
  const { data, error } = shape.safeParse(line);
  if (!data) throw new Refusal('line-unfit', { issues: error.issues });
  if (normaliseIdentifier(data.username) === '') throw new Refusal('line-without-username');
  return { said: data, isCleaned: data.username !== line.username };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>; // an object of JSON
    }
  } catch {
    // Its message would repeat what was given.
  }
  throw new Refusal('line-no-object');
}

interface Brought {
  readonly phones: readonly NumberedPhone[];
  readonly keys: readonly StoredSecurityKey[];
}

/** It is one of what the line brings, or sign-in would begin with something else unasked. */
function checkDefault(
  { defaultMethod, totp: seeds = [] }: Imported,
  { phones, keys }: Brought,
): void {
  if (defaultMethod === undefined) return;
  const apps = seeds.map((given) => appFrom(given, { seal: (text) => text }));
  const brought = [
    ...apps.map((data) => ({ id: 'app', kind: 'app', data })),
    ...phones.map((data) => ({ id: 'phone', kind: 'phone', data })),
    ...keys.map((data) => ({ id: 'key', kind: 'security-key', data })),
  ];
  if (!wayBy(defaultMethod, brought)) throw new Refusal('line-default-unfit');
}

/** Nothing that is proved before it counts, so of a clock that is ahead it is due by now. */
function dueIn({ passwordHash, passwordChangeDueAt: due }: Imported, now: Date): Date | undefined {
  if (passwordHash === undefined) return undefined;
  return due && due > now ? now : due;
}

function passwordOf({ passwordHash, passwordSetAt }: Imported, clock: Clock): NewCredential[] {
  if (passwordHash === undefined) return [];
  const data = { hash: passwordHash, setAt: passwordSetAt ?? clock.now() };
  return [{ kind: 'password', data: () => data }];
}

const appOf = (given: Totp): NewCredential => ({
  kind: 'app',
  data: (vault) => appFrom(given, vault),
});
