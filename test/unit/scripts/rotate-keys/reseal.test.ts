import { expect } from 'chai';

import { reseal } from '../../../../scripts/rotate-keys/reseal.ts';
import type { Services } from '../../../../scripts/services.ts';
import { credentialContext } from '../../../../src/credentials/vault.ts';
import { createCrypt } from '../../../../src/lib/crypt.ts';

const [OLD, NEW] = ['old-'.repeat(16), 'new-'.repeat(16)];

describe('reseal', () => {
  it('seals anew what lies deeper too, such as where a phone is woken (S-211)', async () => {
    const context = credentialContext('id-dan', 'app');
    const seal = (text: string) => createCrypt([OLD]).seal(text, context);
    const device = { key: 'public', counter: 7, push: seal('an address') };
    const data = { seed: seal('a seed'), lastStep: 3, device };
    const dan = { _id: 'id-dan', credentials: [{ id: 'app', version: 0, data }] };
    const written: (typeof data)[] = [];

    const pages = (all: readonly object[]) => {
      const left = [all, []];
      const query = { sort: () => query, limit: () => query, lean: () => query, exec };
      async function exec() {
        return left.shift();
      }
      return () => query;
    };
    const updateOne = async (_: object, change: { $set: Record<string, typeof data> }) => {
      written.push(...Object.values(change.$set));
      return { modifiedCount: 1 };
    };
    const services: object = {
      settings: { secrets: { encryptionKeys: [NEW, OLD] } },
      records: { model: { find: pages([]) } },
      clients: { reseal: async () => 0 },
      accounts: { model: { find: pages([dan]), updateOne } },
    };
    expect(await reseal(services as Services)).to.equal(1);
    const [renewed] = written;
    const opened = (sealed = '') => createCrypt([NEW]).open(sealed, context);
    expect(opened(renewed?.seed)).to.equal('a seed');
    expect(opened(renewed?.device.push)).to.equal('an address');
    expect(renewed).to.deep.include({ lastStep: 3 });
    expect(renewed?.device).to.include({ key: 'public', counter: 7 });
  });
});
