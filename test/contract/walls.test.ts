/**
 * Imports run one way: the table of who may import whom.
 */
import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

import { expect } from 'chai';

import { kinds } from '../../src/credentials/index.ts';
import { methods } from '../../src/methods/index.ts';

/** What a room is built on, whatever it is for. */
const groundOf = (room: string): readonly string[] =>
  room === 'lib' ? [] : room === 'assurance' ? ['lib'] : ['lib', 'assurance'];
const flow = ['flow', 'verification', 'models', 'audit', 'oidc', 'web'];
const approver = [...flow, 'credentials', 'channels'];
const mayImport: Readonly<Record<string, readonly string[]>> = {
  ...{
    lib: [],
    assurance: [],
    metrics: [],
    web: [],
    models: [],
    database: [],
    channels: [],
    credentials: [],
  },
  audit: ['models', 'channels'],
  methods: ['credentials', 'channels'],
  verification: ['methods', 'credentials', 'models', 'audit', 'channels'],
  oidc: ['models', 'web'],
  flow: ['verification', 'methods', 'credentials', 'channels', 'models', 'audit', 'web'],
  ...{
    'sign-in': flow,
    reset: flow,
    'security-info': flow,
    'not-me': approver,
    'help-desk': flow,
    approver,
  },
  administration: [
    ...['verification', 'credentials', 'channels', 'methods', 'models', 'audit', 'oidc', 'policy'],
  ],
  policy: ['methods', 'models', 'channels'],
  config: ['methods', 'channels', 'policy', 'verification'],
};

const files = globSync('src/**/*.ts');
const codeOf = new Map(
  files.map((file) => [file, readFileSync(file, 'utf8').replaceAll(/\/\*[^]*?\*\//g, '')]),
);
const roomOf = (file: string): string => file.split(sep)[1] ?? '';
/** Of types too; a package keeps its name, a file of ours becomes its path. */
const importsOf = (file: string): string[] =>
  [...(codeOf.get(file) ?? '').matchAll(/(?:from|import|import\() ?'([^']+)'/g)].map(
    ([, to = '']) => (to.startsWith('.') ? join(file, '..', to) : to),
  );

describe('walls', () => {
  for (const file of files.filter((path) => path.split(sep).length > 2)) {
    it(`let ${file} import only what its room may`, () => {
      const room = roomOf(file);
      const allowed = [room, ...groundOf(room), ...(mayImport[room] ?? [])];
      const rooms = importsOf(file).filter((to) => to.startsWith('src'));
      expect(rooms.filter((to) => !allowed.includes(roomOf(to)))).to.deep.equal([]);
    });
  }

  it('have no way round: no file imports itself in the end', () => {
    const leads = (from: string, seen = new Set<string>()): Set<string> => {
      for (const to of importsOf(from)) if (!seen.has(to)) leads(to, seen.add(to));
      return seen;
    };
    expect(files.filter((file) => leads(file).has(file))).to.deep.equal([]);
  });

  it('keep methods, their credentials and channels out of the door, which knows none by name', () => {
    const names = [...Object.keys(methods), ...Object.keys(kinds), 'sms', 'push', 'mail', 'voice'];
    const literal = new RegExp(`'(?:${names.join('|')})'`);
    const theirs = /(?:methods|credentials)\/(?!method|open|index|out-of-band|kind|vault)/;
    const inside = files.filter((file) => roomOf(file) === 'verification');
    const knowing = inside.filter((file) => {
      const isNamed = literal.test(codeOf.get(file) ?? '');
      return isNamed || importsOf(file).some((to) => theirs.test(to));
    });
    expect(knowing).to.deep.equal([]);
  });

  it('keep the database, the environment and barrels where they belong', () => {
    const having = (what: RegExp): string[] =>
      files.filter((file) => what.test(codeOf.get(file) ?? ''));
    const others = (room: RegExp, found: string[]): string[] => found.filter((f) => !room.test(f));
    expect(others(/^src.(models|database)/, having(/from 'mongoose'/))).to.deep.equal([
      'src/services.ts',
    ]);
    expect(having(/process\.env/)).to.deep.equal(['src/main.ts']);
    expect(having(/^export .*from /m)).to.deep.equal([]);
  });
});
