import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { begin, csrfOn } from '../support/my-account.ts';
import { openPair } from '../support/process-pair.ts';
import { people } from '../support/people.ts';
import type { Visitor } from '../support/visitor.ts';

const breaks = import.meta.resolve('../support/crash-on-signal.ts');

describe('Two processes on one database', () => {
  let pair: Awaited<ReturnType<typeof openPair>>;
  /** Ada, as she is signed in from one story to the next. */
  let owner: Visitor;
  before(async () => (pair = await openPair({ NODE_OPTIONS: `--import=${breaks}` })));

  it('serve one sign-in between them, and count together (T-3)', async () => {
    const bob = pair.visitor('bob');
    await bob.opens(await pair.shop.signIn());
    await bob.identifies();
    expect(bob.sees()).to.equal('methods/text/answer');
    await bob.says({ code: '000000' });
    await bob.says({ code: '000000' });
    expect(bob.reads()).to.contain('3 tries left');
    await bob.says({ code: pair.carrier.lastCode('+14255550134') });
    expect((await pair.shop.claims(bob.landed())).sub).to.equal('id-bob');
    await bob.opens(await pair.shop.signIn());
    expect((await pair.shop.claims(bob.landed())).sub).to.equal('id-bob');

    const ada = pair.visitor('ada');
    await ada.opens(await pair.shop.signIn());
    await ada.identifies();
    const code = ada.code();
    const form = ada.formFor('form[data-step="answer"]');
    const other = pair.visitor('ada');
    await other.opens(await pair.shop.signIn());
    await other.identifies();
    await Promise.all([ada.submit(form, { code }), other.says({ code })]);
    const passed = [ada, other].filter((visitor) => /[?&]code=/.test(visitor.sees()));
    expect(passed, 'one code, used in both at once').to.have.length(1);
  });

  it('keep one of the last two methods, whichever they are asked to remove (S-114)', async () => {
    const ada = pair.visitor('ada');
    owner = ada;
    await ada.opens('/account');
    await ada.identifies();
    await ada.presses('another-way');
    await ada.says({ method: 'text', credential: 'phone' });
    await ada.says({ code: pair.carrier.lastCode(people.ada.phone) });
    const accounts = createAccounts(pair.connection);
    const held = async () => (await accounts.findById('id-ada'))?.credentials ?? [];
    const credentials = await held();
    for (let round = 1; round <= 20; round += 1) {
      const removals: (() => Promise<Response>)[] = [];
      for (const credential of ['app', 'phone']) {
        await ada.opens('/account/security-info');
        await begin(ada, 'remove', credential);
        const body = new URLSearchParams({ _csrf: csrfOn(ada) });
        const at = new URL(`${ada.at().pathname}/remove`, ada.at());
        removals.push(() => ada.raw(at, { method: 'POST', body }));
      }
      const answers = await Promise.all(removals.map((remove) => remove()));
      const statuses = answers.map(({ status }) => status).toSorted();
      expect(statuses, `round ${round}`).to.deep.equal([303, 409]);
      expect((await held()).filter(({ id }) => ['app', 'phone'].includes(id))).to.have.length(1);
      const asBefore = { $set: { credentials }, $inc: { credentialsVersion: 1 } };
      await accounts.model.updateOne({ _id: 'id-ada' }, asBefore);
    }
  });

  it('are killed while a method goes or comes back: it is there, or can come back (R-07)', async () => {
    const accounts = createAccounts(pair.connection);
    const isIt = ({ id }: { readonly id: string }): boolean => id === 'phone';
    const places = async () => {
      const { credentials = [], removedCredentials = [] } =
        (await accounts.findById('id-ada')) ?? {};
      return [
        ...credentials.filter(isIt).map(() => 'held'),
        ...removedCredentials.filter(isIt).map(() => 'sealed'),
      ];
    };
    await accounts.model.updateOne({ _id: 'id-ada' }, { $set: { removedCredentials: [] } });
    for (const milliseconds of [4, 12]) {
      const [place] = await places();
      await owner.opens('/account/security-info');
      const form = { act: 'restore', credential: 'phone', _csrf: csrfOn(owner) };
      if (place === 'held') await begin(owner, 'remove', 'phone');
      const path = place === 'held' ? `${owner.at().pathname}/remove` : '/account/change';
      const body = new URLSearchParams({ ...form, _csrf: csrfOn(owner) });
      const cut = owner.raw(new URL(path, owner.at()), { method: 'POST', body }).catch(() => 'cut');
      await pause(milliseconds);
      for (const { child } of pair.processes) child.kill('SIGKILL');
      await cut;
      await Promise.all([pair.replace(0), pair.replace(1)]);
      expect(await places(), `after ${milliseconds} ms`).to.have.length(1);
    }
    await owner.opens('/account/security-info');
    expect(owner.sees()).to.equal('account/security-info');
  });

  it('are replaced one after the other under load, and no request fails (R-12)', async function () {
    this.timeout(60_000);
    const bob = pair.visitor('bob');
    const statuses: number[] = [];
    let isOver = false;
    const load = Array.from({ length: 3 }, async () => {
      while (!isOver) {
        await bob
          .raw('/.well-known/openid-configuration')
          .then(({ status }) => statuses.push(status));
        await bob.opens(await pair.shop.signIn());
        statuses.push(bob.status());
      }
    });
    expect(await pair.replace(0)).to.equal(0);
    expect(await pair.replace(1)).to.equal(0);
    isOver = true;
    await Promise.all(load);
    expect(statuses.length).to.be.greaterThan(10);
    expect(statuses.filter((status) => status !== 200)).to.deep.equal([]);
  });

  for (const [what, signal, index] of [
    ['an uncaught error', 'SIGUSR2', 0],
    ['a rejection that nobody handles', 'SIGHUP', 1],
  ] as const) {
    it(`outlive ${what}: one says so and ends, the other serves on (R-45)`, async () => {
      const ada = pair.visitor('ada');
      await ada.opens(await pair.shop.signIn());
      const broken = pair.processes[index];
      const ended = broken && once(broken.child, 'close');
      broken?.child.kill(signal);
      expect(await ended).to.deep.equal([1, null]);
      expect(broken?.events.at(-1)).to.equal('process.failed');

      // The very sign-in that it took part in.
      await ada.identifies();
      await ada.presses('another-way');
      await ada.says({ method: 'recovery-code', credential: 'codes' });
      await ada.says({ code: people.ada.recoveryCodes[index] });
      await ada.presses('noted');
      expect((await pair.shop.claims(ada.landed())).sub).to.equal('id-ada');
      expect(await pair.replace(index), 'how it had ended').to.equal(1);
    });
  }

  it('end cleanly (R-46)', async () => {
    expect(await pair.close()).to.deep.equal([0, 0]);
  });
});
