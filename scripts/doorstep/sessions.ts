/**
 * doorstep sessions: being signed in.
 */
import { defineCommand, type Group, onlyOne } from './command.ts';
import { named } from './print.ts';

const end = defineCommand({
  takes: '<username>',
  about: 'Ends all sessions, tokens and sign-ins under way of an account.',
  options: {},
  async run({ administration }, { names }) {
    const account = await administration.accounts.endSessions(onlyOne(names, 'username'));
    return `${named(account.username)} is signed out everywhere.\n`;
  },
});

export const sessions: Group = {
  about: 'Being signed in.',
  commands: { end },
};
