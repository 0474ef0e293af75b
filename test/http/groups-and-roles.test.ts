/**
 * What an app is told only where an administrator allows it, and where it is told so.
 */
import { expect } from 'chai';
import * as client from 'openid-client';

import { createAccounts } from '../../src/models/account.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import type { createShop } from '../support/shop.ts';
import type { Visitor } from '../support/visitor.ts';

const scope = 'openid email groups roles';
const memberships = { groups: ['staff'], roles: ['admin'] };

describe('Groups and roles', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ policy: { twoSteps: 'when-asked' } });
    const { model } = createAccounts(house.connection);
    await model.updateOne({ _id: 'id-ada' }, { $set: memberships });
  });
  afterEach(() => house.close());

  type App = ReturnType<typeof createShop>;

  async function signsIn(app: App, more: Readonly<Record<string, string>> = {}) {
    const ada = house.visitor('ada');
    await ada.opens(await app.signIn({ scope, ...more }));
    await ada.identifies();
    const asked = ada.sees() === 'sign-in/consent' ? ada.reads() : '';
    if (ada.sees() === 'sign-in/consent') await ada.says({});
    return { asked, ...(await told(app, ada)) };
  }

  async function told(app: App, ada: Visitor) {
    const tokens = await app.welcome(ada.landed());
    const config = await app.configuration();
    const sub = tokens.claims()?.sub ?? '';
    const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub);
    return { tokens, userinfo, idToken: tokens.claims() };
  }

  it('are told to nobody unasked for by an administrator, by scope or by name', async () => {
    const claims = JSON.stringify({ userinfo: { groups: null }, id_token: { roles: null } });
    const { userinfo, idToken, tokens } = await signsIn(house.shop, { claims });
    expect(userinfo).to.include.keys('email').and.not.to.have.any.keys('groups', 'roles');
    expect(idToken).not.to.have.any.keys('groups', 'roles', 'email');
    expect(tokens.scope).to.equal('openid email');
  });

  it('are told by userinfo where they are allowed, one by one, until they no longer are', async () => {
    await house.registers('shop', { allowed_scopes: ['groups'] });
    const { userinfo, tokens } = await signsIn(house.shop);
    expect(userinfo).to.deep.include({ groups: ['staff'] });
    expect(userinfo).not.to.have.property('roles');
    await house.registers('shop', {});
    clock.advance({ seconds: 6 });
    const config = await house.shop.configuration();
    const later = await client.fetchUserInfo(config, tokens.access_token, 'id-ada');
    expect(later).not.to.have.any.keys('groups', 'roles');
  });

  it('are named where somebody is asked to allow them', async () => {
    const refused = await signsIn(house.partner);
    expect(refused.asked)
      .to.match(/mail address/)
      .and.not.to.match(/groups|roles/);
    await house.registers('partner', { allowed_scopes: ['groups', 'roles'] });
    clock.advance({ seconds: 6 });
    const { asked, userinfo } = await signsIn(house.partner);
    expect(asked).to.match(/which groups you belong to.*which roles you have/);
    expect(userinfo).to.deep.include(memberships);
  });

  it('stand in the ID token, with the rest, of an app that never asks userinfo', async () => {
    const allowed = { allowed_scopes: ['groups'], id_token_claims: true };
    await house.registers('shop', allowed);
    const { idToken, tokens } = await signsIn(house.shop);
    expect(idToken).to.deep.include({ email: 'ada@example.org', groups: ['staff'] });
    expect(idToken).not.to.have.any.keys('roles', 'name');
    const config = await house.shop.configuration();
    const again = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(again.claims()).to.deep.include({ email: 'ada@example.org', groups: ['staff'] });
  });
});
