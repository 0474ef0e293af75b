/**
 * What the door lets a method do that none does yet: ask several credentials at once, ask before
 * anybody is named, make a credential in the browser, and stand in for nobody. The method is a
 * key that says which it is, and is proved by its secret.
 */
import { expect } from 'chai';
import { z } from 'zod';

import type { CredentialKind } from '../../../src/credentials/kind.ts';
import type { MethodId } from '../../../src/methods/index.ts';
import { defineMethod, failed, passedWith } from '../../../src/methods/method.ts';
import { openMethod } from '../../../src/methods/open.ts';
import type { Account } from '../../../src/models/account.ts';
import { addressOf } from '../../../src/models/challenge.ts';
import type { Flow } from '../../../src/models/flow.ts';
import type { Asking } from '../../../src/verification/begin.ts';
import { createDoor } from '../../../src/verification/door.ts';
import { NOBODY } from '../../../src/verification/resolve-choice.ts';
import { createPorts } from '../methods/ports.ts';
import { openWorld } from './memory-door.ts';
import { ada, earlier, from, signIn } from './memory-people.ts';
import { here } from './rate-limits/counting.ts';

const stored = z.object({ secret: z.string(), uses: z.int() });
type Stored = z.infer<typeof stored>;

const kind: CredentialKind<Stored> = { id: 'key', stored, most: 5, hint: () => undefined };

const key = defineMethod({
  credential: kind,
  adding: { form: z.object({}) },
  factor: 'possession',
  amr: ['hwk'],
  purposes: ['sign-in', 'reset', 'enrol'],
  sends: false,
  rank: 5,
  answeredWith: {
    credentialOf: ({ id }, held) => held.find((one) => one.id === id)?.id,
    accountOf: ({ account }) => account,
  },
  settings: z.strictObject({}),
  memo: z.object({ nonce: z.string() }),
  answer: z.object({ id: z.string(), secret: z.string(), account: z.string().exactOptional() }),
  create: () => {
    const question = (page: object) => ({
      memo: { nonce: 'n' },
      page: { options: { ...page, attestation: false } },
      validForSeconds: 300,
    });
    return {
      begin: async (_credential, { held }) => question({ allow: held.map(({ id }) => ({ id })) }),
      beginUnnamed: async () => question({ allow: [] }),
      pretend: (seed) => ({ secret: `nobody's ${seed}`, uses: 0 }),
      async verify({ credential, answer }) {
        if (answer.secret !== credential.secret) return failed('wrong-answer');
        return passedWith({ credential: { ...credential, uses: credential.uses + 1 } });
      },
      ceremony: {
        begin: async () => question({ make: true }),
        complete: async ({ answer: { secret } }) =>
          secret === '' ? failed('wrong-answer') : passedWith({ credential: { secret, uses: 1 } }),
      },
    };
  },
});

const id = 'key' as MethodId; // of no method that there is
const keyOf = (name: string) => ({
  ...{ id: name, kind: 'key', version: 0, addedAt: new Date(0) },
  data: { secret: `${name}'s`, uses: 0 },
});
const holder: Account = {
  ...ada,
  userHandle: 'h',
  credentials: [...ada.credentials, keyOf('k1'), keyOf('k2')],
};

async function opened(account: Account, flow: Flow) {
  const world = await openWorld(account, flow);
  const open = openMethod(id, key, {}, createPorts().ports);
  const methods = new Map([...world.deps.methods, [id, open]]);
  const door = createDoor({ ...world.deps, methods });
  return {
    ...{ ...world, door },
    asks: async (read: Flow, asking: Partial<Asking>): Promise<Flow> => {
      const begun = await door.begin(read, {
        ...{ account, choice: { method: 'key', credential: 'k1' }, purpose: 'sign-in' },
        ...{ client: 'Shop', locale: 'en', from, facts: read.facts, ...asking },
      });
      if (!begun) throw new Error('nothing was asked');
      return begun;
    },
    says: async ({ _id, challenge }: Flow, typed: Readonly<Record<string, string>>) => {
      const address = addressOf(challenge ?? { id: '', attemptsLeft: 0 });
      return door.answer(_id, {
        form: { ...typed, challenge: address },
        isOurs: (flow): flow is Flow => flow._id === _id,
        circumstances: () => ({ place: here, from, askNext: async () => undefined }),
      });
    },
  };
}

