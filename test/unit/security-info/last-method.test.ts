/**
 * The last way in stays, whatever it is: also a passkey of somebody who has no password (S-114).
 */
import { expect } from 'chai';

import { acr, type Acr } from '../../../src/assurance/proof.ts';
import type { Credential } from '../../../src/models/account.ts';
import { mayGo } from '../../../src/security-info/remove.ts';
import { openWorld } from '../verification/memory-door.ts';
import { ada, noon } from '../verification/memory-people.ts';

describe('The last method', () => {
  const key = (id: string): Credential => ({
    ...{ id, kind: 'security-key', version: 0, addedAt: noon },
    data: {
      ...{ credentialId: id, publicKey: 'cHVibGlj', signCount: 1, transports: ['usb'] },
      aaguid: '00000000-0000-0000-0000-000000000000',
      ...{ isBackupEligible: false, isBackedUp: false, isUserVerified: true },
    },
  });
  const paper = ada.credentials.filter(({ kind }) => kind === 'recovery-codes');

  async function mayGoOf(credentials: readonly Credential[], least: Acr): Promise<boolean> {
    const { deps } = await openWorld(ada);
    const anyKey = {
      passwordless: true,
      attestation: 'none',
      attestationRoots: [],
      allowedModels: [],
      refusedModels: [],
    };
    const availability = { ...deps.availability, policyOf: () => anyKey };
    const [first = key('none')] = credentials;
    return mayGo({ ...ada, credentials }, first, { ...deps, availability, least: () => least });
  }

  for (const least of [acr.pwd, acr.mfa]) {
    it(`is kept where it is a passkey and nothing else (${least})`, async () => {
      expect(await mayGoOf([key('only')], least)).to.equal(false);
      expect(await mayGoOf([key('only'), ...paper], least), 'beside codes').to.equal(false);
      expect(await mayGoOf([key('one'), key('two')], least), 'of two').to.equal(true);
    });
  }
});
