import { expect } from 'chai';

import { makeRecoveryCodes } from '../../../src/credentials/recovery-codes.ts';
import { openMethod } from '../../../src/methods/open.ts';
import { recoveryCode } from '../../../src/methods/recovery-code/index.ts';
import { createPorts, vault, vaultOf } from './ports.ts';

const method = openMethod('recovery-code', recoveryCode, {}, createPorts().ports);
const { stored, codes } = makeRecoveryCodes(vault);
const [first = '', second = ''] = codes;

const judge = (code: unknown, data: unknown = stored) =>
  method.judge({
    policy: {},
    data,
    memo: {},
    form: { code },
    vault,
    challengeId: 'challenge-1',
    purpose: 'sign-in',
  });

describe('recovery code', () => {
  it('burns the code that was used and leaves the nine others', async () => {
    const verdict = await judge(first);
    const left = verdict.outcome === 'passed' ? verdict.credential : undefined;
    expect(left).to.have.property('digests').with.lengthOf(9);
    expect(await judge(first, left)).to.have.property('reason', 'wrong-answer');
    expect(await judge(second, left)).to.have.property('outcome', 'passed');
  });

  it('passes every code of its set', async () => {
    const verdicts = await Promise.all(codes.map((code) => judge(code)));
    expect(verdicts.map(({ outcome }) => outcome)).to.deep.equal(codes.map(() => 'passed'));
  });

  it('fails codes of an earlier set', async () => {
    expect(await judge(first, makeRecoveryCodes(vault).stored)).to.have.property(
      'outcome',
      'failed',
    );
  });

  it('fails digests that were copied from another account', async () => {
    const stolen = makeRecoveryCodes(vaultOf('eve'));
    expect(await judge(stolen.codes[0], stolen.stored)).to.have.property('reason', 'wrong-answer');
  });

  const spellings: Readonly<Record<string, (code: string) => string>> = {
    'in lower case': (code) => code.toLowerCase(),
    'without dashes': (code) => code.replaceAll('-', ''),
    'with spaces': (code) => ` ${code.replaceAll('-', ' ')} `,
    'with long dashes': (code) => code.replaceAll('-', '–'),
    'with O for 0': (code) => code.replaceAll('0', 'o'),
    'with I and l for 1': (code) => code.replace('1', 'I').replaceAll('1', 'l'),
  };
  for (const [name, spell] of Object.entries(spellings)) {
    it(`reads a code ${name}`, async () => {
      const verdicts = await Promise.all(codes.map((code) => judge(spell(code))));
      expect(verdicts.every(({ outcome }) => outcome === 'passed')).to.equal(true);
    });
  }

  const nonsense = [
    undefined,
    '',
    5,
    [first],
    first.slice(1),
    `${first}0`,
    'U'.repeat(16),
    '-'.repeat(64),
  ];
  for (const typed of [...nonsense, `${first.slice(0, -1)}\0`, '0'.repeat(100_000)]) {
    it(`calls ${JSON.stringify([typed]).slice(0, 30)} malformed`, async () => {
      expect(await judge(typed)).to.have.property('reason', 'malformed');
    });
  }
});
