/**
 * The tables of README and docs that follow from the code. `npx node scripts/tables.ts` writes
 * them between their markers; test/contract/documents.test.ts says when that is due.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';

import { type HTMLElement, parse } from 'node-html-parser';

import { variables } from '../src/config/environment.ts';
import { methods } from '../src/methods/index.ts';
import { isSecondStep } from '../src/methods/method.ts';
import { loadLanguages } from '../src/web/language.ts';
import { createPages } from '../src/web/page.ts';
import { loadTemplates } from '../src/web/templates.ts';
import { demoPeople } from './demo-people.ts';
import { pageSamples } from './gallery-samples.ts';

type Row = readonly string[];

const languages = loadLanguages('views/words');
const tables: Readonly<Record<string, () => readonly Row[]>> = {
  people: () => [
    ['user name', 'password', 'second step'],
    ...demoPeople.map((person) => [
      code(person.username),
      code(person.password),
      person.secondStep,
    ]),
  ],
  methods: () => [
    [
      ...['method', 'id', 'proves', '`amr`', 'two-step verification', 'password reset'],
      'can be the default',
    ],
    ...Object.entries(methods).map(methodRow),
  ],
  variables: () => [
    ['variable', 'setting'],
    ...variables.map(({ name, path, isSecret }) => [
      [name, ...(isSecret ? [`${name}_FILE`] : [])].map(code).join(' or '),
      code(path.join('.')),
    ]),
  ],
  steps: () => [['`data-step`', 'posts to', 'fields', 'on page'], ...stepRows()],
  decisions: () => [['file', 'why so'], ...globSync('src/**/*.ts').sort().flatMap(decisionIn)],
};

/** A document as it should be: each of its tables between its markers. */
export function withTables(document: string): string {
  return Object.entries(tables).reduce((text, [name, rowsOf]) => {
    const [opening, closing] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
    const [before = '', inside, ...others] = text.split(opening);
    if (inside === undefined) return text;
    const after = inside.split(closing)[1];
    if (after === undefined || others.length > 0) throw new Error(`no place for ${name}`);
    return `${before}${opening}${markdown(rowsOf())}${closing}${after}`;
  }, document);
}

/** Those that people read: README.md and docs/. */
export const documents: readonly string[] = ['README.md', ...globSync('docs/*.md').sort()];

export const tableNames: readonly string[] = Object.keys(tables);

function methodRow([id, method]: [string, (typeof methods)[keyof typeof methods]]): Row {
  const purposes: readonly string[] = method.purposes;
  const name = languages.choose(['en']).t(`methods/${id}.name`);
  const can = [isSecondStep(method), purposes.includes('reset'), 'canBeDefault' in method];
  const yesNo = can.map((is) => (is ? 'yes' : 'no'));
  return [name, code(id), method.factor, method.amr.map(code).join(' '), ...yesNo];
}

/** From the pages themselves, in every state of the gallery. */
function stepRows(): Row[] {
  const templates = loadTemplates('views');
  const organisation = { name: 'Doorstep' };
  const { render } = createPages({ templates, languages, organisation, asset: (name) => name });
  const forms = pageSamples.flatMap(([page, states]) =>
    Object.values(states)
      .flatMap((props) =>
        parse(render(page, props, { locale: 'en' })).querySelectorAll('form[data-step]'),
      )
      .map((form) => ({ page, row: formRow(form) })),
  );
  return Object.values(Object.groupBy(forms, ({ row }) => row.join())).map((same = []) => [
    ...(same[0]?.row ?? []),
    [...new Set(same.map(({ page }) => page))].join(', '),
  ]);
}

function formRow(form: HTMLElement): Row {
  const names = form.querySelectorAll('[name]').map(({ attributes }) => attributes.name ?? '');
  const fields = [...new Set(names)].filter((name) => name !== '_csrf').map(code);
  const { 'data-step': step = '', action = '' } = form.attributes;
  return [code(step), code(action.split('/').at(-1) ?? ''), fields.join(' ')];
}

function decisionIn(file: string): Row[] {
  const header = /^\/\*\*[^]*?\*\//.exec(readFileSync(file, 'utf8'))?.[0] ?? '';
  const why = /Why so[^:]*:([^]*)\*\//.exec(header)?.[1];
  return why === undefined
    ? []
    : [[`[${file}](../${file})`, why.replaceAll(/\s+(\* ?)?/g, ' ').trim()]];
}

const code = (text: string): string => `\`${text}\``;
const line = (cells: Row): string => `| ${cells.join(' | ')} |\n`;
const markdown = ([head = [], ...rows]: readonly Row[]): string =>
  [head, head.map(() => '---'), ...rows].map(line).join('');

if (import.meta.main) {
  for (const file of documents) writeFileSync(file, withTables(readFileSync(file, 'utf8')));
}
