/**
 * doorstep sessions: being signed in.
 */
import { defineCommand, type Group, onlyOne } from './command.ts';
import { named } from './print.ts';
import { reasonHelp, reasonIn, reasonOption } from './reason.ts';

const end = defineCommand({
  takes: '<username> [--reason <why>]',
  about: `Ends all sessions, tokens and sign-ins under way of an account, and tells its apps.
${reasonHelp}`,
  options: reasonOption,
  async run({ administration }, { names, values }) {
    const username = onlyOne(names, 'username');
    const account = await administration.accounts.endSessions(username, reasonIn(values));
    return `${named(account.username)} is signed out everywhere.\n`;
  },
});

export const sessions: Group = {
  about: 'Being signed in.',
  commands: { end },
};
