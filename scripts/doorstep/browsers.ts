/**
 * doorstep browsers: where somebody is not asked for the second step again.
 */
import { defineCommand, type Group } from './command.ts';
import { columns, jsonLine, named } from './print.ts';
import { reasonHelp, reasonIn, reasonOption } from './reason.ts';
import { Misuse } from './run.ts';

const list = defineCommand({
  names: ['<username>'],
  takes: '[--json]',
  about: 'The browsers that an account trusts, with the ids by which that is ended.',
  options: { json: { type: 'boolean' } },
  async run({ administration }, { names: [username], values }) {
    const held = await administration.browsers.list(username);
    if (values.json) return held.map((browser) => jsonLine(browser)).join('');
    const head = ['id', 'browser', 'second step', 'last used', 'until'];
    return columns(head, held, ({ id, browser = '', ...at }) => [
      ...[id, browser],
      ...[at.provedAt, at.lastUsedAt, at.until].map((date) => date.toISOString()),
    ]);
  },
});

const revoke = defineCommand({
  names: ['<username>', '[<id>]'],
  takes: '[--all] [--reason <why>]',
  about: `Has the second step asked again in one browser, or with --all in every one.
${reasonHelp}`,
  options: { ...reasonOption, all: { type: 'boolean' } },
  async run({ administration }, { names: [username, id], values }) {
    const { browsers } = administration;
    const reason = reasonIn(values);
    if ((id === undefined) !== (values.all === true)) {
      throw new Misuse('Name one browser by its id, or all of them with --all.');
    }
    const { count } = await (id === undefined
      ? browsers.revokeAll(username, reason)
      : browsers.revoke(username, { id, reason }));
    if (count === 0) return `${named(username)} trusts no browser.\n`;
    return `${named(username)} is asked again in ${count === 1 ? '1 browser' : `${count} browsers`}.\n`;
  },
});

export const browsers: Group = {
  about: 'Where somebody is not asked for the second step again.',
  commands: { list, revoke },
};
