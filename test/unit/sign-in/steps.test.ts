import { expect } from 'chai';

import { acr, type Proof } from '../../../src/assurance/proof.ts';
import type { Challenge } from '../../../src/models/challenge.ts';
import type { Facts } from '../../../src/sign-in/flow.ts';
import type { SignIn } from '../../../src/sign-in/sign-in.ts';
import { allowedActs, nextStep } from '../../../src/sign-in/steps.ts';
import type { Choice } from '../../../src/verification/choices.ts';

const now = new Date('2026-11-22T12:00:00Z');
const later = new Date('2026-11-22T12:10:00Z');

const password: Choice = { method: 'password', credential: 'p', factor: 'knowledge', sends: false };
const app: Choice = { method: 'code', credential: 'a', factor: 'possession', sends: false };
const phone: Choice = { method: 'text', credential: 't', factor: 'possession', sends: true };

const proof = (factor: Proof['factor']): Proof => ({
  account: 'ada',
  method: 'm',
  credential: 'c',
  factor,
  amr: [],
  at: now,
});
const knows = proof('knowledge');
const has = proof('possession');
const byPass: Proof = { ...proof('pass'), traits: ['stands-alone', 'recovers'] };
const account = { username: 'ada', id: 'ada' };

const challenge: Challenge = {
  id: 'ch',
  method: 'code',
  credential: 'a',
  purpose: 'sign-in',
  memo: {},
  page: {},
  hasOtherWays: false,
  attemptsLeft: 5,
  begunAt: now,
  expiresAt: later,
  sends: false,
};

interface Given extends Partial<Omit<SignIn, 'flow'>> {
  readonly facts?: Facts;
  readonly open?: Challenge;
  readonly endsAt?: Date;
  readonly wanted?: (typeof acr)[keyof typeof acr];
  readonly loginHint?: string;
}

function signIn({ facts = {}, open, endsAt = later, wanted, loginHint, ...more }: Given): SignIn {
  return {
    flow: {
      _id: 'f',
      request: {
        ...{ uid: 'f', clientId: 'shop', clientName: 'Shop', firstParty: true, redirectUri: '' },
        ...{ prompts: [], proofs: [], scopes: [], claims: [], uiLocales: [] },
        goal: { acr: wanted ?? acr.mfa },
        ...(loginHint !== undefined && { loginHint }),
      },
      version: 0,
      endsAt,
      expiresAt: later,
      facts,
      ...(open && { challenge: open }),
      proofs: [],
      pending: [],
    },
    now,
    goal: { acr: wanted ?? acr.mfa },
    isPasswordDue: false,
    proofs: [],
    choices: [],
    ...{ firstMethod: 'default', notHere: [] },
    notHere: [],
    addable: [],
    knownAccounts: [],
    isConsentNeeded: false,
    ...more,
  };
}

const knownAccounts = [{ username: 'ada', name: 'Ada' }];

