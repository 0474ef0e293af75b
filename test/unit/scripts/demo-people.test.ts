import { expect } from 'chai';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

import { keyRecordOf } from '../../../scripts/demo-key/record.ts';
import { demoPeople, waysToTry } from '../../../scripts/demo-people.ts';
import { readEntry } from '../../../scripts/handset/authenticator.ts';
import { loadCommonPasswords } from '../../../src/credentials/common-passwords.ts';
import { createPasswordRules } from '../../../src/credentials/password-rules.ts';
import { readCode } from '../../../src/credentials/paper-code.ts';
import { phone as phoneKind } from '../../../src/credentials/phone.ts';
import { isRecoveryCode } from '../../../src/credentials/recovery-codes.ts';
import { securityKey as keyKind } from '../../../src/credentials/security-key.ts';
import { methods } from '../../../src/methods/index.ts';

const check = createPasswordRules({ minimum: () => 15, loadCommon: loadCommonPasswords });

describe('the demo people', () => {
  it('are there to show each way to take the second step that is named', () => {
    const names = demoPeople.map(({ username }) => username);
    expect(names).to.include.members(waysToTry.map(({ who }) => who));
    expect(methods).to.include.keys(waysToTry.map(({ method }) => method));
  });

  for (const { username, email, password, seed, phone, office, key, ...more } of demoPeople) {
    it(`have with ${username} somebody whose secrets the product would take`, async () => {
      expect(await check(password, [username, email])).to.equal(undefined);
      if (seed) expect(readEntry(seed)?.seed).to.equal(seed);
      if (phone) {
        expect(parsePhoneNumberFromString(phone.number)?.countryCallingCode).to.equal(
          phone.countryCallingCode,
        );
        expect(phoneKind.stored.safeParse({ ...phone, type: 'mobile' }).success).to.equal(true);
      }
      if (office) {
        const parsed = parsePhoneNumberFromString(office.number);
        expect(parsed?.getType()).to.equal('FIXED_LINE');
        const on = { phoneType: 'office', type: 'fixed-line' };
        expect(phoneKind.stored.safeParse({ ...office, ...on }).success).to.equal(true);
      }
      if (key) expect(keyKind.stored.safeParse(keyRecordOf(key)).success).to.equal(true);
      const { recoveryCodes = [] } = more;
      const codes = recoveryCodes.map(readCode);
      expect(codes.filter((code) => !isRecoveryCode(code))).to.deep.equal([]);
      expect(new Set(codes).size).to.equal(recoveryCodes.length);
    });
  }
});
