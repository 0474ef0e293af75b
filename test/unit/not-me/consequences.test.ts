/**
 * What follows from "This wasn't me", for a change that may have been followed by others.
 */
import { expect } from 'chai';

import { secondsAfter } from '../../../src/lib/clock.ts';
import type { Account, Credential } from '../../../src/models/account.ts';
import { erasedAfter, type RemovedCredential } from '../../../src/models/removed-credential.ts';
import { consequencesOf } from '../../../src/not-me/disown.ts';
import { ada, noon } from '../verification/memory-people.ts';

describe('What “This wasn’t me” leads to', () => {
  const at = secondsAfter(noon, -60);
  const link = (what: string) => ({
    ...{ account: 'ada', event: 'e', what, credential: 'theirs', until: secondsAfter(noon, 60) },
  });
  const app: Credential = { id: 'theirs', kind: 'app', data: {}, version: 0, addedAt: at };
  const codes: Credential = { ...app, id: 'sheet', kind: 'recovery-codes' };
  const removed: RemovedCredential = {
    ...{ id: 'theirs', kind: 'app', version: 0, addedAt: at, sealed: '', session: 's' },
    ...{ removedAt: at, erasedAt: erasedAfter(at) },
  };
  const holding = (...more: readonly Credential[]): Account => ({
    ...ada,
    credentials: [...ada.credentials, ...more],
  });
  const follows = (account: Account, what: string) => {
    const { needsNewPassword: _, ...rest } = consequencesOf(account, link(what), noon);
    return rest;
  };

  it('suspends what was added, and the codes that came with it', () => {
    expect(follows(holding(app, codes), 'method.added')).to.deep.equal({
      suspends: ['theirs', 'sheet'],
      suspendsRemoved: [],
    });
  });

  it('suspends it, too, where it was removed again, with the codes that are still there', () => {
    const account = { ...holding(codes), removedCredentials: [removed] };
    expect(follows(account, 'method.added')).to.deep.equal({
      suspends: ['sheet'],
      suspendsRemoved: ['theirs'],
    });
  });

  it('lets what was removed come back, and suspends nothing for that', () => {
    const account = { ...holding(codes), removedCredentials: [removed] };
    expect(follows(account, 'method.removed')).to.deep.equal({
      ...{ suspends: [], suspendsRemoved: [], contests: 'theirs' },
    });
  });

  it('leaves alone what is suspended already, and what is kept no more', () => {
    const suspended = { ...removed, suspendedAt: at };
    const over = { ...removed, id: 'theirs', erasedAt: noon };
    for (const one of [suspended, over]) {
      const account = { ...holding(), removedCredentials: [one] };
      expect(follows(account, 'method.added')).to.deep.equal({ suspends: [], suspendsRemoved: [] });
    }
  });
});
