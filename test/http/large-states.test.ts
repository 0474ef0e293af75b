/**
 * What apps send along as `state` comes back whole, and no header grows so long that a proxy with
 * its own defaults (nginx: 4 kB) would call the server broken.
 */
import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';

const MOST_BYTES = 4096;

describe('A state that is long', () => {
  let house: House;
  before(async () => (house = await openHouse({ policy: { twoSteps: 'when-asked' } })));
  beforeEach(() => clock.advance({ days: 1 }));
  after(() => house.close());

  const bytesOf = (headers: Headers): number =>
    [...headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);

  /** With every header on the way looked at. */
  async function signsIn(state: string, more: Readonly<Record<string, string>> = {}) {
    const cleo = house.visitor('cleo');
    const sizes: number[] = [];
    const { raw } = cleo;
    const url = await house.shop.signIn({ state, ...more });
    await cleo.opens(url);
    if (more.prompt !== 'none') {
      await cleo.identifies();
    }
    sizes.push(bytesOf(cleo.headers()));
    const policy = cleo.headers().get('content-security-policy') ?? '';
    return { landed: cleo.landed(), sizes, raw, policy };
  }

  for (const [what, sign] of [
    ['plain', 'a'],
    ['percent-encoded', 'ü/'],
  ] as const) {
    for (const length of [1000, 2000, 3500]) {
      it(`comes back, ${length} bytes and ${what}, in small headers`, async () => {
        const size = encodeURIComponent(sign).length;
        const state = sign.repeat(Math.floor(length / size));
        const { landed, sizes } = await signsIn(state);
        expect(landed.searchParams.get('state')).to.equal(state);
        expect(landed.searchParams.get('code')).to.be.a('string');
        expect(Math.max(...sizes)).to.be.below(MOST_BYTES);
      });
    }
  }

  it('travels on in small headers where the app posts it', async () => {
    const state = 'a'.repeat(3500);
    const { searchParams } = await house.shop.signIn({ state });
    const cleo = house.visitor('cleo');
    const init = { method: 'POST', body: searchParams };
    for (const prompt of ['', 'none']) {
      searchParams.set('prompt', prompt);
      const answer = await cleo.raw('/auth', init);
      expect(bytesOf(answer.headers)).to.be.below(MOST_BYTES);
    }
    searchParams.delete('prompt');
    await cleo.post('/auth', searchParams);
    expect(cleo.sees()).to.equal('sign-in/identify');
    await cleo.identifies();
    expect(cleo.landed().searchParams.get('state')).to.equal(state);
  });

  it('comes back with what an app asks without a page, too', async () => {
    const state = 'a'.repeat(3500);
    const { landed, sizes, policy } = await signsIn(state, { prompt: 'none' });
    expect(landed.searchParams.get('state')).to.equal(state);
    expect(landed.searchParams.get('error')).to.equal('login_required');
    expect(Math.max(...sizes)).to.be.below(MOST_BYTES);
    expect(policy, 'may be in a frame, where apps ask silently').not.to.contain('frame-ancestors');
    expect((await signsIn(state)).policy).to.contain("frame-ancestors 'none'");
  });

  it('is refused on a page where nothing could carry it back', async () => {
    const visitor = house.visitor();
    await visitor.opens(await house.shop.signIn({ state: 'a'.repeat(9000), prompt: 'none' }));
    expect([visitor.status(), visitor.sees()]).to.deep.equal([414, 'problem']);
  });
});
