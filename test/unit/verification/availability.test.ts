import { expect } from 'chai';

import { secondsAfter } from '../../../src/lib/clock.ts';
import { createMethods } from '../../../src/methods/index.ts';
import type { Account } from '../../../src/models/account.ts';
import { createAvailability } from '../../../src/verification/availability.ts';
import { bareSettings, createPorts } from '../methods/ports.ts';
import { ada, limits } from './rate-limits/counting.ts';

const noon = new Date('2026-11-22T12:00:00Z');
const { ports } = createPorts(noon);
const methods = createMethods(bareSettings, ports);

interface Given {
  readonly sms?: { isOpen(): boolean };
  readonly account?: Account;
}

/** What is away for whom, and what can be had at all. */
function seen({ sms, account = ada }: Given) {
  const { clock } = ports;
  const availability = createAvailability({
    ...{ methods, limits, clock, isAllowed: () => true, policyOf: () => ({}) },
    channels: { sms },
  });
  const ids = [...methods.values()].map(({ id }) => id);
  const away = (purpose: 'sign-in' | 'reset') =>
    ids.filter((id) => availability.awayBecause(id, { account, purpose }));
  const available = ids.filter((id) => availability.isAvailable(id, 'sign-in'));
  return { available, away: away('sign-in'), inReset: away('reset') };
}

const all = [
  ...['password', 'security-key', 'approve', 'code', 'text'],
  ...['security-questions', 'recovery-code', 'temporary-access-pass'],
];
const asked = (key: string): Account => ({
  ...ada,
  attempts: {
    version: 1,
    tallies: { [key]: { times: [secondsAfter(noon, -30), secondsAfter(noon, -20)], streak: 2 } },
  },
});

describe('Whether a method could work', () => {
  it('is no question where every channel is there', () => {
    const sms = { isOpen: () => true };
    expect(seen({ sms })).to.deep.equal({ available: all, away: [], inReset: [] });
  });

  it('depends on its own channel alone: without a carrier of texts a phone still approves', () => {
    expect(seen({}).available).to.deep.equal(all.filter((id) => id !== 'text'));
  });

  it('is not now while its carrier fails', () => {
    const { available, away } = seen({ sms: { isOpen: () => false } });
    expect({ available, away }).to.deep.equal({ available: all, away: ['text'] });
  });

  it('is not now where a phone was asked too often, and resets do not hold a sign-in up', () => {
    const sms = { isOpen: () => true };
    const often = seen({ sms, account: asked('approvals') });
    expect([often.away, often.inReset]).to.deep.equal([['approve'], []]);
    const inReset = seen({ sms, account: asked('reset:approvals') });
    expect([inReset.away, inReset.inReset]).to.deep.equal([[], ['approve']]);
  });
});
