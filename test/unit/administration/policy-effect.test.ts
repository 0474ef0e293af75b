import { Readable } from 'node:stream';

import { expect } from 'chai';

import { effectOf, effectOfGroups } from '../../../src/administration/policy-effect.ts';
import type { Account } from '../../../src/models/account.ts';
import type { Audience } from '../../../src/policy/audience.ts';
import type { Policy } from '../../../src/policy/shape.ts';
import type { MethodRules } from '../../../src/verification/choices.ts';
import { ada, beginner } from '../verification/memory-people.ts';
import { begins, rules } from './small-policy.ts';

const having = (username: string, ...kinds: readonly string[]): Account => ({
  ...{ ...ada, username },
  credentials: ada.credentials.filter(({ kind }) => ['password', ...kinds].includes(kind)),
});
const bob = having('bob', 'phone');
const withPaper = having('pam', 'phone', 'recovery-codes');
const cleo = { ...beginner, username: 'cleo' };
const contractor = { ...bob, username: 'con', groups: ['contractors'] };
const odd: object = {
  ...{ ...cleo, username: 'odd', groups: undefined },
  credentials: [...cleo.credentials, undefined],
};
const everybody = [
  ...[ada, bob, withPaper, cleo, contractor],
  odd as Account, // as it may be stored
  { ...bob, username: 'gone', disabledAt: new Date(0) },
  { ...bob, username: 'new', credentials: bob.credentials.filter(({ id }) => id === 'phone') },
];

type Decided = Partial<Record<keyof Policy['methods'], Audience>>;

const deciding = (methods: Decided, more: Partial<Policy> = {}): Policy => ({
  ...{ ...begins, ...more },
  methods: {
    ...begins.methods,
    ...Object.fromEntries(Object.entries(methods).map(([id, signIn]) => [id, { signIn }])),
  },
});

interface Asked {
  readonly before?: Policy;
  readonly among?: readonly Account[];
  readonly isAvailable?: MethodRules['availability']['isAvailable'];
}

/** Who is locked out, and who sets up another one. */
async function effect(after: Policy, asked: Asked = {}) {
  const { before = begins, among = everybody, isAvailable = () => true } = asked;
  const availability = { ...rules.availability, isAvailable };
  const deps = { accounts: () => Readable.from(among), rules: { ...rules, availability } };
  const { lockedOut, startingAnew } = await effectOf({ before, after }, deps);
  return [lockedOut.first, startingAnew.first];
}

const nothingToSetUp = { approve: false, code: false } as const;
const noContractors = { exclude: ['groups:contractors'] };

describe('Another policy', () => {
  it('does nothing to anybody as long as the methods stay', async () => {
    expect(await effect(deciding({}, { rememberDays: 7 }))).to.deep.equal([[], []]);
  });

  it('has those set up another second step who had only what it takes away', async () => {
    expect(await effect(deciding({ text: false }))).to.deep.equal([[], ['bob', 'con']]);
    expect(await effect(deciding({ text: noContractors }))).to.deep.equal([[], ['con']]);
  });

  it('locks out whom it leaves nothing to take and nothing to set up', async () => {
    const none = deciding({ ...nothingToSetUp, text: noContractors });
    expect(await effect(none)).to.deep.equal([['con'], []]);
    const nobody = deciding({ ...nothingToSetUp, text: false });
    expect(await effect(nobody)).to.deep.equal([['bob', 'cleo', 'con'], []]);
  });

  it('locks out whose only phone is in a country that it no longer serves', async () => {
    const only = (phoneCountries: string[]) => deciding(nothingToSetUp, { phoneCountries });
    const before = only([]);
    expect(await effect(only(['US']), { before })).to.deep.equal([[], []]);
    expect(await effect(only(['SE']), { before })).to.deep.equal([['bob', 'con'], []]);
    expect(await effect(only(['SE']), { before: only(['SE', 'US']) })).to.deep.equal([
      ['bob', 'con'],
      [],
    ]);
    expect(await effect(only(['SE']), { before: only(['SE']) })).to.deep.equal([[], []]);
  });

  it('is found out as if every channel were there, where whoever decides knows of none', async () => {
    const isAvailable = (id: string): boolean => !['text', 'call'].includes(id);
    expect(await effect(deciding({}, { twoSteps: 'everyone' }), { isAvailable })).to.deep.equal([
      ...[[], []],
    ]);
    const none = deciding({ ...nothingToSetUp, text: noContractors });
    expect(await effect(none, { isAvailable })).to.deep.equal([['con'], []]);
  });

  it('counts on no calls where there are texts, and nobody places calls', async () => {
    const isAvailable = (id: string): boolean => id !== 'call';
    const calls = deciding({ ...nothingToSetUp, text: false, call: true });
    expect(await effect(calls, { isAvailable })).to.deep.equal([['bob', 'cleo', 'con'], []]);
    expect(await effect(calls), 'where somebody does').to.deep.equal([[], []]);
  });

  it('locks out whoever can set up none where it demands one from now on', async () => {
    const stuck = { ...nothingToSetUp, text: noContractors };
    const before = deciding(stuck, { twoSteps: 'when-asked' });
    expect(await effect(deciding(stuck), { before })).to.deep.equal([['con', 'odd'], []]);
    expect(await effect(before, { before: deciding(stuck) })).to.deep.equal([[], []]);
  });

  it('counts all, and names the first ten', async () => {
    const among = Array.from({ length: 12 }, (_, at) => ({ ...bob, username: `bob-${at}` }));
    const deps = { accounts: () => Readable.from(among), rules };
    const change = { before: begins, after: deciding({ text: false }) };
    const { startingAnew } = await effectOf(change, deps);
    expect([startingAnew.count, startingAnew.first.length]).to.deep.equal([12, 10]);
  });
});

describe('Another group', () => {
  const after = (policy: Policy, account = bob) => {
    const { lockedOut, startingAnew } = effectOfGroups(account, ['contractors'], { policy, rules });
    return [lockedOut.first, startingAnew.first];
  };

  it('does nothing where policy does not ask for it', () => {
    expect(after(begins)).to.deep.equal([[], []]);
  });

  it('may take somebody\u2019s second step, or leave none to set up', () => {
    expect(after(deciding({ text: noContractors }))).to.deep.equal([[], ['bob']]);
    const none = deciding({ ...nothingToSetUp, text: noContractors });
    expect(after(none)).to.deep.equal([['bob'], []]);
    expect(after(none, { ...bob, disabledAt: new Date(0) })).to.deep.equal([[], []]);
  });
});
