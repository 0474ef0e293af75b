import { expect } from 'chai';

import type { Account, Credential } from '../../../src/models/account.ts';
import { memoryModels } from '../verification/memory-models.ts';

const at = new Date('2026-03-01T12:00:00Z');
const earlier = new Date('2026-03-01T11:59:59Z');
const later = new Date('2026-03-01T12:00:01Z');

const password: Credential = {
  ...{ id: 'id-password', kind: 'password', version: 0, addedAt: earlier },
  data: { hash: 'old' },
};

type Models = ReturnType<typeof memoryModels>;
type SignOut = (models: Models, read: Account, signedOutAt: Date) => Promise<boolean>;

const signOuts: Readonly<Record<string, SignOut>> = {
  'the end of all sessions': ({ directory }, { _id }, signedOutAt) =>
    directory.signOut(_id, { signedOutAt }),
  'disabling the account': ({ directory }, read, signedOutAt) =>
    directory.change(read, { disabledAt: signedOutAt, signedOutAt }),
  'a credential that is removed': ({ directory }, read, signedOutAt) =>
    directory.removeCredential(read, password.id, { signedOutAt }),
  'a credential that is replaced': ({ directory }, read, signedOutAt) =>
    directory.replaceCredential(read, password, { data: { hash: 'new' }, signedOutAt }),
  'a password that its owner replaces': ({ accounts }, read, signedOutAt) =>
    accounts.replacePassword(read, password, { data: { hash: 'new' }, signedOutAt }),
};

describe('Being signed out by', () => {
  for (const [name, signOut] of Object.entries(signOuts)) {
    it(`${name} is never turned back by a time that is earlier`, async () => {
      expect(await afterwards(signOut, { before: at, then: earlier })).to.deep.equal(at);
      expect(await afterwards(signOut, { before: at, then: later })).to.deep.equal(later);
      expect(await afterwards(signOut, { then: later })).to.deep.equal(later);
    });
  }
});

interface Times {
  readonly before?: Date;
  readonly then: Date;
}

async function afterwards(signOut: SignOut, { before, then }: Times) {
  const models = memoryModels(() => Promise.resolve());
  const { accounts, directory } = models;
  const made = { username: 'ada', name: 'Ada', profile: {}, roles: [], groups: [] };
  await accounts.create({ ...made, _id: 'id-ada', createdAt: earlier, credentials: [password] });
  if (before) await directory.signOut('id-ada', { signedOutAt: before });
  const read = await accounts.findById('id-ada');
  expect(read && (await signOut(models, read, then))).to.equal(true);
  return (await accounts.findById('id-ada'))?.signedOutAt;
}
