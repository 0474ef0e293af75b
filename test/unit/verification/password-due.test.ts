import { expect } from 'chai';

import type { Goal } from '../../../src/assurance/levels.ts';
import { acr } from '../../../src/assurance/proof.ts';
import { type Account, completed } from '../../../src/models/account.ts';
import { goalFor, isPasswordDue } from '../../../src/verification/password-due.ts';
import type { MethodRules } from '../../../src/verification/choices.ts';

const known = new Date('2026-11-22T12:00:00Z');
const before = new Date('2026-11-22T11:59:59Z');
const after = new Date('2026-11-22T12:00:01Z');

const method = (id: string, kind: string, factor: string, purposes = ['sign-in']) =>
  [id, { id, kind, factor, purposes }] as const;
const rules = {
  methods: new Map([
    method('password', 'password', 'knowledge'),
    method('code', 'app', 'possession'),
    method('text', 'phone', 'possession'),
    method('email', 'email', 'mailbox', ['reset']),
  ]),
  availability: { isAllowed: (id: string) => id !== 'text' },
} as unknown as MethodRules; // nothing else is looked at

const account = (kinds: readonly string[], more: Partial<Account> = {}): Account => ({
  ...completed({
    ...{ _id: 'ada', username: 'ada', name: 'Ada', profile: {}, roles: [], groups: [] },
    credentials: kinds.map((kind) => ({ id: kind, kind, data: {}, version: 0, addedAt: known })),
    createdAt: known,
  }),
  ...more,
});
const due = { passwordChangeDueAt: known };

describe('What it takes to change a password that others may know', () => {
  const { pwd, mfa, phr } = acr;
  const rows: [title: string, account: Account | undefined, asked: Goal, goal: Goal][] = [
    ['nobody', undefined, { acr: pwd }, { acr: pwd }],
    ['nothing is due', account(['password', 'app']), { acr: pwd }, { acr: pwd }],
    [
      'nothing but a password is there',
      account(['password'], due),
      { acr: pwd },
      { acr: pwd, notBefore: known },
    ],
    [
      'nothing but a password is there, and more is asked',
      account(['password'], due),
      { acr: mfa },
      { acr: mfa, notBefore: known },
    ],
    [
      'a second step is there',
      account(['password', 'app'], due),
      { acr: pwd },
      { acr: mfa, notBefore: known },
    ],
    [
      'a second step is there, and more is asked',
      account(['password', 'app'], due),
      { acr: phr },
      { acr: phr, notBefore: known },
    ],
    [
      'policy no longer allows the second step',
      account(['password', 'phone'], due),
      { acr: pwd },
      { acr: pwd, notBefore: known },
    ],
    [
      'there is an address for resets',
      account(['password', 'email'], due),
      { acr: pwd },
      { acr: pwd, notBefore: known },
    ],
    [
      'there is something that nobody knows',
      account(['password', 'fax'], due),
      { acr: pwd },
      { acr: mfa, notBefore: known },
    ],
    [
      'the app wants it more recent',
      account(['password'], due),
      { acr: pwd, notBefore: after },
      { acr: pwd, notBefore: after },
    ],
    [
      'the app is content with older proofs',
      account(['password'], due),
      { acr: pwd, notBefore: before },
      { acr: pwd, notBefore: known },
    ],
  ];
  for (const [title, whose, asked, goal] of rows) {
    it(`is right where ${title}`, () => {
      expect(goalFor(asked, whose, rules)).to.deep.equal(goal);
    });
  }

  it('is due until it is done, and not of those who are kept out', () => {
    expect(isPasswordDue(undefined)).to.equal(false);
    expect(isPasswordDue(account(['password']))).to.equal(false);
    expect(isPasswordDue(account(['password'], due))).to.equal(true);
    expect(isPasswordDue(account(['password'], { ...due, disabledAt: after }))).to.equal(false);
  });
});
