import { expect } from 'chai';

import { readPairingCode } from '../../../src/credentials/approver-app.ts';
import { approverModule } from '../../support/approver-module.ts';

interface PairCode {
  readTyped(text: string): string | undefined;
  readScanned(text: string, origin: string): string | undefined;
}

const CODE = 'ABCDEFGHIJKLMNOPQRSTUVWX27';
const HOUSE = 'https://id.example.org';

describe('a pairing code', () => {
  let pairCode: PairCode;
  before(async () => {
    pairCode = await approverModule<PairCode>('pair-code.js');
  });

  it('may be typed with spaces, dashes and small letters', () => {
    for (const typed of [
      CODE,
      ' abcdef-ghijkl mnopqr–stuvwx 27 ',
      CODE.replaceAll(/(.{4})/g, '$1 '),
      `${HOUSE}/approver#${CODE}`,
      `#${CODE}`,
    ]) {
      expect(pairCode.readTyped(typed), typed).to.equal(CODE);
    }
  });

  it('may have invisible signs in it, and is the same to the page and to us', () => {
    const wide = CODE.replaceAll(/./g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
    for (const typed of [`\u202a${CODE}\u202c`, CODE.replaceAll('Q', '\u200bQ\u2011'), wide]) {
      expect(pairCode.readTyped(typed), typed).to.equal(CODE);
      expect(readPairingCode(typed), typed).to.equal(CODE);
    }
  });

  it('may be typed with digits for the letters that look like them', () => {
    const typed = CODE.replace('O', '0').replace('I', '1').replace('B', '8');
    expect(pairCode.readTyped(typed)).to.equal(CODE);
  });

  it('is not guessed from anything else', () => {
    for (const typed of ['', 'ABC', `${CODE}A`, `${CODE.slice(1)}9`, `${CODE.slice(1)}ß`]) {
      expect(pairCode.readTyped(typed), typed).to.equal(undefined);
    }
  });

  it('is scanned only from the address of this house', () => {
    expect(pairCode.readScanned(`${HOUSE}/approver#${CODE}`, HOUSE)).to.equal(CODE);
    for (const scanned of [
      CODE,
      `https://evil.example/approver#${CODE}`,
      `http://id.example.org/approver#${CODE}`,
      `${HOUSE}/other#${CODE}`,
      `${HOUSE}/approver`,
      `otpauth://totp/x?secret=${CODE}`,
    ]) {
      expect(pairCode.readScanned(scanned, HOUSE), scanned).to.equal(undefined);
    }
  });
});
