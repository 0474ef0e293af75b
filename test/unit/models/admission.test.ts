import { expect } from 'chai';

import { secondsAfter } from '../../../src/lib/clock.ts';
import { type Admission, isAdmitted, stateOf } from '../../../src/models/admission.ts';
import { memoryModels } from '../verification/memory-models.ts';
import { ada } from '../verification/rate-limits/counting.ts';

const now = new Date('2026-11-22T12:00:00Z');
const HOUR = 60 * 60;
const asked: Admission = { digest: 'd1', expiresAt: secondsAfter(now, HOUR / 2) };
const her = { digest: 'd1', browser: 'hers' };

describe('A browser that asked to be let in', () => {
  it('is let in once that was confirmed, until it is over', () => {
    const until = secondsAfter(now, HOUR);
    const admissions = [asked, { ...asked, digest: 'd2', browser: 'other', until }];
    expect(isAdmitted({ admissions }, 'hers', now), 'asked for only').to.equal(false);
    expect(isAdmitted({ admissions }, 'other', now)).to.equal(true);
    expect(isAdmitted({ admissions }, 'other', secondsAfter(until, -1))).to.equal(true);
    expect(isAdmitted({ admissions }, 'other', until)).to.equal(false);
    expect(isAdmitted({}, 'hers', now)).to.equal(false);
  });

  it('is not let in by what somebody did to the record', () => {
    const damaged = [
      ...['text', {}, [undefined], [{ browser: 'hers', until: 'for ever' }]],
      [{ browser: 'hers', until: Infinity }],
    ];
    for (const admissions of damaged) {
      const holder = { admissions: admissions as readonly Admission[] };
      expect(isAdmitted(holder, 'hers', now)).to.equal(false);
      expect(stateOf(holder, her, now)).to.equal(undefined);
    }
  });

  it('finds its link open for half an hour, and then done as long as that holds', () => {
    const state = (admissions: readonly Admission[], seconds: number, who = her) =>
      stateOf({ admissions }, who, secondsAfter(now, seconds));
    expect(state([asked], 0)).to.equal('open');
    expect(state([asked], HOUR / 2)).to.equal(undefined);
    expect(state([asked], 0, { ...her, digest: 'd2' })).to.equal(undefined);
    const used = { ...asked, browser: 'hers', until: secondsAfter(now, HOUR) };
    expect(state([used], HOUR - 1)).to.equal('admitted');
    expect(state([used], HOUR)).to.equal(undefined);
    expect(state([used], 0, { ...her, browser: 'other' })).to.equal(undefined);
  });
});

describe('What is kept of it', () => {
  const confirmed = { now, until: secondsAfter(now, HOUR), events: [] };

  async function open() {
    const { accounts } = memoryModels(async () => undefined);
    await accounts.create(ada);
    await accounts.askAdmission('ada', asked, now);
    return accounts;
  }
  const kept = async (accounts: Awaited<ReturnType<typeof open>>) =>
    (await accounts.findById('ada'))?.admissions;

  it('is asked for once, however often an event is moved', async () => {
    const accounts = await open();
    await accounts.askAdmission('ada', asked, now);
    expect(await kept(accounts)).to.deep.equal([asked]);
    expect((await accounts.findByAdmission('d1'))?._id).to.equal('ada');
  });

  it('is forgotten when the next one asks and nothing of it can be in force', async () => {
    const accounts = await open();
    const later = secondsAfter(now, 3 * HOUR);
    const next = { ...asked, digest: 'd2', expiresAt: secondsAfter(later, HOUR / 2) };
    await accounts.askAdmission('ada', next, later);
    expect(await kept(accounts)).to.deep.equal([next]);
  });

  it('is used once, of all who confirm at the same moment', async () => {
    const accounts = await open();
    const admit = () => accounts.admit('ada', her, confirmed);
    const done = await Promise.all([admit(), admit(), admit()]);
    expect(done.filter(Boolean)).to.have.length(1);
    expect(await kept(accounts)).to.deep.equal([
      { ...asked, browser: 'hers', until: confirmed.until },
    ]);
  });

  it('is used by no other link, not too late, and not by another browser after the first', async () => {
    const accounts = await open();
    const tooLate = { ...confirmed, now: asked.expiresAt };
    expect(await accounts.admit('ada', { ...her, digest: 'd2' }, confirmed)).to.equal(false);
    expect(await accounts.admit('ada', her, tooLate)).to.equal(false);
    expect(await kept(accounts)).to.deep.equal([asked]);
    expect(await accounts.admit('ada', her, confirmed)).to.equal(true);
    const other = { ...her, browser: 'other' };
    expect(await accounts.admit('ada', other, confirmed)).to.equal(false);
    expect((await kept(accounts))?.map(({ browser }) => browser)).to.deep.equal(['hers']);
  });
});
