/**
 * Addresses for resets at the command line: added, exported, imported, and turned off.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { type CommandLine, openCommandLine } from '../support/command-line.ts';

describe('npm run doorstep, about addresses for resets', () => {
  let line: CommandLine;
  before(async () => (line = await openCommandLine()));
  after(() => line.close());

  const doorstep = (...args: string[]): Promise<string> => line.doorstep(...args);
  const refused = (...args: string[]): Promise<string> => line.refused(...args);

  it('adds one that is plain, once, and lists it masked', async () => {
    await doorstep('accounts', 'create', 'ines');
    const adds = (...address: string[]) => ['methods', 'add', 'ines', 'email', ...address];
    expect(await doorstep(...adds('ines@home.example'))).to.match(
      /^Method email \(i•••@h•••.example\) is added, with the id /,
    );
    expect(await refused(...adds('INES@home.example'))).to.equal(
      'The account has this address already.\n',
    );
    expect(await refused(...adds('ines@home'))).to.contain('not one plain mail address');
    expect(await refused(...adds())).to.contain('A mail address is needed for email.');
    expect(await doorstep('methods', 'list', 'ines')).to.match(/ email +i•••@h•••\.example /);
    expect(await refused('methods', 'default', 'ines', 'email')).to.contain('Sign-in can begin');
    await doorstep(...adds('ines@other.example'));
    expect(await refused(...adds('ines@third.example'))).to.contain('as many of these');
  });

  it('exports them as lines that import takes', async () => {
    const exported = await doorstep('accounts', 'export');
    expect(exported).to.contain(
      '"emails":[{"address":"ines@home.example"},{"address":"ines@other.example"}]',
    );
    const file = join(line.directory, 'people.jsonl');
    const moved = { username: 'joan', emails: [{ address: 'joan@Home.example' }] };
    await writeFile(file, `${JSON.stringify(moved)}\n`);
    expect(await doorstep('accounts', 'import', file)).to.match(/^1 added/);
    expect(await doorstep('methods', 'list', 'joan')).to.match(/ email +j•••@h•••\.example /);
  });

  it('has no say in sign-ins in the policy, and is nobody’s second step there', async () => {
    const sets = (...key: string[]) => ['policy', 'set', ...key, '--reason', 'ours'];
    expect(await doorstep(...sets('methods.email.reset.include', 'groups:staff'))).to.contain('2');
    expect(await refused(...sets('methods.email.signIn', 'true'))).to.contain('methods.email');
    for (const method of ['security-key', 'approve']) {
      await doorstep(...sets(`methods.${method}.signIn`, 'false'));
    }
    // There is no carrier here, so texts and calls are none either.
    expect(await refused(...sets('methods.code.signIn', 'false'))).to.match(/no second step/);
  });
});
