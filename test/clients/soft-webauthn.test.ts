/**
 * A security key that nobody here wrote (scripts/clients/soft-webauthn.py), which belongs to somebody
 * else's tests: it is set up at a sign-in, and signs in then.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect } from 'chai';

import { install } from '../../scripts/clients/install.ts';
import { type House, openHouse } from '../support/house.ts';
import { answersBy, keysOn, optionsOn } from '../support/keys.ts';
import type { Visitor } from '../support/visitor.ts';

const { softWebauthn } = await install();
const SCRIPT = join(import.meta.dirname, '../../scripts/clients/soft-webauthn.py');

/** What it made, and everything that it must remember for the next time. */
interface Said {
  readonly response: unknown;
  readonly device: string;
}

describe(`soft-webauthn ${softWebauthn.version}`, () => {
  let house: House;
  before(async () => {
    house = await openHouse(keysOn);
  });
  after(() => house.close());

  async function answers(
    visitor: Visitor,
    ceremony: 'create' | 'get',
    device = '',
  ): Promise<string> {
    const options = JSON.stringify(optionsOn(visitor));
    const [program = '', ...more] = softWebauthn.command;
    const args = [...more, SCRIPT, ceremony, house.issuer, options, device];
    const { stdout } = await promisify(execFile)(program, args);
    const said = JSON.parse(stdout) as Said;
    await answersBy(visitor, JSON.stringify(said.response));
    return said.device;
  }

  it('is set up, and signs in', async () => {
    const cleo = await house.atSecondStep('cleo');
    await cleo.says({});
    await cleo.says({ method: 'security-key' });
    const device = await answers(cleo, 'create');
    expect(cleo.reads()).to.contain('Your security key is set up.');
    await cleo.presses('saved');
    expect((await house.shop.claims(cleo.landed())).acr).to.equal('phr');

    const again = await house.atSecondStep('cleo');
    await answers(again, 'get', device);
    const { acr, amr } = await house.shop.claims(again.landed());
    expect(acr).to.equal('phr');
    expect(amr).to.have.members(['pwd', 'swk', 'mfa']);
  });
});
