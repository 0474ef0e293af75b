import { expect } from 'chai';

import type { Proof } from '../../../src/assurance/proof.ts';
import { daysAfter, secondsAfter } from '../../../src/lib/clock.ts';
import { createMethods } from '../../../src/methods/index.ts';
import type { Account, Credential } from '../../../src/models/account.ts';
import { registrationFor, type RegistrationPolicy } from '../../../src/policy/registration.ts';
import { methodRulesOf } from '../../../src/policy/shape.ts';
import type { Facts } from '../../../src/sign-in/flow.ts';
import { registrationDue } from '../../../src/sign-in/registration.ts';
import { createAvailability } from '../../../src/verification/availability.ts';
import { begins } from '../administration/small-policy.ts';
import { bareSettings, createPorts } from '../methods/ports.ts';
import { ada, limits } from '../verification/rate-limits/counting.ts';

const now = new Date('2026-11-22T12:00:00Z');
const { ports } = createPorts(now);
const methods = createMethods(bareSettings, ports);
const isOpen = { isOpen: () => true };
const rules = {
  methods,
  availability: createAvailability({
    ...{ methods, limits, clock: ports.clock, isAllowed: () => true },
    policyOf: methodRulesOf(() => begins).policyOf,
    channels: { sms: isOpen, voice: isOpen, mail: isOpen },
  }),
};

const policy: RegistrationPolicy = {
  secondStep: { for: true, skips: 3, skipDays: 14 },
  reset: { for: true, methods: 2 },
  confirm: { for: true, afterDays: 180 },
  campaign: { for: true, method: 'approve', snoozeDays: 2, skips: 2, isForced: true },
};
const nothing: RegistrationPolicy = {
  secondStep: { ...policy.secondStep, for: false },
  reset: { ...policy.reset, for: false },
  confirm: { ...policy.confirm, afterDays: 0 },
  campaign: { ...policy.campaign, for: false },
};

const credential = (id: string, kind: string, data: unknown, addedAt = now): Credential => ({
  ...{ id, kind, data, version: 0, addedAt },
});
const password = credential('p', 'password', { hash: 'old:x', setAt: now });
const phone = credential('t', 'phone', {
  ...{ number: '+14255550134', countryCallingCode: '1', type: 'mobile', phoneType: 'mobile' },
});
const mail = credential('m', 'email', { address: 'ada@home.example' });

const knows: Proof = {
  ...{ account: 'ada', method: 'password', credential: 'p', factor: 'knowledge' },
  ...{ amr: [], at: now },
};
const has: Proof = { ...knows, method: 'text', credential: 't', factor: 'possession' };
const pass: Proof = { ...has, factor: 'pass', traits: ['stands-alone', 'recovers'] };

interface Given {
  readonly held?: readonly Credential[];
  readonly proofs?: readonly Proof[];
  readonly facts?: Facts;
  readonly registration?: unknown;
  readonly wants?: Partial<RegistrationPolicy>;
  readonly groups?: readonly string[];
}

function due({ held = [], proofs = [knows], facts = {}, wants, ...more }: Given) {
  const account: Account = {
    ...{ ...ada, credentials: [password, ...held] },
    ...more,
  };
  return registrationDue({
    ...{ account, proofs, facts, now, rules },
    wishes: registrationFor({ ...nothing, ...wants }, account.groups),
  });
}

const skipped = (what: string, times: number, daysAgo: number) => ({
  skipped: {
    [what]: { times, firstAt: daysAfter(now, -daysAgo), lastAt: daysAfter(now, -daysAgo) },
  },
});

