import { expect } from 'chai';
import { generate, ScureBase32Plugin } from 'otplib';

import { code } from '../../../src/methods/code/index.ts';
import { openMethod } from '../../../src/methods/open.ts';
import { malformed } from './malformed.ts';
import { createPorts, vault, vaultOf } from './ports.ts';

/** The seed of RFC 4226 appendix D and RFC 6238 appendix B: the ASCII text 1234567890, twice. */
const SEED = new ScureBase32Plugin().encode(Buffer.from('12345678901234567890'), {
  padding: false,
});

const at = (seconds: number): Date => new Date(seconds * 1000);

async function judge(form: unknown, seconds: number, lastStep = -1) {
  const method = openMethod('code', code, {}, createPorts(at(seconds)).ports);
  const data = { seed: vault.seal(SEED), lastStep };
  return method.judge({
    policy: {},
    data,
    memo: {},
    form,
    vault,
    challengeId: 'challenge-1',
    purpose: 'sign-in' as const,
  });
}

const codeAt = (step: number): Promise<string> => generate({ secret: SEED, epoch: step * 30 });

describe('code', () => {
  describe('RFC 4226 appendix D', () => {
    const values = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(
      ' ',
    );
    values.forEach((value, counter) => {
      it(`takes ${value} for counter ${counter}`, async () => {
        const verdict = await judge({ code: value }, counter * 30);
        expect(verdict.outcome).to.equal('passed');
      });
    });
  });

  describe('RFC 6238 appendix B', () => {
    // The RFC prints eight digits; six are its last six.
    const values: readonly (readonly [number, string])[] = [
      [59, '94287082'],
      [1111111109, '07081804'],
      [1111111111, '14050471'],
      [1234567890, '89005924'],
      [2000000000, '69279037'],
      [20000000000, '65353130'],
    ];
    for (const [seconds, value] of values) {
      it(`takes ${value.slice(-6)} at ${seconds}`, async () => {
        const verdict = await judge({ code: value.slice(-6) }, seconds);
        expect(verdict).to.have.nested.property('credential.lastStep', Math.floor(seconds / 30));
      });
    }
  });

  describe('time steps (C-64, D-4, R-28)', () => {
    const T = 1000;
    // A code of this step, looked at in step 1000, when this step was the last one used.
    const table: readonly (readonly [number, number, string])[] = [
      [T - 2, 0, 'wrong-answer'],
      [T - 1, 0, 'passed'],
      [T, 0, 'passed'],
      [T + 1, 0, 'passed'],
      [T + 2, 0, 'wrong-answer'],
      [T - 1, T - 2, 'passed'],
      [T - 1, T - 1, 'already-used'],
      [T, T - 1, 'passed'],
      [T, T, 'already-used'],
      [T, T + 1, 'already-used'],
      [T + 1, T, 'passed'],
      [T + 1, T + 1, 'already-used'],
      // The clock went back by an hour: every step in sight was spent before.
      [T - 1, T + 120, 'already-used'],
      [T, T + 120, 'already-used'],
      [T + 1, T + 120, 'already-used'],
      [T + 120, T + 119, 'wrong-answer'],
    ];
    for (const [step, lastStep, expected] of table) {
      it(`says ${expected} to the code of step ${step} after step ${lastStep}`, async () => {
        const verdict = await judge({ code: await codeAt(step) }, T * 30 + 29, lastStep);
        const said = verdict.outcome === 'passed' ? 'passed' : verdict.reason;
        expect(said).to.equal(expected);
      });
    }

    it('takes one code for 90 seconds and no longer', async () => {
      const value = await codeAt(T);
      const taken = async (seconds: number) =>
        (await judge({ code: value }, seconds)).outcome === 'passed';
      expect(await taken((T - 1) * 30 - 1)).to.equal(false);
      expect(await taken((T - 1) * 30)).to.equal(true);
      expect(await taken((T + 2) * 30 - 1)).to.equal(true);
      expect(await taken((T + 2) * 30)).to.equal(false);
    });

    it('keeps the seed and moves to the step of the code, not of the clock', async () => {
      const verdict = await judge({ code: await codeAt(T + 1) }, T * 30);
      expect(verdict).to.have.nested.property('credential.lastStep', T + 1);
      expect(verdict).to.have.nested.property('credential.seed');
    });
  });

  it('verifies by a seed with bits behind its last byte, as apps do', async () => {
    const method = openMethod('code', code, {}, createPorts(at(59)).ports);
    const data = { seed: vault.seal(`${SEED}7`), lastStep: -1 };
    const given = {
      data,
      memo: {},
      form: { code: '287082' },
      policy: {},
      vault,
      challengeId: 'challenge-1',
      purpose: 'sign-in' as const,
    };
    expect((await method.judge(given)).outcome).to.equal('passed');
  });

  describe('typed answers (C-64)', () => {
    for (const [name, value] of Object.entries(malformed)) {
      it(`calls ${name} malformed`, async () => {
        const verdict = await judge({ code: value }, 59);
        expect(verdict).to.deep.equal({ outcome: 'failed', reason: 'malformed' });
      });
    }

    for (const form of [undefined, 'code=287082', [], { CODE: '287082' }, 5]) {
      it(`calls the form ${JSON.stringify(form)} malformed`, async () => {
        expect(await judge(form, 59)).to.have.property('reason', 'malformed');
      });
    }

    for (const typed of [
      ...[
        '287082',
        ' 287 082 ',
        '287\u00a0082',
        '\t287082\n',
        '287-082',
        '287–082',
        '２８７０８２',
      ],
      ...[
        '\u202d287082\u202c',
        '287\u200b082',
        '\ufeff287\u2009082',
        '２８７－０８２',
        '287\u2800082',
      ],
    ]) {
      it(`reads ${JSON.stringify(typed)}`, async () => {
        expect((await judge({ code: typed, _csrf: 'x' }, 59)).outcome).to.equal('passed');
      });
    }
  });

  it('cannot use a seed that was moved to another account', async () => {
    const method = openMethod('code', code, {}, createPorts(at(59)).ports);
    const data = { seed: vaultOf('eve').seal(SEED), lastStep: 0 };
    const given = {
      data,
      memo: {},
      form: { code: '287082' },
      policy: {},
      vault,
      challengeId: 'challenge-1',
      purpose: 'sign-in' as const,
    };
    const thrown = await method.judge(given).catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(Error);
  });
});
