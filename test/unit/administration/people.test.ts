import { expect } from 'chai';

import { shownAccount } from '../../../src/administration/people.ts';
import type { Account } from '../../../src/models/account.ts';
import { ada } from '../verification/rate-limits/counting.ts';

describe('An account as administrators see it', () => {
  const attempts = { version: 1, tallies: { wrong: { times: [new Date(0)], streak: 3 } } };
  const password = {
    ...{ id: 'id-1', kind: 'password', version: 0, addedAt: new Date(0) },
    data: { hash: '$argon2id$secret', setAt: new Date(0) },
  };

  it('has its methods and what was tried, and no secret', () => {
    const shown = shownAccount({ ...ada, attempts, credentials: [password] });
    expect(shown.methods.map(({ id, kind }) => [id, kind])).to.deep.equal([['id-1', 'password']]);
    expect(shown.triesSinceSuccess).to.deep.equal({ wrong: 3 });
    expect(JSON.stringify(shown)).not.to.contain('secret');
  });

  for (const [what, broken] of Object.entries({
    'no counters': { attempts: undefined },
    'counters that are none': { attempts: 'rubbish' },
    'tallies that are none': { attempts: { version: 1, tallies: 'rubbish' } },
    'no credentials': { credentials: undefined },
    'a credential that is none': { credentials: ['rubbish', password] },
  })) {
    it(`is seen although it has ${what}`, () => {
      const stored: object = { ...ada, attempts, ...broken };
      expect(shownAccount(stored as Account)).to.include({ username: 'ada' });
    });
  }
});