describe('What is to be registered at a sign-in', () => {
  it('is nothing where policy wants nothing, whatever is there', () => {
    expect(due({})).to.equal(undefined);
    expect(due({ held: [phone], proofs: [knows, has] })).to.equal(undefined);
  });

  it('is a first second step, strongest first, that may be skipped so often and so long', () => {
    const wants = { secondStep: policy.secondStep };
    const { why, methods: offered, skips } = due({ wants }) ?? {};
    expect({ why, skips }).to.deep.equal({ why: 'second-step', skips: { left: 3 } });
    expect(offered?.slice(0, 2)).to.deep.equal(['security-key', 'approve']);
    expect(offered).not.to.include('email').and.not.to.include('security-questions');
    const after = (times: number, daysAgo: number) =>
      due({ wants, registration: skipped('second-step', times, daysAgo) })?.skips;
    expect(after(2, 13)).to.deep.equal({ left: 1 });
    expect(after(3, 1), 'no more of them').to.equal(undefined);
    expect(after(1, 14), 'the days are over').to.equal(undefined);
    expect(due({ wants, held: [phone], proofs: [knows, has] })).to.equal(undefined);
  });

  it('must be a second step for whoever came in by a pass', () => {
    expect(due({ proofs: [pass] }))
      .to.include({ why: 'second-step' })
      .and.not.to.have.property('skips');
  });

  it('is what a reset takes, and may be skipped without end', () => {
    const wants = { reset: policy.reset };
    const asked = due({ wants, held: [phone], proofs: [knows, has] });
    expect(asked).to.deep.include({ why: 'reset', skips: {} });
    expect(asked?.methods).to.include.members(['email', 'security-questions']);
    expect(due({ wants, held: [phone, mail], proofs: [knows, has] })).to.equal(undefined);
    const one = { reset: { ...policy.reset, methods: 1 } };
    expect(due({ wants: one, held: [phone], proofs: [knows, has] })).to.equal(undefined);
  });

  it('is asked of those alone who have proved lately what a change takes', () => {
    const wants = { reset: policy.reset };
    expect(due({ wants, held: [phone], proofs: [knows] })).to.equal(undefined);
    const old = { ...has, at: secondsAfter(now, -601) };
    expect(due({ wants, held: [phone], proofs: [knows, old] })).to.equal(undefined);
    const trusted: Proof = { ...has, factor: 'trust' };
    expect(due({ wants, held: [phone], proofs: [knows, trusted] })).to.equal(undefined);
  });

  it('is a campaign’s method, again after the days of its snooze, and at last a must', () => {
    const wants = { campaign: policy.campaign };
    const given = { wants, held: [phone], proofs: [knows, has] };
    const campaign = { why: 'campaign', methods: ['approve'] };
    expect(due(given)).to.deep.equal({ ...campaign, skips: { left: 2 } });
    expect(due({ ...given, registration: skipped('campaign', 1, 1) })).to.equal(undefined);
    const again = due({ ...given, registration: skipped('campaign', 1, 2) });
    expect(again).to.deep.equal({ ...campaign, skips: { left: 1 } });
    expect(due({ ...given, registration: skipped('campaign', 2, 2) })).to.deep.equal(campaign);
    const free = { campaign: { ...policy.campaign, isForced: false } };
    const endless = due({ ...given, wants: free, registration: skipped('campaign', 9, 2) });
    expect(endless).to.deep.equal({ ...campaign, skips: {} });
    expect(due({ wants }), 'without a second step it is none').to.equal(undefined);
  });

  it('is a look at what is there, after so many days', () => {
    const wants = { confirm: policy.confirm };
    const old = { ...phone, addedAt: daysAfter(now, -180) };
    const given = { wants, held: [old], proofs: [knows, has] };
    expect(due(given)).to.deep.equal({ why: 'confirm', methods: [], skips: {} });
    const confirmedAt = daysAfter(now, -179);
    expect(due({ ...given, registration: { confirmedAt } })).to.equal(undefined);
    expect(due({ ...given, held: [phone] })).to.equal(undefined);
  });

  it('is one wish at a time: what was skipped, or registered, is enough for this sign-in', () => {
    const held = [{ ...phone, addedAt: daysAfter(now, -400) }];
    const given = { wants: policy, held, proofs: [knows, has] };
    expect(due(given)).to.include({ why: 'reset' });
    expect(due({ ...given, facts: { skipped: ['reset'] } })).to.equal(undefined);
    expect(due({ ...given, held: [...held, mail], facts: { registered: true } })).to.equal(
      undefined,
    );
    expect(due({ ...given, held: [...held, mail] })).to.include({ why: 'campaign' });
  });

  it('is for the groups that policy names', () => {
    const wants = { secondStep: { ...policy.secondStep, for: { include: ['groups:staff'] } } };
    expect(due({ wants, groups: [] })).to.equal(undefined);
    expect(due({ wants, groups: ['staff'] })).to.include({ why: 'second-step' });
  });

  it('is asked as if nothing had been said where what was said cannot be read', () => {
    const wants = { secondStep: policy.secondStep };
    for (const registration of [7, [], { skipped: 7 }, { skipped: { 'second-step': {} } }]) {
      expect(due({ wants, registration })?.skips).to.deep.equal({ left: 3 });
    }
  });
});
