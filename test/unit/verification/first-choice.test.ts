/**
 * What a sign-in begins with, over all that decides it; and the order of the list beside it.
 */
import { expect } from 'chai';

import { createMethods } from '../../../src/methods/index.ts';
import type { Choice } from '../../../src/verification/choices.ts';
import { firstOf, lastUsedFirst } from '../../../src/verification/first-choice.ts';
import { bareSettings, createPorts } from '../methods/ports.ts';

const methods = createMethods(bareSettings, createPorts().ports);

const choice = (method: Choice['method'], credential: string): Choice => ({
  ...{ method, credential, factor: 'possession', sends: method !== 'code' },
});
/** As `choicesOf` gives them. */
const all: readonly Choice[] = [
  ...[choice('approve', 'app1'), choice('code', 'app1'), choice('code', 'app2')],
  ...[choice('text', 'mobile'), choice('call', 'mobile'), choice('call', 'office')],
  choice('recovery-code', 'paper'),
];
const called = ({ method, credential }: Choice): string => `${method} ${credential}`;

interface Row {
  readonly own?: string;
  readonly lastUsed?: string;
  readonly away?: readonly string[];
  /** What it begins with where policy leaves that to people, and where it wants the strongest. */
  readonly begins: string;
  readonly strongest: string;
  readonly isRaised?: true;
}

const rows: readonly Row[] = [
  { begins: 'approve app1', strongest: 'approve app1' },
  { own: 'call office', begins: 'call office', strongest: 'approve app1', isRaised: true },
  { own: 'approve app1', begins: 'approve app1', strongest: 'approve app1' },
  { lastUsed: 'text mobile', begins: 'text mobile', strongest: 'approve app1' },
  { lastUsed: 'recovery-code paper', begins: 'approve app1', strongest: 'approve app1' },
  { lastUsed: 'text gone', begins: 'approve app1', strongest: 'approve app1' },
  {
    ...{ own: 'text mobile', lastUsed: 'call office' },
    ...{ begins: 'text mobile', strongest: 'approve app1', isRaised: true },
  },
  {
    ...{ own: 'text mobile', away: ['text mobile'], lastUsed: 'call office' },
    ...{ begins: 'approve app1', strongest: 'approve app1' },
  },
  {
    ...{ own: 'code app2', away: ['approve app1'] },
    ...{ begins: 'code app2', strongest: 'code app2' },
  },
  {
    ...{ lastUsed: 'code app2', away: ['approve app1'] },
    ...{ begins: 'code app2', strongest: 'code app2' },
  },
  {
    ...{ own: 'code app1', lastUsed: 'code app2', away: ['approve app1'] },
    ...{ begins: 'code app1', strongest: 'code app1' },
  },
  {
    ...{ lastUsed: 'text mobile', away: ['text mobile'] },
    ...{ begins: 'approve app1', strongest: 'approve app1' },
  },
];

function listOf({ own, lastUsed, away = [] }: Partial<Row>): readonly Choice[] {
  const [method = '', credential = ''] = lastUsed?.split(' ') ?? [];
  const held = all.map((one) => ({
    ...one,
    ...(called(one) === own && { isDefault: true as const }),
    ...(away.includes(called(one)) && { away: { reason: 'channel' as const } }),
  }));
  return lastUsedFirst(held, lastUsed === undefined ? undefined : { method, credential }, methods);
}

describe('What a sign-in begins with', () => {
  for (const row of rows) {
    const { begins, strongest, isRaised, ...given } = row;
    it(`is right for ${JSON.stringify(given)}`, () => {
      const from = listOf(row);
      const free = firstOf(from, 'default');
      expect([free && called(free), free?.isRaised]).to.deep.equal([begins, undefined]);
      const raised = firstOf(from, 'strongest');
      expect([raised && called(raised), raised?.isRaised]).to.deep.equal([strongest, isRaised]);
    });
  }

  it('is nothing where all are away', () => {
    const from = listOf({ own: 'text mobile', away: all.map(called) });
    expect(firstOf(from, 'default')).to.equal(undefined);
    expect(firstOf(from, 'strongest')).to.equal(undefined);
  });
});

describe('The list beside it', () => {
  it('is strongest first, and of one method what was used last here', () => {
    const order = (lastUsed?: string): string[] =>
      listOf({ own: 'call mobile', ...(lastUsed !== undefined && { lastUsed }) }).map(called);
    expect(order()).to.deep.equal(all.map(called));
    expect(order('call office')).to.deep.equal([
      ...['approve app1', 'code app1', 'code app2', 'text mobile'],
      ...['call office', 'call mobile', 'recovery-code paper'],
    ]);
    expect(order('approve app2'), 'the device, however it was used').to.deep.equal([
      ...['approve app1', 'code app2', 'code app1', 'text mobile'],
      ...['call mobile', 'call office', 'recovery-code paper'],
    ]);
  });
});
