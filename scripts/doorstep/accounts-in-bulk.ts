/**
 * doorstep accounts import and export: everybody at once, as lines of JSON.
 */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';

import type { ImportCounts } from '../../src/administration/import.ts';
import { defineCommand } from './command.ts';
import { createTally } from './dry-run.ts';
import { jsonLine, lines, printable } from './print.ts';
import { sentenceOf } from './refusals.ts';
import { Mistake, type Terminal } from './run.ts';

export const importAccounts = defineCommand({
  names: ['<file>'],
  takes: '[--update] [--dry-run]',
  about: `Adds people from lines of JSON; - reads the input.

Whoever is there already is left alone, so it may be run again. With --update, name, profile,
roles, groups and state become what the line says, and methods are added where there are none of
their kind; passwords and methods that are there are never replaced. With --dry-run nothing is stored:
it says what would come of it, and how many people would get or lose each role and group.

A line has a username, and may have: id, name, givenName, familyName, email, emailVerified, locale,
zoneinfo, phoneNumber, phoneNumberVerified, address (streetAddress, postalCode, locality, region,
country, formatted), roles, groups, disabled, createdAt; and

  passwordHash   argon2id, argon2i, bcrypt, scrypt, pbkdf2 (-sha256, -sha512) as a PHC string;
                 made anew with argon2id at the next sign-in. A password of 72 bytes or more
                 does not pass a bcrypt hash, because bcrypt may not have seen all of it:
                 its owner needs a new one.
                 With passwordChangeDueAt, a time, it opens nothing but its own change.
  totp           [{"secret": "<base 32>"}], with 6 digits, 30 seconds and SHA1: the method code
  phones         ["+14255550134"], the methods text and call; the first is the mobile phone, a second
                 one and fixed lines are called alone. To say which it is:
                 {"number": "+14255550134", "phoneType": "office"}, or alternate-mobile, or mobile;
                 what is no number any more goes on as it was with
                 {"number": "+447700900156", "countryCallingCode": "44", "type": "mobile"}
  emails         [{"address": "ada@home.example"}], for password resets alone; the email beside it
                 is that of the profile
  defaultMethod  code, text or call: what sign-in begins with, of several the first. Whoever is
                 there already keeps their own. An export has it where it comes to the same.
  suspended      [{"list": "phones", "at": 0, "since": "<time>"}]: of totp, phones or securityKeys
                 the first, which its owner had said was not theirs

Refused lines are named on the error output, with the reason, and do not hold up the others.`,
  options: { update: { type: 'boolean' }, 'dry-run': { type: 'boolean' } },
  async run({ administration }, { names: [path], values }, terminal) {
    const tally = values['dry-run'] ? createTally() : undefined;
    const counts = await administration.accounts.import(await opened(path, terminal), {
      update: values.update ?? false,
      onRefused: (line, refusal) =>
        terminal.stderr.write(`line ${line}: ${printable(sentenceOf(refusal))}\n`),
      onProgress: progress(terminal),
      trial: tally?.count,
    });
    if (counts.refused > 0) terminal.exitCode = 1;
    if (!tally) return `${told(counts)}\n`;
    const memberships = await tally.told(administration);
    return `Nothing is stored. It would be: ${told(counts)}\n${memberships}`;
  },
});

async function opened(
  path: string,
  { stdin }: Pick<Terminal, 'stdin'>,
): Promise<AsyncIterable<Uint8Array>> {
  if (path === '-') return stdin;
  const file = createReadStream(path);
  try {
    await once(file, 'open');
  } catch {
    throw new Mistake(`"${path}" cannot be read.`);
  }
  return file;
}

const EVERY = 5000;

function progress({ stderr }: Pick<Terminal, 'stderr'>): (counts: ImportCounts) => void {
  let next = EVERY;
  return (counts) => {
    const { added, updated, unchanged, refused } = counts;
    const done = added + updated + unchanged + refused;
    if (done < next) return;
    next = done + EVERY;
    stderr.write(`${done} lines: ${told(counts)}\n`);
  };
}

const told = ({ added, updated, unchanged, refused }: ImportCounts): string =>
  `${added} added, ${updated} updated, ${unchanged} there already, ${refused} refused`;

export const exportAccounts = defineCommand({
  takes: '[--with-secrets]',
  about: `Everybody, as lines of JSON that import takes.

  --with-secrets   password hashes and the seeds of authenticator apps as well, in clear: whoever
                   has the file can sign in as anybody. For moving house.

Recovery codes and the keys of approvers are never exported: people make new codes, and pair
their phones again for approving. The codes that a phone shows go on working.`,
  options: { 'with-secrets': { type: 'boolean' } },
  async run({ administration }, { values }, terminal) {
    const secrets = values['with-secrets'] ?? false;
    if (secrets) {
      terminal.stderr.write('With secrets: whoever has this can sign in as anybody.\n');
    }
    const people = await administration.accounts.export({
      secrets,
      onUnreadable(username, method) {
        terminal.stderr.write(`${printable(username)}: ${method} cannot be read and is left out\n`);
        terminal.exitCode = 1;
      },
    });
    return lines(people, (person) => jsonLine(person));
  },
});
