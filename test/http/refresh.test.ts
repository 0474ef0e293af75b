/**
 * Refresh tokens (S-172, S-175): those of public clients are good once, with patience for two
 * tabs and lost answers; those of confidential clients serve any number of parallel requests.
 */
import { expect } from 'chai';
import * as client from 'openid-client';

import { atOnce } from '../support/at-once.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { type Leaflet, openLeaflet } from '../support/public-client.ts';
import { recordsOf } from '../support/records.ts';

const MANY = 50;
/** An hour before 70 % of its 14 days, and that. */
const EARLY = { hours: 9.8 * 24 - 1 };
const LATE = { hours: 9.8 * 24 };

describe('A refresh token', () => {
  let house: House;
  let leaflet: Leaflet;
  before(async () => {
    house = await openHouse({ policy: { twoSteps: 'when-asked' }, log: { level: 'info' } });
    leaflet = await openLeaflet(house);
  });
  after(() => house.close());
  beforeEach(() => clock.advance({ days: 1 }));

  /** What comes of it: tokens, or the error's name. */
  async function refreshed(config: client.Configuration, token = '') {
    try {
      return await client.refreshTokenGrant(config, token);
    } catch (error) {
      if (error instanceof client.ResponseBodyError) return error.error;
      throw error;
    }
  }

  const isGood = async (config: client.Configuration, token = ''): Promise<boolean> =>
    typeof (await refreshed(config, token)) !== 'string';

  /** What the audit says of tokens that came again, the newest first. */
  async function told(): Promise<object[]> {
    const { AuditRecord: records = [] } = await recordsOf(house.connection);
    const parsed = records.map((record) => JSON.parse(record) as { events: Event[] });
    return parsed
      .flatMap(({ events }) => events)
      .filter(({ name }) => name === 'refresh-token.replayed')
      .map(({ account, details }) => ({ ...details, ...(account !== undefined && { account }) }))
      .reverse();
  }

  /** Tokens that outlive the session. */
  async function signedIn() {
    const wish = { scope: 'openid offline_access', prompt: 'consent' };
    const cleo = await house.atSecondStep('cleo', wish);
    await cleo.says({});
    return house.shop.welcome(cleo.landed());
  }

  describe('of a public client', () => {
    it('rotates at each use, and a second use is refused but costs nothing for 10 s', async () => {
      const config = leaflet.configuration;
      const { refresh_token: first } = await leaflet.tokensOf('cleo');
      const second = await refreshed(config, first);
      if (typeof second === 'string') throw new Error(second);
      expect(second.refresh_token).not.to.equal(first);

      clock.advance({ seconds: 9 });
      await house.restart();
      expect(await refreshed(config, first)).to.equal('invalid_grant');
      expect(await isGood(config, second.refresh_token)).to.equal(true);
    });

    it('revokes its family when it comes back later, over a restart too (C-09)', async () => {
      const config = leaflet.configuration;
      const { refresh_token: first } = await leaflet.tokensOf('cleo');
      const second = await refreshed(config, first);
      if (typeof second === 'string') throw new Error(second);

      clock.advance({ seconds: 10 });
      await house.restart();
      expect(await refreshed(config, first)).to.equal('invalid_grant');
      expect(await refreshed(config, second.refresh_token)).to.equal('invalid_grant');
      const authorization = `Bearer ${second.access_token}`;
      const answer = await fetch(`${house.issuer}/me`, { headers: { authorization } });
      expect(answer.status).to.equal(401);
      const [event] = await told();
      expect(event).to.deep.equal({
        ...{ client: 'leaflet', account: 'id-cleo', isFamilyRevoked: true, count: 1 },
      });
    });

    it('is told of once an hour, with how many there were', async () => {
      const config = leaflet.configuration;
      const before = (await told()).length;
      const { refresh_token: first } = await leaflet.tokensOf('cleo');
      await refreshed(config, first);
      await atOnce(MANY, () => refreshed(config, first));
      expect(await told()).to.have.length(before + 1);

      clock.advance({ hours: 1 });
      const { refresh_token: next } = await leaflet.tokensOf('cleo');
      await refreshed(config, next);
      await refreshed(config, next);
      const [event] = await told();
      expect(event).to.deep.equal({ client: 'leaflet', isFamilyRevoked: false, count: MANY });
    });
  });

  describe('of a confidential client', () => {
    it('serves 50 at once, and stays the same until late in its life (S-172)', async () => {
      const config = await house.shop.configuration();
      const { refresh_token: token = '' } = await signedIn();
      clock.advance(EARLY);
      const answers = await atOnce(MANY, () => client.refreshTokenGrant(config, token));
      expect(new Set(answers.map((answer) => answer.refresh_token))).to.deep.equal(
        new Set([token]),
      );
    });

    it('then rotates, and serves 50 at once all the same, in one family', async () => {
      const config = await house.shop.configuration();
      const { refresh_token: token = '' } = await signedIn();
      clock.advance(LATE);
      const answers = await atOnce(MANY, () => client.refreshTokenGrant(config, token));
      const tokens = answers.map((answer) => answer.refresh_token);
      expect(tokens).not.to.include(token);

      clock.advance({ seconds: 45 });
      expect(await isGood(config, token)).to.equal(true);
      const [one, other] = tokens;
      await client.tokenRevocation(config, one ?? '');
      expect(await isGood(config, other)).to.equal(false);
    });

    it('revokes its family when it comes a minute after its successor', async () => {
      const config = await house.shop.configuration();
      const { refresh_token: token = '' } = await signedIn();
      clock.advance(LATE);
      const { refresh_token: next } = await client.refreshTokenGrant(config, token);
      clock.advance({ seconds: 60 });
      await house.restart();
      expect(await isGood(config, token)).to.equal(false);
      expect(await isGood(config, next)).to.equal(false);
    });

    it('serves no other client meanwhile, and its family lives', async () => {
      const config = await house.shop.configuration();
      const { refresh_token: token = '' } = await signedIn();
      clock.advance(LATE);
      await client.refreshTokenGrant(config, token);
      expect(await isGood(await house.partner.configuration(), token)).to.equal(false);
      expect(await isGood(leaflet.configuration, token)).to.equal(false);
      expect(await isGood(config, token)).to.equal(true);
    });
  });
});

interface Event {
  readonly name: string;
  readonly account?: string;
  readonly details: object;
}
