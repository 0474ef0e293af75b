/**
 * What is posted by hand in "My account": the table of methods, other people's things, and fields
 * that nobody asked for.
 */
import { createHash } from 'node:crypto';

import { expect } from 'chai';

import type { methods } from '../../src/methods/index.ts';
import { createAccounts } from '../../src/models/account.ts';
import { everyWay } from '../support/at-each-step.ts';
import { describeHouse } from '../support/describe-house.ts';
import type { Visitor } from '../support/visitor.ts';

/** Who may be what is one table, whatever a form says. */
const TABLE = {
  password: { adds: false, isDefault: false },
  'security-key': { adds: true, isDefault: true },
  approve: { adds: true, isDefault: true },
  code: { adds: true, isDefault: true },
  text: { adds: true, isDefault: true },
  call: { adds: true, isDefault: true },
  email: { adds: true, isDefault: false },
  'security-questions': { adds: true, isDefault: false },
  'recovery-code': { adds: false, isDefault: false },
  'temporary-access-pass': { adds: false, isDefault: false },
} as const satisfies Record<keyof typeof methods, object>;

const HELD: Readonly<Record<string, string>> = {
  ...{ password: 'password', code: 'app', text: 'phone', call: 'phone', 'recovery-code': 'codes' },
};

/** Nobody listens there: mails are only offered. */
const channels = { mail: { url: 'smtp://127.0.0.1:9', from: 'no@example.org' } };

describeHouse('My account, posted by hand', { ...everyWay, channels }, (house) => {
  async function signedIn(): Promise<Visitor> {
    const ada = house.visitor('ada');
    await ada.opens('/account');
    await ada.identifies();
    await ada.says({ code: ada.code() });
    return ada;
  }

  const tokenOn = (visitor: Visitor): string =>
    visitor.html().querySelector('main [name=_csrf]')?.getAttribute('value') ?? '';

  /** Begins a change, and says what its form would not. */
  async function posts(ada: Visitor, act: string, fields: Record<string, string>) {
    await ada.opens('/account/security-info');
    const begin = new URLSearchParams({ credential: 'app', ...fields, _csrf: tokenOn(ada), act });
    await ada.post('/account/change', begin);
    const said = new URLSearchParams({ ...fields, _csrf: tokenOn(ada) });
    const at = ada.at().pathname;
    await ada.post(`${at}/${act}`, said);
  }

  const account = async () => createAccounts(house.connection).findById('id-ada');

  for (const [method, { adds, isDefault }] of Object.entries(TABLE)) {
    it(`takes ${method} for what the table says, and for nothing else`, async () => {
      const ada = await signedIn();
      await posts(ada, 'add', { method });
      expect(ada.status()).to.equal(adds ? 200 : 400);
      if (!adds) expect(ada.reads()).to.contain('This method is not offered here.');
      await posts(ada, 'default', { way: `${method} ${HELD[method] ?? 'app'}` });
      const { preferred } = (await account()) ?? {};
      const isHeld = HELD[method] !== undefined;
      expect(preferred?.method === method).to.equal(isDefault && isHeld);
    });
  }

  for (const credential of ['password', 'codes']) {
    it(`takes nothing away that is not in the list: ${credential}`, async () => {
      const ada = await signedIn();
      await posts(ada, 'remove', { credential });
      expect((await account())?.credentials.map(({ id }) => id)).to.include(credential);
    });
  }

  it('touches nothing that is somebody else’s, or nobody’s (S-111)', async () => {
    const ada = await signedIn();
    const before = await account();
    for (const credential of ['phone-of-bob', 'nothing', '__proto__']) {
      await ada.opens('/account/security-info');
      const form = { _csrf: tokenOn(ada), act: 'remove', credential };
      await ada.post('/account/change', new URLSearchParams(form));
      expect(ada.sees()).to.equal('security-info/continue');
      expect(ada.reads()).not.to.contain(credential);
    }
    expect(await account()).to.deep.equal(before);
  });

  it('begins nothing without its token, and for nobody', async () => {
    const ada = await signedIn();
    const form = new URLSearchParams({ act: 'remove', credential: 'app', _csrf: 'made up' });
    await ada.post('/account/change', form);
    expect(ada.status()).to.equal(403);
    const nobody = house.visitor();
    await nobody.post('/account/change', form);
    expect(nobody.sees()).to.equal('sign-in/identify');
  });

  it('is one browser’s and one session’s alone', async () => {
    const [ada, other] = [await signedIn(), house.visitor('ada')];
    await ada.post('/account/change', new URLSearchParams({ _csrf: tokenOn(ada), act: 'add' }));
    const { pathname } = ada.at();
    await other.opens(pathname);
    expect(other.status()).to.equal(400);
    await ada.opens('/session/end');
    await ada.presses('confirm');
    await ada.opens(pathname);
    expect(ada.sees()).to.equal('security-info/expired');
  });

  it('gives nobody a token in its name, not even with a verifier of their own', async () => {
    const ada = await signedIn();
    const verifier = 'v'.repeat(43);
    const query = new URLSearchParams({
      ...{ client_id: 'doorstep-account', response_type: 'code', scope: 'openid', state: 'x' },
      redirect_uri: `${house.issuer}/account/signed-in`,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const answer = await ada.raw(`/auth?${query.toString()}`);
    const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
    expect(code).not.to.equal('');
    for (const secret of [undefined, '', 'guessed']) {
      const body = new URLSearchParams({
        ...{ grant_type: 'authorization_code', code, code_verifier: verifier },
        redirect_uri: `${house.issuer}/account/signed-in`,
        client_id: 'doorstep-account',
        ...(secret !== undefined && { client_secret: secret }),
      });
      const refused = await fetch(`${house.issuer}/token`, { method: 'POST', body });
      expect(refused.status).to.be.oneOf([400, 401]);
      expect(await refused.json()).to.have.property('error', 'invalid_client');
    }
  });
});
