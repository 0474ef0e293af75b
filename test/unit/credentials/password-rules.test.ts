import { expect } from 'chai';

import { createPasswordRules } from '../../../src/credentials/password-rules.ts';

const loadCommon = async (): Promise<ReadonlySet<string>> => new Set(['password', 'iloveyou1']);
const check = createPasswordRules({ minimum: () => 8, loadCommon });

const context = ['Doorstep', 'Example Org', 'ada.lovelace', 'Countess@example.org'];

describe('password rules (S-002)', () => {
  const table: readonly (readonly [string, string | undefined])[] = [
    ['seven77', 'password-too-short'],
    ['eight888', undefined],
    ['🦆'.repeat(7), 'password-too-short'], // 14 units of UTF-16
    ['🦆'.repeat(8), undefined],
    ['e\u0301'.repeat(7), 'password-too-short'], // 14 code points as typed
    ['e\u0301'.repeat(8), undefined],
    ['', 'password-too-short'],
    [' '.repeat(8), undefined],
    ['a'.repeat(256), undefined],
    ['a'.repeat(257), 'password-too-long'],
    ['🦆'.repeat(256), undefined],
    ['🦆'.repeat(257), 'password-too-long'],
    ['alllowercaseletters', undefined],
    ['ends with\0NUL', undefined],
    ['password', 'password-common'],
    ['PassWord', 'password-common'],
    ['ILOVEYOU1', 'password-common'],
    ['my password is long', undefined],
    ['password ', undefined],
    ['doorstep', 'password-about-you'],
    ['DOORSTEP', 'password-about-you'],
    ['example org', 'password-about-you'],
    ['Ada.Lovelace', 'password-about-you'],
    ['countess', 'password-about-you'],
    ['countess@example.org', 'password-about-you'],
    ['countess of lovelace', undefined],
  ];
  for (const [typed, expected] of table) {
    it(`says ${expected ?? 'nothing'} to ${JSON.stringify(typed).slice(0, 40)}`, async () => {
      expect(await check(typed, context)).to.equal(expected);
    });
  }

  it('asks for the list once, and only when it is needed', async () => {
    let loads = 0;
    const counting = createPasswordRules({
      minimum: () => 8,
      loadCommon: () => ((loads += 1), loadCommon()),
    });
    await counting('short', context);
    expect(loads).to.equal(0);
    await Promise.all([counting('long enough', context), counting('also long enough', context)]);
    expect(loads).to.equal(1);
  });
});
