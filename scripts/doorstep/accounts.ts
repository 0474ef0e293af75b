/**
 * doorstep accounts: people who sign in.
 */
import type { Administration } from '../../src/administration/administration.ts';
import type { Changed, Named } from '../../src/administration/deps.ts';
import type { ShownAccount } from '../../src/administration/people.ts';
import { exportAccounts, importAccounts } from './accounts-in-bulk.ts';
import { defineCommand, type Group } from './command.ts';
import { explain } from './explain.ts';
import { columns, isSoAlready, jsonLine, lines, named } from './print.ts';
import { profileFrom, profileHelp, profileOptions, update } from './profile.ts';
import { reasonHelp, reasonIn, reasonOption } from './reason.ts';
import { Misuse } from './run.ts';
import { typedLine } from './typed-line.ts';

const passwordStdin = { 'password-stdin': { type: 'boolean' } } as const;

const create = defineCommand({
  names: ['<username>'],
  takes: '[options]',
  about: `Makes an account; its password is shown once.

  --name "Ada Ekberg"        otherwise the user name${profileHelp}
  --role <role>              may be given several times
  --group <group>            may be given several times
  --password-stdin           reads the password instead of making one`,
  options: {
    ...profileOptions,
    role: { type: 'string', multiple: true },
    group: { type: 'string', multiple: true },
    ...passwordStdin,
  },
  async run({ administration }, { names: [username], values }, { stdin }) {
    const { role: roles, group: groups } = values;
    const person = {
      username,
      ...profileFrom(values),
      ...(roles && { roles }),
      ...(groups && { groups }),
    };
    const typed = values['password-stdin'] ? await typedLine(stdin, 'password') : undefined;
    const { account, made } = await administration.accounts.create(person, typed);
    const shown = made === undefined ? '' : `Password (shown this once): ${made}\n`;
    return `Account ${named(account.username)} is made.\n${shown}`;
  },
});

const list = defineCommand({
  takes: '[options]',
  about: `All accounts, by user name.

  --group <group>, --role <role>
  --state enabled|disabled
  --json                      an object per line`,
  options: {
    group: { type: 'string' },
    role: { type: 'string' },
    state: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run({ administration }, { values }) {
    const { state, json = false, ...sought } = values;
    if (state !== undefined && state !== 'enabled' && state !== 'disabled') {
      throw new Misuse('--state must be enabled or disabled.');
    }
    const found = await administration.accounts.list({ ...sought, ...(state && { state }) });
    if (json) return lines(found, (account) => jsonLine(summary(account)));
    return columns(['username', 'name', 'methods', 'groups', ''], found, (account) => [
      account.username,
      account.name,
      account.methods.map(({ method }) => method).join(', '),
      account.groups.join(', '),
      account.disabledAt ? 'disabled' : '',
    ]);
  },
});

const show = defineCommand({
  names: ['<username>'],
  about: 'What is known of an account, as JSON; no secrets.',
  options: {},
  async run({ administration }, { names: [username] }) {
    const account = await administration.accounts.find(username);
    const { profile, lastSignInAt, signedOutAt, passwordChangeDueAt } = account;
    return jsonLine(
      {
        ...summary(account),
        ...{ profile, lastSignInAt, signedOutAt, passwordChangeDueAt },
        methods: account.methods,
        triesSinceSuccess: account.triesSinceSuccess,
      },
      2,
    );
  },
});

const disable = oneAct(
  'Signs out and keeps out.',
  ({ accounts }, username, reason) => accounts.disable(username, reason),
  (name) => `${name} can no longer sign in.`,
);
const enable = oneAct(
  'Lets in again.',
  ({ accounts }, username, reason) => accounts.enable(username, reason),
  (name) => `${name} can sign in again.`,
);
const unlock = oneAct(
  'Forgets wrong passwords and codes.',
  ({ accounts }, username, reason) => accounts.unlock(username, reason),
  (name) => `Nothing that was tried for ${name} counts any more.`,
);

const remove = defineCommand({
  names: ['<username>'],
  takes: '--yes [--reason <why>]',
  about: `Deletes an account for good. Whoever gets the name next is somebody else to all apps.
${reasonHelp}`,
  options: { yes: { type: 'boolean' }, ...reasonOption },
  async run({ administration }, { names: [username], values }) {
    if (!values.yes) throw new Misuse(`This cannot be undone: add --yes to delete "${username}".`);
    const account = await administration.accounts.remove(username, reasonIn(values));
    return `${named(account.username)} is gone.\n`;
  },
});

const setPassword = defineCommand({
  names: ['<username>'],
  takes: '[--password-stdin] [--reason <why>]',
  about: `Gives a new password and signs out everywhere. Without --password-stdin it is made and
shown once.
${reasonHelp}`,
  options: { ...passwordStdin, ...reasonOption },
  async run({ administration }, { names: [username], values }, { stdin }) {
    const typed = values['password-stdin'] ? await typedLine(stdin, 'password') : undefined;
    const made = await administration.passwords.set(username, {
      password: typed,
      reason: reasonIn(values),
    });
    const shown = typed === undefined ? `Password (shown this once): ${made}\n` : '';
    return `${named(username)} has a new password and is signed out everywhere.\n${shown}`;
  },
});

const requirePasswordChange = oneAct(
  'Has the password changed at the next sign-in, because others may know it.',
  ({ passwords }, username, reason) => passwords.requireChange(username, reason),
  (name) => `${name} has to choose a new password at the next sign-in.`,
);

export const accounts: Group = {
  about: 'People who sign in.',
  commands: {
    ...{ create, update, list, show, disable, enable, unlock, 'set-password': setPassword },
    'require-password-change': requirePasswordChange,
    explain,
    ...{ delete: remove, import: importAccounts, export: exportAccounts },
  },
};

function oneAct(
  about: string,
  act: (
    administration: Administration,
    username: string,
    reason?: string,
  ) => Promise<Named & Partial<Changed>>,
  told: (name: string) => string,
) {
  return defineCommand({
    names: ['<username>'],
    takes: '[--reason <why>]',
    about: `${about}\n${reasonHelp}`,
    options: reasonOption,
    async run({ administration }, { names: [username], values }) {
      const account = await act(administration, username, reasonIn(values));
      const name = named(account.username);
      return account.isChanged === false ? isSoAlready(name) : `${told(name)}\n`;
    },
  });
}

const summary = ({ _id, username, name, roles, groups, methods, ...more }: ShownAccount) => ({
  ...{ id: _id, username, name, roles, groups },
  methods: methods.map(({ method }) => method),
  ...(more.disabledAt && { disabledAt: more.disabledAt }),
  createdAt: more.createdAt,
});
