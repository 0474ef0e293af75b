/**
 * doorstep roles and doorstep groups: what accounts belong to.
 */
import type { Administration } from '../../src/administration/administration.ts';
import { isRefusalOf } from '../../src/administration/refusal.ts';
import { defineCommand, type Group } from './command.ts';
import { isSoAlready, jsonLine, named, printable, table } from './print.ts';
import { reasonHelp, reasonIn, reasonOption } from './reason.ts';
import { unfitMembership } from './refusals.ts';
import { Mistake } from './run.ts';

export const memberships = (which: 'roles' | 'groups'): Group => {
  const one = which.slice(0, -1);

  /** A line for each that there is nothing to take away of: its name may be mistyped. */
  async function without(
    { accounts }: Administration,
    username: string,
    names: readonly string[],
  ): Promise<string[]> {
    const held = (await accounts.find(username))[which];
    const lacks = which === 'roles' ? 'does not have the role' : 'is not in the group';
    return names
      .filter((name) => !held.includes(name))
      .map((name) => `Note: ${named(username)} ${lacks} ${printable(name)}.\n`);
  }

  function explain(error: unknown): never {
    if (!isRefusalOf('membership-unfit', error)) throw error;
    throw new Mistake(unfitMembership(error.details.name, one));
  }

  const change = (verb: 'add' | 'remove') =>
    defineCommand({
      names: ['<username>', `<${one}>`, '[<another>...]'],
      takes: '[--reason <why>] [--confirm]',
      about: `${verb === 'add' ? 'Puts somebody into' : 'Takes somebody out of'} ${which}.
${reasonHelp}
  --confirm        also where they would lose their second step by it`,
      options: { ...reasonOption, confirm: { type: 'boolean' } },
      async run({ administration }, { names: [username, ...names], values }) {
        const absent = verb === 'remove' ? await without(administration, username, names) : [];
        const wish = { [verb]: names };
        const decision = { reason: reasonIn(values), isConfirmed: values.confirm };
        const { now, isChanged } = await administration[which]
          .change(username, wish, decision)
          .catch(explain);
        const held = now.map(printable).join(', ') || 'none';
        const unchanged = isChanged ? [] : [isSoAlready(named(username))];
        return [...absent, ...unchanged, `${named(username)} has the ${which}: ${held}\n`].join('');
      },
    });

  const list = defineCommand({
    names: ['[<username>]'],
    takes: '[--json]',
    about: `All ${which} with how many people have them, or those of one person.`,
    options: { json: { type: 'boolean' } },
    async run({ administration }, { names: [username], values }) {
      if (username) {
        const held = (await administration.accounts.find(username))[which];
        return held.map((name) => (values.json ? jsonLine(name) : `${printable(name)}\n`)).join('');
      }
      const all = [...(await administration[which].count())];
      if (values.json)
        return all.map(([name, people]) => jsonLine({ [one]: name, people })).join('');
      return table([[one, 'people'], ...all.map(([name, people]) => [name, String(people)])]);
    },
  });

  return {
    about:
      which === 'roles' ? 'What accounts may do here.' : 'What policy may tell accounts apart by.',
    commands: { list, add: change('add'), remove: change('remove') },
  };
};
