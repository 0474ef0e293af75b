/**
 * doorstep accounts: people who sign in.
 */
import { text } from 'node:stream/consumers';

import { randomId } from '../../src/lib/codes.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { isDuplicate } from '../../src/models/duplicate.ts';
import { fewestCharacters } from '../../src/policy/shape.ts';
import type { Household } from '../household.ts';
import { defineCommand, type Group, Mistake, onlyOne } from './command.ts';
import { table } from './print.ts';

const flaws = {
  'password-too-short': 'is too short:',
  'password-too-long': 'is too long: 256 characters at most',
  'password-common': 'is one of those that everybody tries first',
  'password-about-you': 'is the name of the person or the place',
} as const;

const create = defineCommand({
  takes: '<username> [options]',
  about: `Makes an account; its password is shown once.

  --name "Ada Ekberg"          otherwise the user name
  --email ada@example.org      signs in, too
  --password-stdin             reads the password instead of making one`,
  options: {
    name: { type: 'string' },
    email: { type: 'string' },
    'password-stdin': { type: 'boolean' },
  },
  async run(house, { names, values }) {
    const username = onlyOne(names, 'username');
    const { name = username, email } = values;
    if (email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(email)) {
      throw new Mistake(`"${email}" is not a mail address.`);
    }
    const typed = values['password-stdin'] ? (await text(process.stdin)).replace(/\r?\n$/, '') : '';
    if (values['password-stdin'] && !typed) throw new Mistake('There is no password on the input.');
    const password = typed || randomId();
    const context = [username, name, email ?? '', house.settings.organisation.name];
    const flaw = await house.checkPassword(password, context);
    const fewest = fewestCharacters(house.policy.current());
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
  },
});

const list = defineCommand({
  takes: '',
  about: 'All accounts.',
  options: {},
  async run({ accounts: all }) {
    const rows = (await all.list()).map(({ username, name, credentials, disabledAt }) => [
      username,
      name,
      credentials.map(({ kind }) => kind).join(', '),
      disabledAt ? 'disabled' : '',
    ]);
    return table([['username', 'name', 'credentials', ''], ...rows]);
  },
});

const disable = defineCommand({
  takes: '<username>',
  about: 'Signs out and keeps out.',
  options: {},
  async run({ accounts: all }, { names }) {
    const account = await named(all, names);
    await all.setDisabled(account._id, systemClock.now());
    return `"${account.username}" can no longer sign in.\n`;
  },
});

const enable = defineCommand({
  takes: '<username>',
  about: 'Lets in again.',
  options: {},
  async run({ accounts: all }, { names }) {
    const account = await named(all, names);
    await all.setDisabled(account._id, undefined);
    return `"${account.username}" can sign in again.\n`;
  },
});

const unlock = defineCommand({
  takes: '<username>',
  about: 'Forgets wrong passwords and codes.',
  options: {},
  async run({ accounts: all }, { names }) {
    const account = await named(all, names);
    await all.clearAttempts(account._id);
    return `Nothing that was tried for "${account.username}" counts any more.\n`;
  },
});

export const accounts: Group = {
  about: 'People who sign in.',
  commands: { create, list, disable, enable, unlock },
};

async function named(all: Household['accounts'], names: readonly string[]) {
  const username = onlyOne(names, 'username');
  const account = await all.findByIdentifier(username);
  if (!account) throw new Mistake(`There is no account "${username}".`);
  return account;
}
