/**
 * doorstep policy: what the organisation decides, in force in every process within five seconds.
 */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import { parseDocument, stringify, type YAMLError } from 'yaml';

import type { Decided } from '../../src/administration/policy.ts';
import { defineCommand, type Group } from './command.ts';
import { isSoAlready, jsonLine, printable, table } from './print.ts';
import { reasonIn, reasonOption } from './reason.ts';
import { Mistake, Misuse } from './run.ts';

const show = defineCommand({
  takes: '[--version <number>] [--json]',
  about: `Shows the policy in force, or an earlier version.

  --version <number>   that version; see "policy history"
  --json               as one line of JSON`,
  options: { version: { type: 'string' }, json: { type: 'boolean' } },
  async run({ administration }, { values: { version: typed, json } }) {
    const wanted = typed === undefined ? undefined : versionIn(typed);
    const { _id: version, policy } = await administration.policy.find(wanted);
    return json ? jsonLine({ version, policy }) : `# version ${version}\n${stringify(policy)}`;
  },
});

const history = defineCommand({
  about: 'Lists all versions: when, who and why.',
  options: {},
  async run({ administration }) {
    const rows = (await administration.policy.history()).map(({ _id, at, author, reason }) => [
      String(_id),
      at.toISOString(),
      author,
      reason,
    ]);
    return table([['version', 'at', 'by', 'why'], ...rows]);
  },
});

const decisionOptions = { ...reasonOption, confirm: { type: 'boolean' } } as const;

const decisionHelp = `
  --reason <why>   kept with the version
  --confirm        also where people would lose their second step: they are named before`;

interface DecisionValues {
  readonly reason?: string;
  readonly confirm?: boolean;
}

function decisionIn({ confirm: isConfirmed, ...values }: DecisionValues) {
  const reason = reasonIn(values);
  if (reason === undefined) throw new Misuse('A --reason is needed; it is kept with the version.');
  return { reason, isConfirmed };
}

const set = defineCommand({
  names: ['<key>', '<value>'],
  takes: '--reason <why> [--confirm]',
  about: `Changes one part of the policy.

  <key>            as "policy show" names it, such as twoSteps or methods.text.signIn
  <value>          as in YAML: everyone, false, 14, [DE, FR]
${decisionHelp}

A method is for everybody (true), nobody (false), or some groups:

  methods.text.signIn.exclude groups:contractors           everybody else
  methods.code.signIn.include '[groups:staff, groups:it]'  these alone; who is excluded stays so
  methods.text.signIn true                                 everybody again`,
  options: decisionOptions,
  async run({ administration }, { names: [key, value], values }) {
    const wanted = yaml(value, Misuse);
    return inForce(await administration.policy.set(key, wanted, decisionIn(values)));
  },
});

const replace = defineCommand({
  names: ['<file|->'],
  takes: '--reason <why> [--confirm]',
  about: `Replaces the policy by a file as "policy show" writes it.

  <file|->         YAML or JSON; - reads the input
${decisionHelp}`,
  options: decisionOptions,
  async run({ administration }, { names: [file], values }, { stdin }) {
    const written = file === '-' ? await text(stdin) : await readPolicyFile(file);
    return inForce(await administration.policy.replace(yaml(written), decisionIn(values)));
  },
});

export const policy: Group = {
  about: 'What the organisation decides.',
  commands: { show, history, set, replace },
};

const IN_VAIN =
  'Note: trustedBrowsers spares nobody anything: with twoSteps when-asked only apps ask for a second ' +
  'step, and for them it counts only with trustedBrowsers.satisfiesMfa true.';

const inForce = ({ version, isChanged, emptyGroups, isTrustInVain }: Decided): string =>
  [
    isChanged
      ? `Version ${version} is in force within five seconds.`
      : isSoAlready(`version ${version}`).trimEnd(),
    ...emptyGroups.map((group) => `Note: nobody is in the group ${printable(group)}.`),
    ...(isTrustInVain ? [IN_VAIN] : []),
    '',
  ].join('\n');

function versionIn(typed: string): number {
  if (!/^\d{1,9}$/.test(typed)) throw new Misuse('--version takes a number.');
  return Number(typed);
}

async function readPolicyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Mistake(`"${file}" cannot be read.`, { cause: error });
  }
}

/** Not in the library's own words, which are for programmers; `silent` would pass two documents. */
function yaml(written: string, Wrong = Mistake): unknown {
  const document = parseDocument(written, { logLevel: 'error' });
  const [flaw] = [...document.errors, ...document.warnings];
  if (flaw) throw new Wrong(`The value is not YAML${placeOf(flaw)}.`);
  try {
    return document.toJS() as unknown;
  } catch (error) {
    throw new Wrong('The value is not YAML.', { cause: error });
  }
}

function placeOf({ linePos }: YAMLError): string {
  const start = linePos?.[0];
  return start ? `: line ${start.line}, column ${start.col}` : '';
}
