/**
 * What one more method takes: its folder and one line, its pages, words and settings. A copy of the
 * house is given one that is answered by a provider's callback, and told a story; where its words,
 * pages or settings are missing, the tests that are there already say so.
 */
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';
import { parse, stringify } from 'yaml';

const root = join(import.meta.dirname, '..', '..');
const extension = join(root, 'test', 'extension', 'ring');
const HOUSE = ['src', 'views', 'config', 'scripts', 'test', 'docs', 'README.md', 'package.json'];

type Part = 'words' | 'pages' | 'settings';

/** A copy with the method's folder and line, and those parts of the rest. */
function houseWith(parts: readonly Part[]): string {
  const house = mkdtempSync(join(tmpdir(), 'doorstep-method-'));
  for (const part of HOUSE) cpSync(join(root, part), join(house, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'));
  const at = (path: string): string => join(house, path);
  const edit = (path: string, change: (text: string) => string): void =>
    writeFileSync(at(path), change(readFileSync(at(path), 'utf8')));

  cpSync(join(extension, 'index.ts'), at('src/methods/ring/index.ts'));
  edit('src/methods/index.ts', (text) =>
    text
      .replace('import { text }', "import { ring } from './ring/index.ts';\nimport { text }")
      .replace('  text,\n', '  text,\n  ring,\n'),
  );
  cpSync(join(extension, 'messages'), at('views/messages/ring'), { recursive: true });
  cpSync(join(extension, 'story.ts'), at('test/http/ring/ring.test.ts'));
  if (parts.includes('pages')) {
    cpSync(join(extension, 'views'), at('views/methods/ring'), { recursive: true });
  }
  if (parts.includes('words')) {
    const words = jsonIn(join(extension, 'words.json'));
    for (const language of readdirSync(at('views/words'))) {
      const all = { ...jsonIn(at(`views/words/${language}`)), ...words };
      const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
      writeFileSync(at(`views/words/${language}`), JSON.stringify(sorted));
    }
  }
  if (parts.includes('settings')) {
    edit('config/default.yaml', (text) => stringify(merged(parse(text), settings())));
  }
  return house;
}

const jsonIn = (file: string): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>; // our own files

const settings = (): unknown => jsonIn(join(extension, 'settings.json'));

function merged(one: unknown, other: unknown): unknown {
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return other;
  const both = Object.entries(other).map(([key, value]) => [
    key,
    merged(Reflect.get(one, key), value),
  ]);
  return { ...one, ...(Object.fromEntries(both) as object) };
}

/** What the tests of that house say, all in one. */
async function testsIn(house: string, files: readonly string[]) {
  const mocha = join(house, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const options = ['--no-config', '--reporter', 'spec', '--timeout', '60000', '--exit'];
  return new Promise<{ isGreen: boolean; said: string }>((resolve) => {
    execFile(
      process.execPath,
      [mocha, ...options, ...files],
      { cwd: house, env: { ...process.env, FORCE_COLOR: '0' }, maxBuffer: 2 ** 24 },
      (error, stdout, stderr) => resolve({ isGreen: !error, said: `${stdout}${stderr}` }),
    );
  });
}

describe('One more method', () => {
  const houses: string[] = [];
  after(() => houses.forEach((house) => rmSync(house, { recursive: true, force: true })));

  async function tell(parts: readonly Part[], files: readonly string[]) {
    const house = houseWith(parts);
    houses.push(house);
    return testsIn(house, files);
  }

  it('is its folder and one line, its pages, words and settings', async () => {
    const files = ['test/http/ring/ring.test.ts', 'test/contract/walls.test.ts'];
    const { isGreen, said } = await tell(['pages', 'words', 'settings'], files);
    expect(isGreen, said).to.equal(true);
  }).timeout(120_000);

  it('is complained of without its pages and words', async () => {
    const { isGreen, said } = await tell(['settings'], ['test/contract/methods.test.ts']);
    expect(isGreen).to.equal(false);
    expect(said).to.match(/ring\n[^]*\d\) has a page to answer on[^]*\d\) has words/);
  }).timeout(120_000);

  it('is complained of without its settings and policy', async () => {
    const files = ['test/contract/settings.test.ts'];
    const { isGreen, said } = await tell(['pages', 'words'], files);
    expect(isGreen).to.equal(false);
    expect(said).to.contain('methods.ring').and.to.contain('policy.methods.ring');
  }).timeout(120_000);
});
