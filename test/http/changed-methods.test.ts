/**
 * Methods that come and go while people sign in: what they can do is worked out from what the
 * account has now (C-24), and what was taken from it is dead at once, in both processes (C-57,
 * S-062, S-066).
 */
import { expect } from 'chai';

import { Refusal } from '../../src/administration/refusal.ts';
import { vaultOf } from '../../src/credentials/vault.ts';
import { createCrypt } from '../../src/lib/crypt.ts';
import type { Credential } from '../../src/models/account.ts';
import { administrationOf } from '../support/administration.ts';
import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import { appCode, credential, people, type PersonName } from '../support/people.ts';
import { ways } from '../support/at-each-step.ts';

const SEED = 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU';

describeHouse('Methods that change in the middle', {}, (house, moveBack) => {
  function newApp(name: PersonName, id: string): Credential {
    const crypt = createCrypt(house.settings.secrets.encryptionKeys);
    const seed = vaultOf(crypt, `id-${name}`, id).seal(SEED);
    return credential(id, 'app', { seed, lastStep: 0 });
  }

  /** As an administrator does: of this kind, only this is left. */
  async function replaces(name: PersonName, kind: string, ...by: Credential[]): Promise<void> {
    const accounts = house.connection.model('Account');
    const account = await accounts.findById(`id-${name}`).lean<Stored>().exec();
    const kept = account?.credentials.filter((one) => one.kind !== kind) ?? [];
    await accounts.updateOne(
      { _id: `id-${name}` },
      { $set: { credentials: [...kept, ...by] }, $inc: { credentialsVersion: 1 } },
    );
  }

  it('leave no life in a seed that was replaced (C-57)', async () => {
    const waiting = await ways['answer, code'](house);
    await replaces('ada', 'app', newApp('ada', 'new-app'));
    for (let turn = 0; turn < 2; turn += 1) {
      await waiting.says({ code: waiting.code() });
      expect(waiting.sees(), 'to whoever was asked before').to.equal('methods/code/answer');
      const later = await ways['answer, code'](house);
      await later.says({ code: later.code() });
      expect(later.sees(), 'to whoever comes now').to.equal('methods/code/answer');
    }
    const ada = await ways['answer, code'](house);
    await ada.says({ code: appCode(SEED) });
    ada.landed();
  });

  it('bring back to life nothing under the name of an old one (C-57)', async () => {
    const waiting = await ways['answer, code'](house);
    const code = waiting.code();
    await replaces('ada', 'app', newApp('ada', 'app'));
    await waiting.says({ code });
    expect(waiting.sees()).to.equal('methods/code/answer');
    await waiting.says({ code: appCode(SEED) });
    waiting.landed();
  });

  it('hold no seed twice, by which each code would be good twice (S-062)', async () => {
    const { methods } = administrationOf(house);
    const held = await methods.list('ada');
    const again = methods.addApp('ada', { secret: people.ada.seed });
    const refused = await again.then(String, (error: unknown) => error);
    expect(refused).to.be.an.instanceOf(Refusal).with.property('code', 'app-held');
    expect(await methods.list('ada')).to.deep.equal(held);
  });

  it('take no code twice, although its seed was removed and is back at once (S-062)', async () => {
    const office = administrationOf(house);
    const { methods } = office;
    const totp = [{ secret: people.ada.seed }];
    const comesBack = [
      () => methods.addApp('ada', { secret: people.ada.seed }),
      () => office.imports([{ username: 'ada', totp }], true),
    ];
    for (const bringBack of comesBack) {
      clock.advance({ minutes: 2 });
      const ada = await ways['answer, code'](house);
      const code = ada.code();
      await ada.says({ code });
      ada.landed();
      const held = (await methods.list('ada')).find(({ kind }) => kind === 'app');
      await methods.remove('ada', { id: held?.id ?? '' });
      await bringBack();
      const thief = await ways['answer, code'](house);
      await thief.says({ code });
      expect(thief.sees()).to.equal('methods/code/answer');
      expect(thief.reads()).to.contain('used already');
      clock.advance({ seconds: 60 });
      await thief.says({ code: thief.code() });
      thief.landed();
    }
  });

  it('are asked from the next page on, wherever somebody stands (C-24)', async () => {
    for (const at of ['enrol-intro', 'enrol', 'add'] as const) {
      await moveBack();
      clock.advance({ minutes: 20 });
      const cleo = await ways[at](house);
      await replaces('cleo', 'app', newApp('cleo', 'new-app'));
      await cleo.reloads();
      expect(cleo.sees(), at).to.be.oneOf(['sign-in/begin', 'methods/code/answer']);
      if (cleo.sees() === 'sign-in/begin') await cleo.says({});
      await cleo.says({ code: '000000' });
      expect(cleo.sees()).to.equal('methods/code/answer');
      await cleo.says({ code: appCode(SEED) });
      cleo.landed();
    }
  });

  it('are not asked any more, and are no way around the level (C-24)', async () => {
    const bob = await ways['answer, text'](house);
    const code = house.carrier.lastCode(people.bob.phone);
    await replaces('bob', 'phone');
    await bob.says({ code });
    expect(bob.sees(), 'with a phone that is gone').not.to.match(/[?&]code=/);
    clock.advance({ minutes: 5 });
    const again = await house.atSecondStep('bob');
    expect(again.sees()).to.equal('sign-in/enrol-intro');
    await again.presses('cancel');
    expect(again.landed().searchParams.has('code')).to.equal(false);
  });
});

interface Stored {
  readonly credentials: readonly Credential[];
}
