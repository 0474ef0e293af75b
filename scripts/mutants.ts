/**
 * Whether the tests notice a mistake: `npm run mutants` makes those of test/mutants/ in a copy
 * of the work tree, one after the other, and runs the tests that should catch it. What each
 * mistake is, and who should catch it, stands at the top of its patch.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

import { parsed } from './doorstep/arguments.ts';
import { Mistake, run } from './doorstep/run.ts';
import { copyWorkTree, type WorkTree } from './mutants/work-tree.ts';

const help = `Usage: npm run mutants -- [07 csrf …]

Makes the mistakes of test/mutants/, or those with such a part in their names, and says which of
them the tests catch. Without a name, the same tests must first pass as things are.
`;

interface Mutant {
  readonly name: string;
  /** Its file. */
  readonly patch: string;
  /** The files that should catch it. */
  readonly tests: readonly string[];
}

interface Fate {
  readonly word: 'caught' | 'SURVIVED' | 'BROKEN';
  /** By which test, or why not. */
  readonly how: string;
}

/** As mocha tells of one, without its name where it has a message and values of its own. */
const ASSERTION = /AssertionError|\+ expected - actual/;

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stopping.abort());
}

await run(async () => {
  const options = { help: { type: 'boolean', short: 'h' } } as const;
  const { values, names } = parsed(process.argv.slice(2), options);
  if (values.help) return void process.stdout.write(help);

  const mutants = mutantsNamed(names);
  const tree = await copyWorkTree(stopping.signal);
  try {
    if (names.length === 0) await passAsTheyAre(tree, mutants);
    const fates: Fate[] = [];
    for (const mutant of mutants) fates.push(await told(tree, mutant));
    process.stdout.write(`\n${summary(fates)}\n`);
    if (fates.some(({ word }) => word !== 'caught')) process.exitCode = 1;
  } catch (error) {
    throw stopping.signal.aborted ? new Mistake('Stopped.') : error;
  } finally {
    await tree.remove();
  }
});

function mutantsNamed(parts: readonly string[]): readonly Mutant[] {
  const all = globSync('test/mutants/*.patch').sort().map(read);
  const found = all.filter(
    ({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)),
  );
  if (found.length === 0) throw new Mistake('No mistake has such a name: see test/mutants/.');
  return found;
}

function read(file: string): Mutant {
  const named = /^Caught by: (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1];
  const tests = named?.split(', ') ?? [];
  // Mocha would pass over one of several that is not there.
  if (tests.length === 0 || !tests.every((test) => existsSync(test))) {
    throw new Mistake(`${file} does not say which tests should catch it.`);
  }
  return { name: basename(file, '.patch'), patch: file, tests };
}

/** A test that fails anyway catches nothing. */
async function passAsTheyAre(tree: WorkTree, mutants: readonly Mutant[]): Promise<void> {
  const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))];
  const begun = performance.now();
  const { isGood, output } = await tree.test(tests);
  if (!isGood) throw new Mistake(`${output}\nThese tests fail without any mistake.`);
  print('pass', begun, `${tests.length} files without a mistake`);
}

async function told(tree: WorkTree, mutant: Mutant): Promise<Fate> {
  const begun = performance.now();
  const fate = await fateOf(tree, mutant);
  print(fate.word, begun, `${mutant.name}: ${fate.how}`);
  return fate;
}

async function fateOf(tree: WorkTree, { patch, tests }: Mutant): Promise<Fate> {
  if (!(await tree.apply(patch))) return { word: 'BROKEN', how: 'the patch no longer applies' };
  const { isGood, output } = await tree.test(tests, { isFirstFailureEnough: true });
  if (!(await tree.revert(patch))) throw new Error('a mistake cannot be taken back');
  if (isGood) return { word: 'SURVIVED', how: `nothing failed in ${tests.join(', ')}` };
  // What does not even load would be noticed by any test at all.
  const failed = /^ +1\) (.+)$/m.exec(output)?.[1];
  return failed !== undefined && ASSERTION.test(output)
    ? { word: 'caught', how: failed }
    : { word: 'BROKEN', how: `no assertion failed\n${output}` };
}

function summary(fates: readonly Fate[]): string {
  const count = (word: Fate['word']): number => fates.filter((fate) => fate.word === word).length;
  const broken = count('BROKEN');
  const rest = broken > 0 ? `, ${broken} broken` : '';
  return `${count('caught')} caught, ${count('SURVIVED')} survived${rest}`;
}

function print(word: string, begun: number, text: string): void {
  const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(6);
  process.stdout.write(`${word.padEnd(8)} ${seconds} s  ${text}\n`);
}
