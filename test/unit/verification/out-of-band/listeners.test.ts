import { expect } from 'chai';

import { Problem } from '../../../../src/lib/problem.ts';
import type { Heard } from '../../../../src/models/flow-elsewhere.ts';
import {
  createListeners,
  type Waiting,
} from '../../../../src/verification/out-of-band/listeners.ts';

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
  const listeners = createListeners({
    clock: { now: () => new Date() },
    flows: {
      heard: async (uids, devices) => {
        queries.push([uids, devices]);
        return [...stored];
      },
    },
  });
  const waits = (more: Partial<Waiting>) => {
    const heard: string[][] = [];
    const stop = listeners.wait({
      devices: [],
      hears: (all) => heard.push(all.map(({ _id }) => _id)),
      ends: () => heard.push(['ended']),
      ...more,
    });
    return { heard, stop };
  };
  return { listeners, queries, waits };
}

function isRefused(wait: () => unknown): boolean {
  try {
    wait();
    return false;
  } catch (error) {
    if (error instanceof Problem && error.code === 'busy') return true;
    throw error;
  }
}

describe('Listeners', () => {
  it('asks once a turn, for however many wait, and not at all for nobody', async () => {
    const { listeners, queries, waits } = open();
    await listeners.turn();
    expect(queries).to.have.length(0);
    for (let page = 0; page < 100; page += 1) waits({ flow: `f${page % 10}` });
    for (let phone = 0; phone < 100; phone += 1) waits({ devices: [`d${phone % 10}`] });
    await listeners.turn();
    expect(queries).to.have.length(1);
    expect(queries[0]?.[0]).to.have.length(10);
    expect(queries[0]?.[1]).to.have.length(10);
  });

  it('tells each only what concerns it', async () => {
    const { listeners, waits } = open([flow('f1', 'd1'), flow('f2', 'd2'), flow('f3')]);
    const [page, phone, both] = [
      waits({ flow: 'f3' }),
      waits({ devices: ['d1'] }),
      waits({ devices: ['d1', 'd2'] }),
    ];
    await listeners.turn();
    expect(page.heard).to.deep.equal([['f3']]);
    expect(phone.heard).to.deep.equal([['f1']]);
    expect(both.heard).to.deep.equal([['f1', 'f2']]);
  });

  it('forgets who stopped, and tells everybody when it ends', async () => {
    const { listeners, waits } = open([flow('f1', 'd1')]);
    const [gone, here] = [waits({ devices: ['d1'] }), waits({ devices: ['d1'] })];
    gone.stop();
    await listeners.turn();
    listeners.end();
    await listeners.turn();
    expect(gone.heard).to.deep.equal([]);
    expect(here.heard).to.deep.equal([['f1'], ['ended']]);
    expect(
      isRefused(() => waits({ devices: ['d1'] })),
      'may wait no more',
    ).to.equal(true);
  });

  it('holds open only so many, and pages take no place from phones', () => {
    const { waits } = open();
    const all = (wait: (one: number) => Partial<Waiting>): number =>
      Array.from({ length: 1_001 }, (_, one) => isRefused(() => waits(wait(one)))).indexOf(true);
    expect(all((one) => ({ flow: `f${one}` }))).to.equal(1_000);
    expect(all((one) => ({ devices: [`d${one}`] }))).to.equal(1_000);
  });

  it('holds open no more than ten of one page or one device', () => {
    const { waits } = open();
    for (const one of [{ flow: 'f1' }, { devices: ['d1'] }]) {
      const stops = Array.from({ length: 10 }, () => waits(one).stop);
      expect(isRefused(() => waits(one))).to.equal(true);
      stops[0]?.();
      expect(isRefused(() => waits(one))).to.equal(false);
    }
  });

  it('tells the others where one cannot be told (R-43)', async () => {
    const { listeners, waits } = open([flow('f1', 'd1'), flow('f2', 'd2')]);
    const broken = waits({
      devices: ['d1'],
      hears() {
        throw new TypeError('poison');
      },
    });
    const sound = waits({ devices: ['d2'] });
    await listeners.turn();
    expect(broken.heard).to.deep.equal([['ended']]);
    expect(sound.heard).to.deep.equal([['f2']]);
  });
});
