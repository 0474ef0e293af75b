/**
 * Where stories answer by keys: at the door, at the second step, and where one is added.
 */
import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { noAttempts } from '../../src/models/counter.ts';
import { createFlows } from '../../src/models/flow.ts';
import type { House } from './house.ts';
import { answersBy, optionsOn } from './keys.ts';
import type { Visitor } from './visitor.ts';

export function keyDesk(house: House) {
  const accounts = () => createAccounts(house.connection);
  const held = async (id: string) => (await accounts().findById(id))?.credentials;

  const flowOf = (visitor: Visitor) =>
    createFlows(house.connection).find(visitor.at().pathname.split('/')[2] ?? '');

  /** Each is refused on its page, which says so; the question after it is another. */
  async function refuses(visitor: Visitor, answers: Readonly<Record<string, () => string>>) {
    const before = [await held('id-cleo'), (await flowOf(visitor))?.proofs];
    const page = visitor.sees();
    for (const [title, answer] of Object.entries(answers)) {
      const { challenge } = optionsOn(visitor);
      await answersBy(visitor, answer());
      expect(visitor.status(), title).to.equal(200);
      expect(visitor.sees(), title).to.equal(page);
      expect(visitor.html().querySelector('#failure')?.text, title).to.match(/\w/);
      expect([await held('id-cleo'), (await flowOf(visitor))?.proofs], title).to.deep.equal(before);
      await asksAgain(visitor);
      expect(optionsOn(visitor).challenge === challenge, title).to.equal(
        (await flowOf(visitor))?.challenge?.failure === 'malformed',
      );
      // However often this is done, people must wait; here nobody does.
      await accounts().model.updateOne({ _id: 'id-cleo' }, { $set: { attempts: noAttempts } });
    }
    const lines = (await house.logged()).split('\n');
    expect(lines.filter((line) => line.includes('request.failed'))).to.deep.equal([]);
  }

  /** As the button does, or the page's script before the browser's list is used anew. */
  async function asksAgain(visitor: Visitor): Promise<void> {
    const form = visitor.html().querySelector('form.key');
    if (!form) return visitor.presses('again');
    const at = form.getAttribute('data-again');
    if (at === undefined) return;
    const fields = new URLSearchParams();
    for (const name of ['_csrf', 'challenge']) {
      fields.set(name, form.querySelector(`[name="${name}"]`)?.getAttribute('value') ?? '');
    }
    await visitor.post(at, fields);
  }

  async function adds(): Promise<Visitor> {
    const cleo = await house.atSecondStep('cleo');
    await cleo.says({});
    await cleo.says({ method: 'security-key' });
    return cleo;
  }

  async function atDoor(): Promise<Visitor> {
    const visitor = house.visitor();
    await visitor.opens(await house.shop.signIn({ acr_values: 'phr' }));
    return visitor;
  }

  return { refuses, asksAgain, adds, atDoor };
}