describe('A question that several credentials may answer', () => {
  it('is of the one that answered, and of none that was not asked', async () => {
    const world = await opened(holder, signIn());
    const asked = await world.asks(await world.flow(), {});
    expect(asked.challenge?.credentials).to.deep.equal(['k1', 'k2']);
    expect(asked.challenge?.page).to.deep.equal({
      options: { allow: [{ id: 'k1' }, { id: 'k2' }], attestation: false },
    });
    await world.accounts.addCredentials(await world.ada(), [keyOf('k3')]);
    const late = await world.says(asked, { id: 'k3', secret: "k3's" });
    expect(late?.outcome).to.equal('wrong-answer');

    const answered = await world.says(await world.flow(), { id: 'k2', secret: "k2's" });
    expect(answered?.outcome).to.equal('passed');
    expect(answered?.flow.proofs.at(-1)).to.include({ credential: 'k2', account: 'ada' });
    const uses = (await world.ada()).credentials
      .slice(-3)
      .map(({ data }) => stored.parse(data).uses);
    expect(uses).to.deep.equal([0, 1, 0]);
  });
});

describe('A question before anybody is named', () => {
  const unnamed = signIn(undefined, { facts: {}, proofs: [] });
  const nobody = { account: undefined, choice: { method: 'key', credential: NOBODY } };

  it('is answered by an account that the answer names', async () => {
    const world = await opened(holder, unnamed);
    const asked = await world.asks(await world.flow(), nobody);
    const answered = await world.says(asked, { account: 'h', id: 'k2', secret: "k2's" });
    expect(answered?.flow.facts.account).to.deep.equal({ id: 'ada', username: 'ada' });
    expect(answered?.flow.proofs).to.have.length(1);
  });

  it('holds nobody up who is named in wrong answers, and believes no name', async () => {
    const world = await opened(holder, unnamed);
    const before = (await world.ada()).attempts;
    let asked = await world.asks(await world.flow(), nobody);
    for (const named of ['h', 'h', 'ada', 'nobody at all']) {
      const answered = await world.says(asked, { account: named, id: 'k1', secret: 'guessed' });
      expect(answered?.outcome).to.equal('wrong-answer');
      expect(answered?.flow.facts.account).to.equal(undefined);
      asked = await world.flow();
    }
    expect((await world.ada()).attempts).to.deep.equal(before);
  });
});

describe('A credential that the browser makes', () => {
  it('is added by the answer that made it, which counts as its first proof', async () => {
    const started = signIn(undefined, { proofs: earlier.both });
    const world = await opened(ada, started);
    const wish = { flow: 'flow', method: 'key', typed: {}, client: 'Shop' };
    const enrolling = await world.door.enrolment.draft(ada, wish);
    const facts = { ...(await world.flow()).facts, enrolling };
    const choice = { method: 'key', credential: enrolling.draft?.id ?? '' };
    const asked = await world.asks(await world.flow(), { choice, purpose: 'enrol', facts });
    expect(asked.challenge?.page).to.deep.equal({ options: { make: true, attestation: false } });

    const wrong = await world.says(asked, { id: 'made', secret: '' });
    expect(wrong?.outcome).to.equal('wrong-answer');
    const answered = await world.says(await world.flow(), { id: 'made', secret: 'just made' });
    expect(answered?.outcome).to.equal('passed');
    const added = (await world.ada()).credentials.at(-1);
    expect(added).to.deep.include({ kind: 'key', data: { secret: 'just made', uses: 1 } });
    expect(answered?.flow.proofs.at(-1)).to.include({ method: 'key', credential: added?.id });
  });
});

describe('Somebody who does not exist', () => {
  it('is asked like anybody, the same each time, and is never right', async () => {
    const stranger = { username: 'ned' };
    const world = await opened(
      holder,
      signIn(undefined, { facts: { account: stranger }, proofs: [] }),
    );
    const nobody = { account: undefined, choice: { method: 'key', credential: NOBODY } };
    const asked = await world.asks(await world.flow(), { ...nobody, purpose: 'reset' });
    expect(asked.challenge?.page).to.have.property('options');
    const answered = await world.says(asked, { id: 'k1', secret: "nobody's ned" });
    expect(answered?.outcome).to.equal('wrong-answer');
    expect((await world.flow()).proofs).to.deep.equal([]);
  });
});
