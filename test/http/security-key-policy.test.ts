/**
 * What administrators decide about keys, held against keys that people bring: who vouches for them,
 * and of which model they are.
 */
import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { createAuthenticator, flag, type Twist } from '../support/authenticator.ts';
import { administrationOf } from '../support/administration.ts';
import { describeHouse } from '../support/describe-house.ts';
import { keyDesk } from '../support/key-desk.ts';
import { vouchesForItself } from '../support/key-defects.ts';
import { issue, type Issued, pemOf, vouchedFor } from '../support/key-makers.ts';
import { answersBy, keyOf, keysOn, optionsOn } from '../support/keys.ts';
import { trusting } from '../support/trusting.ts';

const MODEL = '00112233-4455-6677-8899-aabbccddeeff';
const OTHER = 'ffeeddcc-bbaa-9988-7766-554433221100';

const root = issue('Root', { isCa: true });
const issuing = issue('Issuing', { isCa: true, by: root });
const leaf = issue('Leaf', { by: issuing, aaguid: MODEL });
const strange = issue('Root', { isCa: true });

const overrides = { ...keysOn, log: { level: 'info' } };

describeHouse('What policy says of keys', overrides, (house) => {
  const { refuses, adds } = keyDesk(house);
  const { decides } = trusting(house);

  const says = async (change: object): Promise<void> => {
    const { methods } = house.settings.policy;
    await decides({
      methods: { ...methods, 'security-key': { ...methods['security-key'], ...change } },
    });
  };
  const trusts = (attestation: 'none' | 'asked' | 'required') =>
    says({ attestation, attestationRoots: [pemOf(root)] });

  const keysOf = async () => {
    const cleo = await createAccounts(house.connection).findById('id-cleo');
    return cleo?.credentials.filter(({ kind }) => kind === 'security-key') ?? [];
  };

  /** Set up by cleo at a sign-in; the claims that come of it, and of the next sign-in. */
  async function sets(twist: Twist) {
    const key = createAuthenticator(house.issuer, { aaguid: MODEL });
    const cleo = await adds();
    await answersBy(cleo, key.create(optionsOn(cleo), twist));
    await cleo.presses('saved');
    const first = await house.shop.claims(cleo.landed());
    const again = await house.atSecondStep('cleo');
    const copied = { sets: twist.sets ?? 0 };
    await answersBy(again, key.get(optionsOn(again), copied));
    const { acr, amr } = await house.shop.claims(again.landed());
    expect([acr, amr]).to.deep.equal([first.acr, first.amr]);
    return { acr, amr };
  }

  it('takes no key without its maker’s word where that is required (S-104)', async () => {
    await trusts('required');
    const cleo = await adds();
    const key = createAuthenticator(house.issuer, { aaguid: MODEL });
    const makes = (twist: Twist) => () => key.create(optionsOn(cleo), twist);
    const by = (...chain: readonly Issued[]) => makes(vouchedFor(...chain));
    const expired = issue('Issuing', { isCa: true, by: root, years: ['2000', '2001'] });
    const late = issue('Issuing', { isCa: true, by: root, years: ['2048', '2049'] });
    const forged = { ...leaf, key: strange.key };
    await refuses(cleo, {
      'nobody’s word': makes({}),
      'its own word': makes(vouchesForItself),
      'a root that nobody named': by(issue('Leaf', { by: strange, aaguid: MODEL })),
      'a root of the same name': by(issue('Leaf', { by: strange }), strange),
      'a certificate of its own': by(issue('Leaf')),
      'one that is expired': by(issue('Leaf', { by: root, years: ['2000', '2001'] })),
      'one that is not valid yet': by(issue('Leaf', { by: root, years: ['2048', '2049'] })),
      'one by an issuer that is expired': by(issue('Leaf', { by: expired }), expired),
      'one by an issuer that is not valid yet': by(issue('Leaf', { by: late }), late),
      'one by another key': by(issue('Leaf', { by: leaf }), leaf, issuing),
      'one of a maker': by(issue('Leaf', { by: root, isCa: true })),
      'a chain with a gap': by(leaf),
      'a chain with a gap and the root': by(leaf, root),
      'a chain in another order': by(leaf, root, issuing),
      'a chain that goes on elsewhere': by(leaf, issuing, strange),
      'a long chain': by(leaf, ...Array<Issued>(5).fill(issuing)),
      'somebody else’s certificate': by(forged, issuing),
      'one of another model': by(issue('Leaf', { by: root, aaguid: OTHER })),
    });
    expect(optionsOn(cleo)).to.include({ attestation: 'direct' });
    await answersBy(cleo, by(leaf, issuing)());
    expect(cleo.reads()).to.contain('Your security key is set up.');
  });

  for (const [title, chain] of [
    ['by way of another', [leaf, issuing]],
    ['at once', [issue('Leaf', { by: root })]],
    ['with the root in it', [leaf, issuing, root]],
  ] as const) {
    it(`finds a key in hardware by its maker’s word, ${title} (S-105)`, async () => {
      await trusts('required');
      const { acr, amr } = await sets(vouchedFor(...chain));
      expect(acr).to.equal('phrh');
      expect(amr).to.have.members(['pwd', 'hwk', 'user', 'mfa']);
    });
  }

  for (const [title, attestation, twist] of [
    ['that may be copied', 'required', { sets: flag.BE, ...vouchedFor(leaf, issuing) }],
    ['where nobody asks its maker', 'none', vouchedFor(leaf, issuing)],
    ['that vouches for itself', 'asked', vouchesForItself],
    ['that nobody vouches for', 'asked', {}],
    ['whose maker nobody named', 'asked', vouchedFor(issue('Leaf', { by: strange }))],
  ] as const) {
    it(`finds no hardware in a key ${title} (S-105)`, async () => {
      await trusts(attestation);
      const { acr, amr } = await sets(twist);
      expect(acr).to.equal('phr');
      expect(amr).to.have.members(['pwd', 'swk', 'user', 'mfa']);
    });
  }

  it('counts a maker’s word only as long as it asks for that (S-105)', async () => {
    await trusts('asked');
    expect((await sets(vouchedFor(leaf, issuing))).acr).to.equal('phrh');
    await trusts('none');
    const cleo = house.visitor('cleo');
    await cleo.opens(await house.shop.signIn({ acr_values: 'phrh' }));
    expect(cleo.landed().searchParams.get('error')).to.equal('unmet_authentication_requirements');
  });

  it('refuses models, and all but some, wherever they come from (S-104)', async () => {
    const key = createAuthenticator(house.issuer, { aaguid: MODEL });
    for (const change of [{ refusedModels: [MODEL] }, { allowedModels: [OTHER] }]) {
      await says(change);
      const cleo = await adds();
      await refuses(cleo, { 'a model': () => key.create(optionsOn(cleo), vouchesForItself) });
      const other = createAuthenticator(house.issuer, { aaguid: OTHER });
      await answersBy(cleo, other.create(optionsOn(cleo)));
      expect(cleo.reads()).to.contain('Your security key is set up.');
      await createAccounts(house.connection).model.updateOne(
        { _id: 'id-cleo' },
        { $pull: { credentials: { kind: { $ne: 'password' } } } },
      );
    }
  });

  it('refuses models that people have already (S-104)', async () => {
    const key = await keyOf(house, 'cleo', { aaguid: MODEL });
    await says({ refusedModels: [MODEL] });
    const cleo = await house.atSecondStep('cleo');
    await refuses(cleo, { 'a model': () => key.get(optionsOn(cleo)) });
    const door = await keyDesk(house).atDoor();
    await refuses(door, { 'a model': () => key.get(optionsOn(door)) });
    await says({ refusedModels: [] });
    await answersBy(cleo, key.get(optionsOn(cleo)));
    cleo.landed();
  });

  it('adds no key that is somebody else’s (S-103)', async () => {
    const theirs = (await keyOf(house, 'bob')).made[0]?.id ?? '';
    const cleo = await adds();
    const key = createAuthenticator(house.issuer);
    const credentialId = Buffer.from(theirs, 'base64url');
    await answersBy(cleo, key.create(optionsOn(cleo), { credentialId }));
    expect(cleo.status()).to.equal(200);
    expect(cleo.sees()).to.match(/^sign-in\/enrol/);
    expect(await keysOf()).to.deep.equal([]);
  });

  it('gives nobody an eleventh key (S-118)', async () => {
    const { methods } = administrationOf(house);
    const add = (): Promise<unknown> => {
      const key = createAuthenticator(house.issuer);
      key.create({ challenge: '', rp: { id: 'localhost' } });
      const [made] = key.made;
      const record = { credentialId: made?.id, publicKey: made?.publicKey.toString('base64url') };
      return methods.addKey('cleo', { key: record });
    };
    await Promise.allSettled(Array.from({ length: 12 }, add));
    expect(await keysOf()).to.have.length.within(1, 10);
    while ((await keysOf()).length < 10) await add();
    expect(await add().catch(String)).to.be.a('string');
    expect(await keysOf()).to.have.length(10);
  });
});
