/**
 * doorstep sessions: being signed in.
 */
import { defineCommand, type Group } from './command.ts';
import { named } from './print.ts';
import { reasonHelp, reasonIn, reasonOption } from './reason.ts';

const end = defineCommand({
  names: ['<username>'],
  takes: '[--reason <why>]',
  about: `Ends all sessions, tokens and sign-ins under way of an account, and tells its apps.
${reasonHelp}`,
  options: reasonOption,
  async run({ administration }, { names: [username], values }) {
    const account = await administration.accounts.endSessions(username, reasonIn(values));
    return `${named(account.username)} is signed out everywhere.\n`;
  },
});

export const sessions: Group = {
  about: 'Being signed in.',
  commands: { end },
};
