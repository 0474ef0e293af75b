import { expect } from 'chai';

import type { Heard } from '../../../src/models/flow-elsewhere.ts';
import { createHearing, type Waiting } from '../../../src/verification/hearing.ts';

const flow = (id: string, device?: string): Heard => ({
  _id: id,
  version: 1,
  endsAt: new Date(),
  ...(device !== undefined && {
    challenge: {
      ...{ id: `of ${id}`, purpose: 'sign-in', attemptsLeft: 1 },
      ...{ begunAt: new Date(), expiresAt: new Date(), elsewhere: { device, shows: {} } },
    },
  }),
});

function open(stored: readonly Heard[] = []) {
  const queries: (readonly [readonly string[], readonly string[]])[] = [];
  const hearing = createHearing({
    flows: {
      heard: async (uids, devices) => {
        queries.push([uids, devices]);
        return [...stored];
      },
    },
  });
  const waits = (more: Partial<Waiting>) => {
    const heard: string[][] = [];
    const stop = hearing.wait({
      devices: [],
      hears: (all) => heard.push(all.map(({ _id }) => _id)),
      ends: () => heard.push(['ended']),
      ...more,
    });
    return { heard, stop };
  };
  return { hearing, queries, waits };
}

describe('Hearing', () => {
  it('asks once a turn, for however many wait, and not at all for nobody', async () => {
    const { hearing, queries, waits } = open();
    await hearing.turn();
    expect(queries).to.have.length(0);
    for (let page = 0; page < 100; page += 1) waits({ flow: `f${page % 10}` });
    for (let phone = 0; phone < 100; phone += 1) waits({ devices: ['d1', `d${phone % 5}`] });
    await hearing.turn();
    expect(queries).to.have.length(1);
    expect(queries[0]?.[0]).to.have.length(10);
    expect(queries[0]?.[1]).to.have.length(5);
  });

  it('tells each only what concerns it', async () => {
    const { hearing, waits } = open([flow('f1', 'd1'), flow('f2', 'd2'), flow('f3')]);
    const [page, phone, both] = [
      waits({ flow: 'f3' }),
      waits({ devices: ['d1'] }),
      waits({ devices: ['d1', 'd2'] }),
    ];
    await hearing.turn();
    expect(page.heard).to.deep.equal([['f3']]);
    expect(phone.heard).to.deep.equal([['f1']]);
    expect(both.heard).to.deep.equal([['f1', 'f2']]);
  });

  it('forgets who stopped, and tells everybody when it ends', async () => {
    const { hearing, waits } = open([flow('f1', 'd1')]);
    const [gone, here] = [waits({ devices: ['d1'] }), waits({ devices: ['d1'] })];
    gone.stop?.();
    await hearing.turn();
    hearing.end();
    await hearing.turn();
    expect(gone.heard).to.deep.equal([]);
    expect(here.heard).to.deep.equal([['f1'], ['ended']]);
    expect(waits({ devices: ['d1'] }).stop, 'nobody may wait here any more').to.equal(undefined);
  });

  it('holds open only so many', () => {
    const { waits } = open();
    const stops = Array.from({ length: 2_001 }, () => waits({}).stop);
    expect(stops.filter((stop) => stop === undefined)).to.have.length(1);
  });
});
