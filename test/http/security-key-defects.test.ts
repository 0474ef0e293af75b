/**
 * Answers by a key with one thing wrong about them (WebAuthn Level 3 §7.1, §7.2), over HTTP: each is
 * refused in peace, proves nothing and leaves nothing; then the same page takes a right one.
 */
import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { type Authenticator, createAuthenticator, flag } from '../support/authenticator.ts';
import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import {
  type Defects,
  defectsOfMaking,
  defectsOfUsing,
  ofUsing,
  rawClientData,
  vouchesForItself,
} from '../support/key-defects.ts';
import { keyDesk } from '../support/key-desk.ts';
import { answersBy, keyOf, keysOn, optionsOn } from '../support/keys.ts';
import type { Visitor } from '../support/visitor.ts';

const overrides = { ...keysOn, log: { level: 'info' } };

describeHouse('An answer by a key with one thing wrong', overrides, (house) => {
  const { refuses, adds, atDoor } = keyDesk(house);

  const made = (visitor: Visitor, defects: Defects) => {
    const key = createAuthenticator(house.issuer);
    return mapped(defects, (twist) => () => key.create(optionsOn(visitor), twist));
  };

  const used = (visitor: Visitor, key: Authenticator, defects: Defects) =>
    mapped(defects, (twist) => () => key.get(optionsOn(visitor), twist));

  it('adds no key (S-100, S-101, S-103, S-107)', async () => {
    const cleo = await adds();
    await refuses(cleo, made(cleo, defectsOfMaking(house.issuer)));
    await answersBy(
      cleo,
      createAuthenticator(house.issuer).create(optionsOn(cleo), vouchesForItself),
    );
    expect(cleo.reads()).to.contain('Your security key is set up.');
  });

  it('is no second step (S-100, S-101, S-107)', async () => {
    const key = await keyOf(house, 'cleo');
    const cleo = await house.atSecondStep('cleo');
    const other = createAuthenticator(house.issuer);
    other.create({ challenge: '', rp: { id: 'localhost' }, user: { id: 'Ym9i' } });
    await refuses(cleo, {
      ...used(cleo, key, defectsOfUsing(house.issuer)),
      'the key of somebody else': () => other.get(optionsOn(cleo)),
      'a new key': () => key.create({ ...optionsOn(cleo), rp: { id: 'localhost' } }),
    });
    await answersBy(cleo, key.get(optionsOn(cleo), { response: { userHandle: '' } }));
    expect((await house.shop.claims(cleo.landed())).acr).to.equal('phr');
  });

  it('is no sign-in alone (S-100, S-101, S-107)', async () => {
    const key = await keyOf(house, 'cleo');
    const userHandle = 'Ym9iJ3MgaGFuZGxl';
    await createAccounts(house.connection).model.updateOne({ _id: 'id-bob' }, { userHandle });
    const visitor = await atDoor();
    await refuses(visitor, {
      ...used(visitor, key, ofUsing),
      ...used(visitor, key, {
        'a key that did not ask for its PIN': { clears: flag.UV },
        'nobody’s account': { response: { userHandle: undefined } },
        'an empty account': { response: { userHandle: '' } },
        'the account of somebody else': { response: { userHandle } },
      }),
    });
    await answersBy(visitor, key.get(optionsOn(visitor)));
    expect((await house.shop.claims(visitor.landed())).sub).to.equal('id-cleo');
  });

  it('or with client data that no browser writes proves nothing (S-107)', async () => {
    const key = await keyOf(house, 'cleo');
    const cleo = await house.atSecondStep('cleo');
    const says = (more: string | Buffer, before = '') => {
      const { challenge } = optionsOn(cleo);
      const right = { type: 'webauthn.get', challenge, origin: house.issuer };
      const text = `${before}${JSON.stringify(right).slice(0, -1)}`;
      const bytes = Buffer.concat([Buffer.from(`${text},`), Buffer.from(more), Buffer.from('}')]);
      return key.get(optionsOn(cleo), rawClientData(bytes));
    };
    await refuses(cleo, {
      'bytes that are no UTF-8': () => says(Buffer.from('"a":"\xff"', 'latin1')),
      'a mark before it': () => says('"a":1', '\ufeff'),
      'the origin twice': () => says('"origin":"https://evil.example"'),
      'the challenge twice': () => says('"challenge":"evil"'),
      'a frame in the end': () => says('"crossOrigin":false,"crossOrigin":true'),
      'no comma': () => says('"a" 1'),
      'more behind it': () => says('"a":1}{'),
    });
    await answersBy(cleo, says('"crossOrigin":false,"what browsers add":"é"'));
    cleo.landed();
  });

  it('to another question than this proves nothing (S-100)', async () => {
    const key = await keyOf(house, 'cleo');
    const [cleo, elsewhere] = [await house.atSecondStep('cleo'), await house.atSecondStep('cleo')];
    const door = await atDoor();
    const first = optionsOn(cleo);
    await refuses(cleo, {
      'the question of another sign-in': () => key.get(optionsOn(elsewhere)),
      'the question at the door': () => key.get({ ...optionsOn(door), rpId: 'localhost' }),
      'the question that was asked before': () => key.get(first),
    });
    const right = key.get(optionsOn(cleo));
    clock.advance({ minutes: 5, seconds: 1 });
    const page = cleo.sees();
    await answersBy(cleo, right);
    expect(cleo.sees()).to.equal(page);
    expect(cleo.reads()).to.contain('This took too long.');
    await cleo.presses('again');
    const now = key.get(optionsOn(cleo));
    await answersBy(elsewhere, now);
    expect(elsewhere.sees()).to.equal(page);
    await answersBy(cleo, now);
    cleo.landed();
  });
});

const mapped = <In, Out>(all: Readonly<Record<string, In>>, by: (one: In) => Out) =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [name, by(one)]));