describe('The next step of a sign-in', () => {
  const all = [password, app, phone];
  const own: Choice = { ...phone, isDefault: true };
  const rows: [string, Given, object][] = [
    ['nobody named yet', {}, { name: 'identify' }],
    ['accounts known here', { knownAccounts }, { name: 'pick-account' }],
    [
      'another account wanted',
      { knownAccounts, facts: { otherAccount: true } },
      { name: 'identify' },
    ],
    ['an account hinted at', { knownAccounts, loginHint: 'bob' }, { name: 'identify' }],
    [
      'named, nothing proved',
      { facts: { account }, choices: all },
      { name: 'begin', choice: password, from: [password] },
    ],
    [
      'something asked',
      { facts: { account }, open: challenge, choices: all },
      { name: 'answer', challenge },
    ],
    ['a mail asked for', { facts: { account, lettingIn: true }, choices: all }, { name: 'let-in' }],
    [
      'the password proved',
      { facts: { account }, choices: all, proofs: [knows] },
      { name: 'begin', choice: app, from: [app, phone] },
    ],
    [
      'the phone is their default',
      { facts: { account }, choices: [password, app, own], proofs: [knows] },
      { name: 'begin', choice: own, from: [app, own] },
    ],
    [
      'the phone is their default, and policy wants the strongest',
      {
        ...{ facts: { account }, choices: [password, app, own], proofs: [knows] },
        firstMethod: 'strongest',
      },
      { name: 'begin', choice: { ...app, isRaised: true }, from: [app, own] },
    ],
    [
      'another way wanted',
      { facts: { account, choosing: true }, choices: all, proofs: [knows] },
      { name: 'choose', from: [app, phone] },
    ],
    [
      'the second factor alone',
      { facts: { account }, choices: all, proofs: [has] },
      { name: 'begin', choice: password, from: [password] },
    ],
    ['both proved', { facts: { account }, choices: all, proofs: [knows, has] }, { name: 'finish' }],
    [
      'a password is enough',
      { facts: { account }, choices: all, proofs: [knows], wanted: acr.pwd },
      { name: 'finish' },
    ],
    [
      'no method, none to add',
      { facts: { account }, choices: [password], proofs: [knows] },
      { name: 'no-way' },
    ],
    [
      'no method, some to add',
      { facts: { account }, choices: [password], proofs: [knows], addable: ['code'] },
      { name: 'enrol-intro' },
    ],
    [
      'adding accepted',
      {
        facts: { account, enrolling: {} },
        choices: [password],
        proofs: [knows],
        addable: ['code'],
      },
      { name: 'enrol', methods: ['code'] },
    ],
    [
      'a method to add chosen',
      {
        facts: { account, enrolling: { method: 'text' } },
        choices: [password],
        proofs: [knows],
        addable: ['text'],
      },
      { name: 'add', method: 'text' },
    ],
    [
      'adding begun, but a method is there meanwhile',
      { facts: { account, enrolling: {} }, choices: all, proofs: [knows], addable: ['code'] },
      { name: 'begin', choice: app, from: [app, phone] },
    ],
    [
      'nothing may be added before the password',
      { facts: { account, enrolling: { method: 'code' } }, choices: [password], addable: ['code'] },
      { name: 'begin', choice: password, from: [password] },
    ],
    [
      'codes to save',
      { facts: { account, recoveryCodes: 'sealed' }, proofs: [knows, has] },
      { name: 'recovery-codes', sealed: 'sealed' },
    ],
    [
      'a password that others may know',
      { facts: { account }, proofs: [knows, has], isPasswordDue: true },
      { name: 'new-password' },
    ],
    [
      'no password, after a pass (S-144)',
      { facts: { account }, proofs: [byPass], afterPass: 'needed', isPasswordDue: true },
      { name: 'new-password' },
    ],
    [
      'a password that may have been forgotten, after a pass',
      { facts: { account }, proofs: [byPass], afterPass: 'offered', isConsentNeeded: true },
      { name: 'new-password' },
    ],
    [
      'what a pass proves, where nobody has to choose a password',
      { facts: { account, passwordSettled: true }, proofs: [byPass] },
      { name: 'finish' },
    ],
    [
      'what a pass cannot prove, before a password',
      {
        ...{ facts: { account }, proofs: [byPass], afterPass: 'offered', goal: { acr: acr.phr } },
        addable: ['security-key'],
      },
      { name: 'enrol-intro' },
    ],
    [
      'a new password comes before consent and whatever follows',
      {
        facts: { account },
        proofs: [knows, has],
        isPasswordDue: true,
        isConsentNeeded: true,
      },
      { name: 'new-password' },
    ],
    [
      'a new password comes after the proofs',
      { facts: { account }, choices: all, proofs: [knows], isPasswordDue: true },
      { name: 'begin', choice: app, from: [app, phone] },
    ],
    [
      'a new password comes after a second step that is set up',
      {
        facts: { account },
        choices: [password],
        proofs: [knows],
        addable: ['code'],
        isPasswordDue: true,
      },
      { name: 'enrol-intro' },
    ],
    [
      'codes are saved before a new password is chosen',
      { facts: { account, recoveryCodes: 'sealed' }, proofs: [knows, has], isPasswordDue: true },
      { name: 'recovery-codes', sealed: 'sealed' },
    ],
    [
      'a new password is no duty of those who give up',
      { facts: { account, cancelled: 'by-user' }, proofs: [knows, has], isPasswordDue: true },
      { name: 'finish' },
    ],
    [
      'a password that others may know, too late',
      { facts: { account }, proofs: [knows, has], isPasswordDue: true, endsAt: now },
      { name: 'expired' },
    ],
    [
      'consent needed',
      { facts: { account }, proofs: [knows, has], isConsentNeeded: true },
      { name: 'consent' },
    ],
    [
      'consent is asked after the proofs',
      { facts: { account }, choices: all, proofs: [knows], isConsentNeeded: true },
      { name: 'begin', choice: app, from: [app, phone] },
    ],
    ['given up', { facts: { account, cancelled: 'by-user' }, open: challenge }, { name: 'finish' }],
    ['too late', { facts: { account }, proofs: [knows], endsAt: now }, { name: 'expired' }],
    [
      'too late, with a question open',
      { facts: { account }, open: challenge, endsAt: now },
      { name: 'expired' },
    ],
    [
      'given up, and too late',
      { facts: { cancelled: 'by-user' }, endsAt: now },
      { name: 'finish' },
    ],
  ];
  for (const [title, given, step] of rows) {
    it(`is right for: ${title}`, () => {
      expect(nextStep(signIn(given))).to.deep.equal(step);
    });
  }
});

