import { expect } from 'chai';

import { readCode } from '../../../src/credentials/paper-code.ts';
import { isRecoveryCode, makeRecoveryCodes } from '../../../src/credentials/recovery-codes.ts';
import { vault } from '../methods/ports.ts';

describe('recovery codes', () => {
  it('come as ten of 80 bits, in groups that nobody misreads (S-117)', () => {
    const { codes, stored } = makeRecoveryCodes(vault);
    expect(codes).to.have.lengthOf(10);
    expect(stored.digests).to.have.lengthOf(10);
    // 16 characters, each one of 32.
    const pattern = /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/;
    expect(codes.every((code) => pattern.test(code))).to.equal(true);
  });

  it('use all 32 characters, and no code twice', () => {
    const codes = Array.from({ length: 100 }, () => makeRecoveryCodes(vault).codes).flat();
    expect(new Set(codes).size).to.equal(1000);
    expect(new Set(codes.join('').replaceAll('-', '')).size).to.equal(32);
  });

  it('are stored as digests only', () => {
    const { codes, stored } = makeRecoveryCodes(vault);
    const kept = JSON.stringify(stored);
    expect(codes.some((code) => kept.includes(code) || kept.includes(readCode(code)))).to.equal(
      false,
    );
  });

  it('read the same however they were copied', () => {
    for (const typed of [
      '0123-4567-89AB-CDEF',
      'o1234567 89ab cdef',
      'OL23—4567—89ab—cdef',
      '0I23456789ABCDEF',
      '\u202a0123\u20114567\u200b-89AB\u202fCDEF\u202c',
      '０１２３－４５６７－８９ａｂ－ｃｄｅｆ',
    ]) {
      expect(readCode(typed)).to.equal('0123456789ABCDEF');
    }
  });

  it('are known by their shape', () => {
    expect(isRecoveryCode('0123456789ABCDEF')).to.equal(true);
    for (const other of [
      '',
      '0123456789ABCDE',
      '0123456789ABCDEFG',
      '0123456789ABCDEU',
      '0123456789abcdef',
      '０123456789ABCDEF',
    ]) {
      expect(isRecoveryCode(other), other).to.equal(false);
    }
  });
});
