/**
 * doorstep passes: temporary access passes, for whoever cannot sign in.
 */
import type { IssuedPass } from '../../src/administration/passes.ts';
import { defineCommand, type Group } from './command.ts';
import { named } from './print.ts';
import { reasonHelp, reasonIn, reasonOption } from './reason.ts';
import { Misuse } from './run.ts';

const issue = defineCommand({
  names: ['<username>'],
  takes: '[options]',
  about: `Gives somebody a pass that stands for the password and the second step, and shows it once.
It is typed where the password is asked; then they choose a new password. One they had is void.

  --minutes <number>   how long it is good: 10 to 480, or what policy allows; otherwise 60
  --from <time>        from when on, such as 2026-12-01T09:00Z; at most 30 days ahead
  --often              until its end, and not once only
${reasonHelp}`,
  options: {
    minutes: { type: 'string' },
    from: { type: 'string' },
    often: { type: 'boolean' },
    ...reasonOption,
  },
  async run({ administration }, { names: [username], values }) {
    return shown(
      await administration.passes.issue(username, {
        minutes: minutesIn(values),
        startsAt: startIn(values),
        isOnce: !values.often,
        reason: reasonIn(values),
      }),
    );
  },
});

const shown = ({ username, code, startsAt, endsAt, isOnce }: IssuedPass): string =>
  `Temporary access pass of ${named(username)} (shown this once): ${code}
It is good ${isOnce ? 'once ' : ''}from ${startsAt.toISOString()} to ${endsAt.toISOString()}, where the password is asked.
`;

function minutesIn({ minutes }: { readonly minutes?: string | undefined }): number | undefined {
  if (minutes === undefined) return undefined;
  if (!/^\d{1,6}$/.test(minutes)) throw new Misuse('--minutes must be a number.');
  return Number(minutes);
}

/** With its zone, or nobody could say when it begins. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

function startIn({ from }: { readonly from?: string | undefined }): Date | undefined {
  if (from === undefined) return undefined;
  const at = new Date(from);
  if (!INSTANT.test(from) || Number.isNaN(at.getTime())) {
    throw new Misuse('--from must be a time with its zone, such as 2026-12-01T09:00Z.');
  }
  return at;
}

const revoke = defineCommand({
  names: ['<username>'],
  takes: '[--reason <why>]',
  about: `Takes a pass back, used or not, and signs out everywhere.
${reasonHelp}`,
  options: reasonOption,
  async run({ administration }, { names: [username], values }) {
    const account = await administration.passes.revoke(username, reasonIn(values));
    return `${named(account.username)} has no pass any more, and is signed out everywhere.\n`;
  },
});

export const passes: Group = {
  about: 'Temporary access passes, for whoever cannot sign in.',
  commands: { issue, revoke },
};