/** Every combination of what matters: nothing is ever finished that lacks something. */
describe('Finishing, over all combinations', () => {
  const flags = [false, true];
  const each = flags.flatMap((named) =>
    flags.flatMap((password_) =>
      flags.flatMap((second) =>
        flags.flatMap((choosing) =>
          flags.flatMap((open) =>
            flags.flatMap((consent) =>
              flags.flatMap((late) =>
                flags.flatMap((due) =>
                  [acr.pwd, acr.mfa].map((wanted) => ({
                    ...{ named, password_, second, choosing, open, consent, late, due, wanted },
                  })),
                ),
              ),
            ),
          ),
        ),
      ),
    ),
  );

  it('takes an account, every factor of the level, a password of its own, consent, and time', () => {
    for (const one of each) {
      const step = nextStep(
        signIn({
          facts: { ...(one.named && { account }), ...(one.choosing && { choosing: true }) },
          ...(one.open && { open: challenge }),
          choices: one.named ? [password, app] : [],
          proofs: [...(one.password_ ? [knows] : []), ...(one.second ? [has] : [])],
          isConsentNeeded: one.consent,
          isPasswordDue: one.due,
          endsAt: one.late ? now : later,
          wanted: one.wanted,
        }),
      );
      const isProved = one.password_ && (one.second || one.wanted === acr.pwd);
      const isLast = !one.open && !one.consent && !one.late && !one.due;
      const mayFinish = one.named && isProved && isLast;
      expect(step.name === 'finish', JSON.stringify(one)).to.equal(mayFinish);
      const mayChange = one.named && isProved && !one.open && !one.late && one.due;
      expect(step.name === 'new-password', JSON.stringify(one)).to.equal(mayChange);
    }
  });
});

describe('What each step allows', () => {
  it('is giving up until it is over, and an answer only where something is asked', () => {
    for (const [step, acts] of Object.entries(allowedActs)) {
      if (step === 'over') continue;
      expect(acts, step).to.include('cancel');
      // A passkey answers where a name is asked.
      const isNaming = ['identify', 'pick-account'].includes(step);
      expect(acts.includes('answer'), step).to.equal(step === 'answer' || isNaming);
      expect(acts.includes('attest'), step).to.equal(step === 'answer');
      expect(acts.includes('identify'), step).to.equal(isNaming);
    }
  });
});
