/**
 * doorstep policy: what the organisation decides, in force in every process within five seconds.
 */
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { text } from 'node:stream/consumers';

import { parse, stringify, YAMLParseError } from 'yaml';
import { ZodError } from 'zod';

import { isConfigured } from '../../src/channels/index.ts';
import { explain } from '../../src/config/problems.ts';
import { leavesSecondStep, policyShape } from '../../src/policy/shape.ts';
import type { Services } from '../services.ts';
import { defineCommand, type Group, Mistake, onlyOne } from './command.ts';
import { jsonLine, table } from './print.ts';
import { reasonIn, reasonOption } from './reason.ts';

const MOST_SHOWN = 1000;

const show = defineCommand({
  takes: '[--version <number>] [--json]',
  about: `Shows the policy in force, or an earlier version.

  --version <number>   that version; see "policy history"
  --json               as one line of JSON`,
  options: { version: { type: 'string' }, json: { type: 'boolean' } },
  async run({ policies }, { values }) {
    const stored =
      values.version === undefined
        ? await policies.newest()
        : await policies.find(Number(values.version));
    if (!stored) throw new Mistake(`There is no version "${values.version ?? ''}".`);
    const { _id: version, policy } = stored;
    return values.json
      ? jsonLine({ version, policy })
      : `# version ${version}\n${stringify(policy)}`;
  },
});

const history = defineCommand({
  takes: '',
  about: 'Lists all versions: when, who and why.',
  options: {},
  async run({ policies }) {
    const rows = (await policies.history(MOST_SHOWN)).map(({ _id, at, author, reason }) => [
      String(_id),
      at.toISOString(),
      author,
      reason,
    ]);
    return table([['version', 'at', 'by', 'why'], ...rows]);
  },
});

const set = defineCommand({
  takes: '<key> <value> --reason <why>',
  about: `Changes one part of the policy.

  <key>            as "policy show" names it, such as twoSteps or methods.text.signIn
  <value>          as in YAML: everyone, false, 14, [DE, FR]
  --reason <why>   kept with the version`,
  options: reasonOption,
  async run(house, { names, values }) {
    const [key, value, ...rest] = names;
    if (key === undefined || value === undefined || rest.length > 0) {
      throw new Mistake('One key and one value are needed.');
    }
    const changed = withValue(await currentPolicy(house), key.split('.'), yaml(value), key);
    return save(house, changed, reasonIn(values));
  },
});

const replace = defineCommand({
  takes: '<file|-> --reason <why>',
  about: `Replaces the policy by a file as "policy show" writes it.

  <file|->         YAML or JSON; - reads the input
  --reason <why>   kept with the version`,
  options: reasonOption,
  async run(house, { names, values }, { stdin }) {
    const file = onlyOne(names, 'file');
    const written = file === '-' ? await text(stdin) : await readPolicyFile(file);
    return save(house, yaml(written), reasonIn(values));
  },
});

export const policy: Group = {
  about: 'what the organisation decides',
  commands: { show, history, set, replace },
};

async function currentPolicy({ policies }: Services): Promise<unknown> {
  return (await policies.newest())?.policy;
}

async function save(house: Services, changed: unknown, reason?: string): Promise<string> {
  if (reason === undefined) throw new Mistake('A --reason is needed; it is kept with the version.');
  const basedOn = (await house.policies.newest())?._id ?? 0;
  const sound = checked(changed);
  if (!leavesSecondStep(sound, (name) => isConfigured(house.settings.channels, name))) {
    throw new Mistake('This leaves no second step: none is on, or only such as need a carrier.');
  }
  const author = `command line (${userInfo().username})`;
  const change = { policy: sound, author, reason, basedOn };
  const told = house.telling.event('policy.changed', { version: basedOn + 1 }, { reason });
  await house.telling.before([told]);
  if (!(await house.policy.change(change))) {
    throw new Mistake('Somebody else changed the policy at this moment: look at it and try again.');
  }
  return `Version ${basedOn + 1} is in force within five seconds.\n`;
}

function checked(value: unknown) {
  try {
    return policyShape.parse(value);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const problems = error.issues
      .map((issue) => ({ ...issue, path: ['policy', ...issue.path] }))
      .flatMap((issue) => explain(issue, { policy: value }, () => ''));
    throw new Mistake(problems.map(({ where, what }) => `${where} ${what}`).join('\n'));
  }
}

async function readPolicyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Mistake(`"${file}" cannot be read.`, { cause: error });
  }
}

function yaml(written: string): unknown {
  try {
    return parse(written) as unknown;
  } catch (error) {
    if (error instanceof YAMLParseError) throw new Mistake(error.message);
    throw error;
  }
}

/** A copy with one value replaced; what is not there cannot be replaced. */
function withValue(
  part: unknown,
  [first = '', ...rest]: readonly string[],
  value: unknown,
  key: string,
): unknown {
  if (typeof part !== 'object' || part === null || !Object.hasOwn(part, first)) {
    throw new Mistake(`There is no "${key}" in the policy; see "policy show".`);
  }
  const inner = (part as Readonly<Record<string, unknown>>)[first];
  return { ...part, [first]: rest.length > 0 ? withValue(inner, rest, value, key) : value };
}
