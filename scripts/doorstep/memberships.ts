/**
 * doorstep roles and doorstep groups: what accounts belong to.
 */
import { defineCommand, type Group, Misuse } from './command.ts';
import { jsonLine, named, printable, table } from './print.ts';
import { reasonHelp, reasonIn, reasonOption } from './reason.ts';

export const memberships = (which: 'roles' | 'groups'): Group => {
  const one = which.slice(0, -1);

  const change = (verb: 'add' | 'remove') =>
    defineCommand({
      takes: `<username> <${one}> [<another>] [--reason <why>] [--confirm]`,
      about: `${verb === 'add' ? 'Puts somebody into' : 'Takes somebody out of'} ${which}.
${reasonHelp}
  --confirm        also where they would lose their second step by it`,
      options: { ...reasonOption, confirm: { type: 'boolean' } },
      async run({ administration }, { names: [username, ...names], values }) {
        if (!username || names.length === 0)
          throw new Misuse(`A username and a ${one} are needed.`);
        const wish = { [verb]: names };
        const now = await administration[which].change(username, wish, {
          reason: reasonIn(values),
          isConfirmed: values.confirm,
        });
        return `${named(username)} has the ${which}: ${now.map(printable).join(', ') || 'none'}\n`;
      },
    });

  const list = defineCommand({
    takes: '[<username>] [--json]',
    about: `All ${which} with how many people have them, or those of one person.`,
    options: { json: { type: 'boolean' } },
    async run({ administration }, { names, values }) {
      const [username] = names;
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
