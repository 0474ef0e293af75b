/**
 * Temporary access passes at the command line: given, shown once, listed with their state, taken back
 * (S-144).
 */
import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { type CommandLine, openCommandLine } from '../support/command-line.ts';

const SHOWN =
  /^Temporary access pass of "ines" \(shown this once\): ([0-9A-Z]{4}(?:-[0-9A-Z]{4}){2})\n/;

describe('npm run doorstep, about passes (S-144)', () => {
  let line: CommandLine;
  before(async () => {
    line = await openCommandLine();
    await line.doorstep('accounts', 'create', 'ines');
  });
  after(async () => {
    await line.close();
    clock.reset();
  });

  const issues = (...more: string[]) => line.doorstep('passes', 'issue', 'ines', ...more);
  const refused = (...more: string[]) => line.refused('passes', 'issue', 'ines', ...more);
  const listed = () => line.doorstep('methods', 'list', 'ines');

  /** For how many minutes it is good, as it says. */
  function minutesIn(said: string): number {
    const [, from = '', to = ''] = /from (\S+) to (\S+),/.exec(said) ?? [];
    return (Date.parse(to) - Date.parse(from)) / 60_000;
  }

  it('shows one once, which is good for an hour and once', async () => {
    const said = await issues('--reason', 'lost her phone');
    expect(said).to.match(SHOWN).and.to.contain('It is good once from ');
    expect(minutesIn(said)).to.equal(60);
    const [, code = ''] = SHOWN.exec(said) ?? [];
    const list = await listed();
    expect(list)
      .to.match(/ temporary-access-pass +good until \S+Z /)
      .and.not.contain(code);
    expect(await line.doorstep('accounts', 'show', 'ines')).not.to.contain(code);
  });

  it('gives another in its place: longer, from a time on, and as often as it is wanted', async () => {
    const from = new Date(Date.now() + 3_600_000).toISOString();
    const said = await issues('--minutes', '480', '--from', from, '--often');
    expect(said).to.match(SHOWN).and.to.contain(`It is good from ${from} to `);
    expect(minutesIn(said)).to.equal(480);
    const list = await listed();
    expect(list.match(/temporary-access-pass/g)).to.have.length(1);
    expect(list).to.contain('not good yet, then until ');
    clock.advance({ hours: 2 });
    expect(await listed()).to.contain('good until ');
    clock.advance({ hours: 8 });
    expect(await listed()).to.contain('over since ');
  });

  it('says what will not do, and gives none', async () => {
    const before = await listed();
    for (const minutes of ['9', '481', '0']) {
      expect(await refused('--minutes', minutes)).to.equal(
        'A pass is good for 10 to 480 minutes.\n',
      );
    }
    expect(await refused('--minutes', '1.5')).to.contain('--minutes must be a number');
    for (const from of ['tomorrow', '2026-12-01', '2026-12-01T09:00', '2026-13-01T09:00Z']) {
      expect(await refused('--from', from)).to.contain('a time with its zone');
    }
    for (const days of [-1, 31]) {
      const from = new Date(Date.now() + days * 86_400_000).toISOString();
      expect(await refused('--from', from)).to.contain('now or later, at most 30 days ahead');
    }
    expect(await listed()).to.equal(before);
  });

  it('takes one back, and says where there is none', async () => {
    await issues();
    expect(await line.doorstep('passes', 'revoke', 'ines', '--reason', 'wrong person')).to.equal(
      '"ines" has no pass any more, and is signed out everywhere.\n',
    );
    expect(await listed()).not.to.contain('temporary-access-pass');
    expect(await line.refused('passes', 'revoke', 'ines')).to.equal(
      '"ines" has no pass. All sessions were ended all the same.\n',
    );
  });

  it('has to go before its owner becomes an administrator', async () => {
    await issues();
    const promote = ['roles', 'add', 'ines', 'doorstep:reader'] as const;
    expect(await line.refused(...promote)).to.contain('Revoke it first');
    await line.doorstep('roles', 'add', 'ines', 'editor');
    await line.doorstep('passes', 'revoke', 'ines', '--reason', 'wrong person');
    await line.doorstep(...promote);
    await line.doorstep('roles', 'remove', 'ines', 'doorstep:reader', 'editor');
  });

  it('is kept in the audit with its reason, never with what was shown', async () => {
    const told = await line.doorstep('audit', 'list', '--json');
    const lines = told.split('\n').filter((one) => one.includes('"pass.'));
    expect(lines.filter((one) => one.includes('pass.issued'))).to.have.length(4);
    expect(lines.join()).to.contain('lost her phone').and.to.contain('wrong person');
    expect(lines.join()).not.to.match(/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/);
  });

  it('gives none that policy does not allow, nor a longer one', async () => {
    const sets = (...key: string[]) => line.doorstep('policy', 'set', ...key, '--reason', 'ours');
    await sets('methods.temporary-access-pass.longestMinutes', '30');
    clock.advance({ seconds: 6 });
    expect(await refused('--minutes', '60')).to.equal('A pass is good for 10 to 30 minutes.\n');
    expect(minutesIn(await issues()), 'what is usual is too long').to.equal(30);
    await sets('methods.temporary-access-pass.signIn.include', 'groups:staff');
    clock.advance({ seconds: 6 });
    expect(await refused()).to.contain('Policy gives "ines" no pass');
  });
});
