import { readFileSync } from 'node:fs';

import { expect } from 'chai';
import { parse } from 'yaml';

import { variables } from '../../src/config/environment.ts';
import { keysAt, outlinesAt } from '../../src/config/outline.ts';

const file = readFileSync(new URL('../../config/default.yaml', import.meta.url), 'utf8');

/** Every setting of the schema, as a path with dots. */
function settingsOf(path: readonly string[] = []): string[] {
  const keys = keysAt(path);
  // What may be said in one word is one setting, whatever else may stand in its place.
  const isOne = outlinesAt(path).some(({ type }) => type !== undefined && type !== 'object');
  return keys.length === 0 || isOne
    ? [path.join('.')]
    : keys.flatMap((key) => settingsOf([...path, key]));
}

/** Every setting that a file names, whether it gives a value or not. */
function settingsIn(value: unknown, path: readonly string[] = []): string[] {
  const isSection = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isSection
    ? Object.entries(value).flatMap(([key, inner]) => settingsIn(inner, [...path, key]))
    : [path.join('.')];
}

describe('config/default.yaml', () => {
  it('names every setting of the schema, and no other', () => {
    expect(settingsIn(parse(file))).to.have.members(settingsOf());
  });

  it('says of every variable which setting it fills', () => {
    const lines = file.split('\n');
    for (const { name, path, isSecret } of variables) {
      const note = lines.findIndex((line) => line.includes(isSecret ? `[${name} +]` : `[${name}]`));
      expect(note, `${name} is not mentioned`).to.be.greaterThan(-1);
      const setting = lines.slice(note).find((line) => !line.trim().startsWith('#'));
      expect(setting?.trim(), name).to.match(new RegExp(`^${path.at(-1) ?? ''}:`));
    }
  });

  it('explains every section or setting that stands first in its group', () => {
    const lines = file.split('\n');
    const groups = lines.filter((line, index) => line !== '' && (lines[index - 1] ?? '') === '');
    const bare = groups.filter((line) => !line.startsWith('#') && !/^\w+:$/.test(line));
    expect(bare).to.deep.equal([]);
  });
});

describe('the schema of the settings', () => {
  it('has a ceiling for every number', () => {
    const open = settingsOf().filter((path) =>
      outlinesAt(path.split('.')).some(
        ({ type, maximum = Infinity }) =>
          (type === 'integer' || type === 'number') && maximum >= Number.MAX_SAFE_INTEGER,
      ),
    );
    expect(open).to.deep.equal([]);
  });
});
