/**
 * The commands about browsers that are not to ask again.
 */
import { expect } from 'chai';

import { connectDatabase } from '../../src/database/connect.ts';
import { log } from '../support/chain.ts';
import { type CommandLine, openCommandLine } from '../support/command-line.ts';

describe('npm run doorstep browsers', () => {
  let line: CommandLine;
  before(async () => (line = await openCommandLine()));
  after(() => line.close());

  const doorstep = (...args: string[]): Promise<string> => line.doorstep(...args);
  const refused = (...args: string[]): Promise<string> => line.refused(...args);

  it('lists the browsers that ask no more, and ends that for one or all of them', async () => {
    await doorstep('accounts', 'create', 'ines');
    const database = await connectDatabase({ directory: line.directory, log });
    const at = { provedAt: new Date(), lastUsedAt: new Date(), until: new Date('2099-01-01') };
    const trustedBrowsers = ['b1', 'b2', 'b3'].map((id) => ({
      ...{ id, number: 1, browser: 'Firefox, Windows' },
      ...at,
    }));
    await database.connection
      .collection('accounts')
      .updateOne({ username: 'ines' }, { $set: { trustedBrowsers } });
    await database.close();
    expect(await doorstep('browsers', 'list', 'ines')).to.match(/^id +browser .*until\n$/);
    await doorstep('policy', 'set', 'trustedBrowsers.days', '30', '--reason', 'a pilot');
    expect(await doorstep('browsers', 'list', 'ines')).to.match(/^b2 +Firefox, Windows +20/m);
    const [first] = (await doorstep('browsers', 'list', 'ines', '--json')).split('\n');
    expect(JSON.parse(first ?? '')).to.have.keys('id', 'browser', ...Object.keys(at));
    expect(await doorstep('browsers', 'revoke', 'ines', 'b2', '--reason', 'stolen')).to.equal(
      '"ines" is asked again in 1 browser.\n',
    );
    const ends = (...which: string[]) => doorstep('browsers', 'revoke', 'ines', ...which);
    expect(await refused('browsers', 'revoke', 'ines', 'b2')).to.equal(
      '"ines" has no trusted browser "b2".\n',
    );
    for (const which of [[], ['b1', '--all']]) {
      expect(await refused('browsers', 'revoke', 'ines', ...which)).to.match(/^Name one browser/);
    }
    expect(await ends('--all')).to.equal('"ines" is asked again in 2 browsers.\n');
    expect(await ends('--all')).to.equal('"ines" trusts no browser.\n');
    const told = await doorstep('audit', 'list', '--event', 'browser.trust-revoked');
    expect(told.trim().split('\n')).to.have.length(2);
  });
});
