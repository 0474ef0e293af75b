/**
 * doorstep methods: what somebody can verify with.
 */
import { defineCommand, type Group, Misuse, onlyOne } from './command.ts';
import { columns, jsonLine, named } from './print.ts';
import { reasonHelp, reasonIn, reasonOption } from './reason.ts';
import { typedLine } from './typed-line.ts';

const list = defineCommand({
  takes: '<username> [--json]',
  about: 'The methods of an account, with the ids by which they are removed.',
  options: { json: { type: 'boolean' } },
  async run({ administration }, { names, values }) {
    const held = await administration.methods.list(onlyOne(names, 'username'));
    if (values.json) return held.map((method) => jsonLine(method)).join('');
    return columns(['id', 'kind', '', 'added', 'last used'], held, (method) => [
      method.id,
      method.kind,
      method.hint ?? '',
      method.addedAt.toISOString(),
      method.lastUsedAt?.toISOString() ?? '',
    ]);
  },
});

const add = defineCommand({
  takes: '<username> totp|phone|recovery-codes [<number>] [--reason <why>]',
  about: `Adds a method whose secret is known. It counts at once.

  totp             reads the seed in base 32 from the input: 128 bits at least, for codes of 6
                   digits, 30 seconds and SHA1
  phone <number>   a mobile phone, such as +14255550134
  recovery-codes   makes ten and shows them once; older ones are void
${reasonHelp}`,
  options: reasonOption,
  async run({ administration }, { names, values }, { stdin }) {
    const reason = reasonIn(values);
    const [username, kind = '', number, ...rest] = names;
    const isComplete = (number !== undefined) === (kind === 'phone') && rest.length === 0;
    if (!username || !isComplete) throw new Misuse('See methods add --help.');
    const { methods } = administration;
    if (kind === 'recovery-codes') {
      const codes = await methods.makeRecoveryCodes(username, reason);
      return `Recovery codes of ${named(username)} (shown this once):\n${codes.join('\n')}\n`;
    }
    if (kind === 'phone')
      return told(await methods.addPhone(username, { number: number ?? '', reason }));
    if (kind !== 'totp') throw new Misuse('A method to add is totp, phone or recovery-codes.');
    return told(await methods.addApp(username, { secret: await typedLine(stdin, 'seed'), reason }));
  },
});

const told = ({ id, hint }: { id: string; hint?: string }): string =>
  `Method ${id}${hint === undefined ? '' : ` (${hint})`} is added.\n`;

const remove = defineCommand({
  takes: '<username> <id> [--reason <why>]',
  about: `Removes a method and signs out everywhere. Who has none left and needs one is asked to set
one up at the next sign-in.
${reasonHelp}`,
  options: reasonOption,
  async run({ administration }, { names, values }) {
    const [username, id, ...rest] = names;
    if (!username || !id || rest.length > 0) throw new Misuse('A username and an id are needed.');
    const { kind } = await administration.methods.remove(username, {
      id,
      reason: reasonIn(values),
    });
    return `${named(username)} no longer has this ${kind}.\n`;
  },
});

export const methods: Group = {
  about: 'What somebody can verify with.',
  commands: { list, add, remove },
};
