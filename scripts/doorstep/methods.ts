/**
 * doorstep methods: what somebody can verify with.
 */
import { defineCommand, type Group } from './command.ts';
import { Misuse } from './run.ts';
import { columns, jsonLine, named } from './print.ts';
import { reasonHelp, reasonIn, reasonOption } from './reason.ts';
import { typedLine } from './typed-line.ts';

const list = defineCommand({
  names: ['<username>'],
  takes: '[--json]',
  about: 'The methods of an account, with the ids by which they are removed.',
  options: { json: { type: 'boolean' } },
  async run({ administration }, { names: [username], values }) {
    const held = await administration.methods.list(username);
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
  names: ['<username>', '<totp|phone|recovery-codes>', '[<number>]'],
  takes: '[--reason <why>]',
  about: `Adds a method whose secret is known. It counts at once.

  totp             reads the seed in base 32 from the input: 128 bits at least, for codes of 6
                   digits, 30 seconds and SHA1
  phone <number>   a mobile phone, such as +14255550134
  recovery-codes   makes ten and shows them once; older ones are void
${reasonHelp}`,
  options: reasonOption,
  async run({ administration }, { names: [username, kind, number], values }, { stdin }) {
    const reason = reasonIn(values);
    if ((number !== undefined) !== (kind === 'phone')) {
      throw new Misuse('A phone needs a number, and nothing else has one.');
    }
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
  names: ['<username>', '<id>'],
  takes: '[--reason <why>]',
  about: `Removes a method and signs out everywhere. Who has none left and needs one is asked to set
one up at the next sign-in.
${reasonHelp}`,
  options: reasonOption,
  async run({ administration }, { names: [username, id], values }) {
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
