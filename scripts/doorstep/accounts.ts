/**
 * doorstep accounts: people who sign in.
 */
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';

import { randomId } from '../../src/lib/codes.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { fewestCharacters } from '../../src/config/schema.ts';
import { isDuplicate } from '../../src/models/duplicate.ts';
import type { Household } from '../household.ts';
import { Mistake, parsed, table } from './command.ts';

type Run = (house: Household, args: string[]) => Promise<string>;

export const accounts: Readonly<Record<string, Run>> = {
  create,
  list,
  disable,
  enable,
  unlock,
};

const flaws = {
  'password-too-short': 'is too short:',
  'password-too-long': 'is too long: 256 characters at most',
  'password-common': 'is one of those that everybody tries first',
  'password-about-you': 'is the name of the person or the place',
} as const;

async function create(house: Household, args: string[]): Promise<string> {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args,
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        email: { type: 'string' },
        'password-stdin': { type: 'boolean' },
      },
    }),
  );
  const username = oneName(positionals);
  const { name = username, email } = values;
  if (email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw new Mistake(`"${email}" is not a mail address.`);
  }
  const typed = values['password-stdin'] ? (await text(process.stdin)).replace(/\r?\n$/, '') : '';
  if (values['password-stdin'] && !typed) throw new Mistake('There is no password on the input.');
  const password = typed || randomId();
  const context = [username, name, email ?? '', house.settings.organisation.name];
  const flaw = await house.checkPassword(password, context);
  const fewest = fewestCharacters(house.settings.policy);
  const more = flaw === 'password-too-short' ? ` ${fewest} characters at least` : '';
  if (flaw) throw new Mistake(`The password ${flaws[flaw]}${more}.`);

  try {
    const profile = { ...(email && { email }) };
    await house.addPerson({ username, name, profile, password, more: [] });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new Mistake(`"${username}"${email ? ` or "${email}"` : ''} is taken.`);
  }
  const shown = typed ? '' : `Password (shown this once): ${password}\n`;
  return `Account "${username}" is made.\n${shown}`;
}

async function list({ accounts: all }: Household): Promise<string> {
  const rows = (await all.list()).map(({ username, name, credentials, disabledAt }) => [
    username,
    name,
    credentials.map(({ kind }) => kind).join(', '),
    disabledAt ? 'disabled' : '',
  ]);
  return table([['username', 'name', 'credentials', ''], ...rows]);
}

async function disable({ accounts: all }: Household, args: string[]): Promise<string> {
  const account = await named(all, args);
  await all.setDisabled(account._id, systemClock.now());
  return `"${account.username}" can no longer sign in.\n`;
}

async function enable({ accounts: all }: Household, args: string[]): Promise<string> {
  const account = await named(all, args);
  await all.setDisabled(account._id, undefined);
  return `"${account.username}" can sign in again.\n`;
}

async function unlock({ accounts: all }: Household, args: string[]): Promise<string> {
  const account = await named(all, args);
  await all.clearAttempts(account._id);
  return `Nothing that was tried for "${account.username}" counts any more.\n`;
}

async function named(all: Household['accounts'], args: string[]) {
  const { positionals } = parsed(() => parseArgs({ args, allowPositionals: true }));
  const username = oneName(positionals);
  const account = await all.findByIdentifier(username);
  if (!account) throw new Mistake(`There is no account "${username}".`);
  return account;
}

function oneName([username, ...rest]: readonly string[]): string {
  if (!username || rest.length > 0) throw new Mistake('Exactly one username is needed.');
  return username;
}
