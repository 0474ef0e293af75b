/**
 * The command line, as an administrator uses it: each command opens the data directory anew.
 * What only processes show, and that they say the same, is in the last story.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

import { expect } from 'chai';

import { type CommandLine, openCommandLine } from '../support/command-line.ts';

describe('npm run doorstep', () => {
  let line: CommandLine;
  before(async () => (line = await openCommandLine()));
  after(() => line.close());

  const doorstep = (...args: string[]): Promise<string> => line.doorstep(...args);
  const refused = (...args: string[]): Promise<string> => line.refused(...args);

  it('makes an account with a password that is shown once, and keeps it', async () => {
    const told = await doorstep('accounts', 'create', 'grace', '--email', 'grace@example.org');
    expect(told).to.match(/Password \(shown this once\): \S{16,}/);
    expect(await doorstep('accounts', 'list'))
      .to.contain('grace')
      .and.not.to.contain('$argon2');
    expect(await refused('accounts', 'create', 'GRACE')).to.match(/taken/);
  });

  it('disables, enables and unlocks it', async () => {
    await doorstep('accounts', 'disable', 'grace');
    expect(await doorstep('accounts', 'list')).to.contain('disabled');
    await doorstep('accounts', 'enable', 'grace@example.org');
    expect(await doorstep('accounts', 'list')).not.to.contain('disabled');
    expect(await doorstep('accounts', 'unlock', 'grace')).to.contain('grace');
  });

  it('enters what apps may ask for, and changes it', async () => {
    const is = async (): Promise<object> =>
      (JSON.parse(await doorstep('accounts', 'show', 'ines-2')) as { profile: object }).profile;
    const email = ['--email', 'ines@example.org', '--email-verified'];
    const lives = ['--locality', 'Graz', '--country', 'AT', '--locale', 'de-AT'];
    await doorstep('accounts', 'create', 'ines-2', ...email, ...lives, '--given-name', 'Ines');
    expect(await is()).to.deep.equal({
      ...{ givenName: 'Ines', email: 'ines@example.org', isEmailVerified: true, locale: 'de-AT' },
      address: { locality: 'Graz', country: 'AT' },
    });
    await doorstep('accounts', 'update', 'ines-2', '--locality', 'Wien', '--email-unverified');
    expect(await is()).to.deep.include({
      ...{ isEmailVerified: false, address: { locality: 'Wien', country: 'AT' } },
    });
    expect(await is()).to.have.property('updatedAt');
    await doorstep('accounts', 'update', 'ines@example.org', '--email', 'ines@example.com');
    expect(await doorstep('accounts', 'show', 'ines@example.com')).to.contain('"ines-2"');
    const update = ['accounts', 'update', 'ines-2'];
    expect(await refused(...update, '--email', 'grace@example.org')).to.match(/taken/);
    expect(await refused(...update, '--email', 'nowhere')).to.match(/no mail address/);
    expect(await refused(...update, '--phone-number-verified')).to.match(/no phone number/);
    expect(await refused(...update)).to.match(/Nothing is to be changed/);
    await doorstep('accounts', 'delete', 'ines-2', '--yes');
  });

  it('has a password changed that others may know, until there is another one (S-017)', async () => {
    const told = await doorstep('accounts', 'require-password-change', 'grace@example.org');
    expect(told).to.match(/^"grace" has to choose a new password/);
    expect(await doorstep('accounts', 'show', 'grace')).to.contain('passwordChangeDueAt');
    await doorstep('accounts', 'set-password', 'grace');
    expect(await doorstep('accounts', 'show', 'grace')).not.to.contain('passwordChangeDueAt');
  });

  it('makes an app with a secret that is shown once', async () => {
    const address = 'https://app.example.org/back';
    const told = await doorstep('clients', 'create', 'app', '--redirect-uri', address);
    expect(told).to.match(/[\w-]{32,}/);
    expect(await doorstep('clients', 'list'))
      .to.contain('app')
      .and.to.contain(address);
  });

  it('moves people in from a file, and names the lines that it refuses', async () => {
    const file = join(line.directory, 'people.jsonl');
    const lines = ['{"username":"ines","phones":["+14255550134"]}', '{"username":"a\\u001b[31m"}'];
    await writeFile(file, lines.join('\n'));
    expect(await refused('accounts', 'import', file)).to.match(/^line 2: username has control/m);
    expect(await doorstep('methods', 'list', 'ines')).to.contain('+1 ••• 34');
  });

  it('tries an import out, and then does what it said', async () => {
    await doorstep('groups', 'add', 'ines', 'staff', 'crew');
    const file = join(line.directory, 'more.jsonl');
    await writeFile(
      file,
      [
        { username: 'ines', groups: ['staff', 'stuff'] },
        { username: 'lea', id: 'lea-1', email: 'lea@example.org', groups: ['staff'] },
        { username: 'Lea', groups: ['crew'] },
        { username: 'mia', email: 'lea@example.org' },
        { username: 'noa', id: 'lea-1', roles: ['shop:admin'] },
        { username: 'grace', email: 'ines' },
      ]
        .map((person) => JSON.stringify(person))
        .join('\n'),
    );
    for (const [options, counts, memberships] of [
      [
        [],
        '1 added, 0 updated, 2 there already, 3 refused\n',
        'group "staff": 1 person would get it\n',
      ],
      [
        ['--update'],
        '1 added, 2 updated, 0 there already, 3 refused\n',
        'group "crew": 1 person would lose it\n' +
          'group "staff": 1 person would get it\n' +
          'group "stuff": 1 person would get it; nobody has it now\n',
      ],
    ] as const) {
      const before = await doorstep('accounts', 'export');
      const environment = { NODE_ENV: 'test', DATA_DIRECTORY: line.directory };
      const typed = ['accounts', 'import', file, ...options];
      const tried = await line.runs(environment, ...typed, '--dry-run');
      expect(tried.stdout).to.equal(`Nothing is stored. It would be: ${counts}${memberships}`);
      expect(await doorstep('accounts', 'export')).to.equal(before);
      if (options.length === 0) continue;
      const done = await line.runs(environment, ...typed);
      expect([done.code, done.stdout]).to.deep.equal([tried.code, counts]);
      const lines = (text: string): string[] => text.split('\n').map((each) => each.slice(0, 7));
      expect(lines(done.stderr)).to.have.members(lines(tried.stderr));
    }
    await doorstep('accounts', 'delete', 'lea', '--yes');
    await doorstep('groups', 'remove', 'ines', 'staff', 'stuff');
  });

  it('names a JSON array as what it is', async () => {
    const file = join(line.directory, 'array.json');
    await writeFile(file, '[\n{"username":"jon"},\n{"username":"kim"}\n]\n');
    expect(await refused('accounts', 'import', file)).to.match(/^This is a JSON array; .*jq -c/);
  });

  it('adds a method and sets a password from the input', async () => {
    const seed = 'GE4D6NRYKZ2HQ3LBOJSWK5DVNZSWK3DP';
    await line.withInput(`${seed}\n`, 'methods', 'add', 'ines', 'code');
    await line.withInput(
      'paper boats at dawn\n',
      'accounts',
      'set-password',
      'ines',
      '--password-stdin',
    );
    const short = line.withInput('GE4D6\n', 'methods', 'add', 'ines', 'totp');
    expect(String(await short.catch((error: unknown) => error))).to.contain(
      ': The seed is too short: 24 bits, and 128 are needed.\n',
    );
    const exported = await doorstep('accounts', 'export', '--with-secrets');
    expect(exported).to.match(/"username":"ines".*"passwordHash":"\$argon2id.*/);
    expect(exported).to.contain(seed);
  });

  it('calls methods as policy does, and takes the names that they had here before', async () => {
    const listed = (await doorstep('methods', 'list', 'ines')).trim().split('\n').slice(1);
    expect(listed.map((row) => row.split(/\s+/)[1])).to.deep.equal(['text', 'code', 'password']);
    expect(await doorstep('accounts', 'list')).to.match(/^ines .* text, code, password$/m);
    expect(await doorstep('methods', 'add', 'ines', 'phone', '+14255550199')).to.match(
      /^Method call \(\+1 ••• 99, alternate-mobile\) is added, with the id /,
    );
    const office = ['methods', 'add', 'ines', 'phone', '+4930123456', '--type'] as const;
    expect(await refused(...office, 'desk')).to.contain('alternate-mobile, office, and not "desk"');
    expect(await refused(...office, 'mobile')).to.contain(
      'is a fixed line, and so an office phone',
    );
    expect(await doorstep(...office, 'office')).to.match(/^Method call \(\+49 ••• 56, office\)/);
    for (const [method, told] of [
      ['text', 'A phone number is needed for phone.\n'],
      ['approve', 'security-key and recovery-code can be added, and not "approve".\n'],
      ['phon', 'can be added, and not "phon"; did you mean phone?\n'],
    ] as const) {
      expect(await refused('methods', 'add', 'ines', method)).to.contain(told);
    }
    expect(await refused('methods', 'add', 'ines', 'code', '1')).to.equal(
      'code takes no number.\n',
    );
  });

  it('sets what sign-in begins with, and says where it moves when that is removed', async () => {
    const makes = ['methods', 'default', 'ines'] as const;
    expect(await refused(...makes, 'recovery-code')).to.equal(
      'Sign-in can begin with security-key, approve, code, text or call only.\n',
    );
    expect(await doorstep(...makes, 'text')).to.contain('with Phone - text (+1 ••• 34).\n');
    const listed = await doorstep('methods', 'list', 'ines');
    const [, id = ''] = /default\n(\S+) .* 34 .* text\n/.exec(listed) ?? [];
    expect(await doorstep('methods', 'lift', 'ines', id)).to.contain('can use this method');
    expect(await doorstep('methods', 'remove', 'ines', id)).to.equal(
      '"ines" no longer has this method (text).\n' +
        'Sign-in now begins with Authenticator app - code.\n',
    );
  });

  it('checks everything, and finds all well', async () => {
    expect(await doorstep('check')).to.equal('All well.\n');
  });

  it('explains itself: all of it, a group, a command', async () => {
    expect(await doorstep('--help')).to.match(/accounts[^]*clients[^]*check/);
    expect(await doorstep('accounts', '--help')).to.contain('set-password');
    expect(await doorstep('accounts', 'import', '--help')).to.match(/--update[^]*passwordHash/);
    // In whole sentences, however the command's own help is broken into lines.
    for (const group of ['accounts', 'methods', 'browsers', 'clients', 'policy', 'audit']) {
      const rows = (await doorstep(group, '--help'))
        .split('\n')
        .filter((row) => /^ {6}\S/.test(row));
      for (const row of rows) expect(row, group).to.match(/\.$/);
    }
  });

  it('shows the policy, changes it with a reason, and keeps every version', async () => {
    expect(await doorstep('policy', 'show')).to.match(/^# version 1\ntwoSteps: everyone/);
    const reason = ['--reason', 'a pilot'];
    await doorstep('policy', 'set', 'twoSteps', 'when-asked', ...reason);
    await doorstep('policy', 'set', 'methods.text.signIn', 'false', ...reason);
    const { version, policy } = JSON.parse(await doorstep('policy', 'show', '--json')) as {
      version: number;
      policy: { twoSteps: string; methods: { text: object } };
    };
    expect([version, policy.twoSteps]).to.deep.equal([3, 'when-asked']);
    expect(policy.methods.text).to.deep.equal({ signIn: false });
    expect(await doorstep('policy', 'history'))
      .to.contain('a pilot')
      .and.to.contain('first start');
    expect(await refused('policy', 'set', 'twoSteps', 'everyone')).to.match(/--reason/);
    expect(await refused('policy', 'set', 'rememberDays', '99', ...reason)).to.match(
      /policy\.rememberDays must be a whole number from 0 to 30/,
    );
    expect(await refused('policy', 'set', 'toSteps', 'x', ...reason)).to.match(/no "toSteps"/);
    const text = ['policy', 'set', 'methods.text.signIn'];
    expect(await refused(...text, '[staff]', ...reason)).to.match(
      /signIn must be true, false, or groups .*, such as groups:staff/,
    );
    const groups = '[groups:nobody, groups:staff]';
    const exclude = ['policy', 'set', 'methods.text.signIn.exclude', groups];
    expect(await refused(...exclude, ...reason)).to.match(/Nobody is allowed it/);
    await doorstep(...text, 'true', ...reason);
    expect(await doorstep(...exclude, ...reason)).to.match(/nobody is in the group nobody\.\n/);
    await doorstep('policy', 'set', 'methods.approve.signIn', 'false', ...reason);
    expect(await refused('policy', 'set', 'methods.code.signIn', 'false', ...reason)).to.match(
      /no second step/,
    );
  });

  it('says where a value is no YAML, and nothing of what the library would say', async () => {
    for (const [value, where] of [
      ['[DE', ': line 1, column 4'],
      ['14\n---\n15', ': line 2, column 1'],
      ['!mine 14', ': line 1, column 1'],
      ['*nowhere', ''],
    ] as const) {
      const set = ['policy', 'set', 'rememberDays', value, '--reason', 'odd'];
      expect(await refused(...set), value).to.equal(`The value is not YAML${where}.\n`);
    }
  });

  it('says which roles and groups nobody could have, or this person has not', async () => {
    const rule = 'up to 64 letters, digits, dots, colons, hyphens and underscores.\n';
    expect(await refused('groups', 'add', 'grace', 'x y')).to.equal(
      `"x y" is no name for a group: ${rule}`,
    );
    expect(await refused('roles', 'add', 'grace', 'x'.repeat(65))).to.equal(
      `"${'x'.repeat(65)}" is no name for a role: ${rule}`,
    );
    await doorstep('groups', 'add', 'grace', 'staff', 'x'.repeat(64));
    const told = await doorstep('groups', 'remove', 'grace', 'nothere', 'x'.repeat(64));
    expect(told).to.equal(
      'Note: "grace" is not in the group nothere.\n"grace" has the groups: staff\n',
    );
    expect(await doorstep('roles', 'remove', 'grace', 'admin')).to.equal(
      'Note: "grace" does not have the role admin.\n' +
        'Nothing to change: "grace" is so already.\n"grace" has the roles: none\n',
    );
  });

  it('says where nothing is to be changed, and tells nobody', async () => {
    const heard = async () => (await doorstep('audit', 'list', '--account', 'grace')).split('\n');
    await doorstep('accounts', 'disable', 'grace');
    const before = await heard();
    const { version } = JSON.parse(await doorstep('policy', 'show', '--json')) as {
      version: number;
    };
    for (const typed of [
      ['accounts', 'disable', 'grace'],
      ['accounts', 'update', 'grace', '--name', 'grace'],
      ['groups', 'add', 'grace', 'staff'],
    ]) {
      expect(await doorstep(...typed)).to.match(/^Nothing to change: "grace" is so already\.\n/);
    }
    expect(await heard()).to.deep.equal(before);
    await doorstep('accounts', 'enable', 'grace');
    expect(await doorstep('accounts', 'enable', 'grace')).to.contain('Nothing to change');
    const set = ['policy', 'set', 'twoSteps', 'when-asked', '--reason', 'again'];
    expect(await doorstep(...set)).to.equal(
      `Nothing to change: version ${version} is so already.\n`,
    );
    expect(await doorstep('policy', 'show')).to.contain(`# version ${version}\n`);
  });

  it('keeps away from the demo for whoever names anything of a real installation', async () => {
    for (const own of [
      { ISSUER: 'https://id.example.test' },
      { COOKIE_KEYS_FILE: '/nowhere/keys' },
      { MONGODB_URI_FILE: '/nowhere/uri' },
    ]) {
      const environment = { ...own, DATA_DIRECTORY: line.directory };
      const { stderr: told } = await line.runs(environment, 'accounts', 'list');
      expect(told, JSON.stringify(own)).to.contain('The configuration is not usable');
    }
  });

  it('says plainly what it cannot do', async () => {
    expect(await refused('accounts', 'disable', 'nobody')).to.match(/no account "nobody"/);
    expect(await refused('clients', 'create', 'x', '--redirect-uri', 'nonsense')).to.match(
      /address/,
    );
  });
});

describe('npm run doorstep, mistyped', () => {
  /** Without a database to open: nothing is begun. */
  async function misused(...args: string[]): Promise<string> {
    const { runs, close } = await openCommandLine();
    const printed = await runs({ NODE_ENV: 'test', MONGODB_URI: 'nowhere' }, ...args);
    await close();
    expect(printed, args.join(' ')).to.include({ code: 2, stdout: '' });
    return printed.stderr;
  }

  it('asks whether another command or option was meant', async () => {
    for (const [typed, told] of [
      ['acounts list', 'There is no command "acounts"; did you mean accounts? See --help.\n'],
      ['frobnicate', 'There is no command "frobnicate". See --help.\n'],
      [
        'accounts lst',
        'There is no command "lst" of accounts; did you mean list? See accounts --help.\n',
      ],
      ['accounts x', 'There is no command "x" of accounts. See accounts --help.\n'],
      ['accounts list --jsno', 'There is no option --jsno; did you mean --json? See --help.\n'],
      ['accounts list -j', 'There is no option -j. See --help.\n'],
    ] as const) {
      expect(await misused(...typed.split(' '))).to.equal(told);
    }
  });

  it('leaves nothing unread', async () => {
    for (const [typed, told] of [
      ['accounts list foo', '"foo" is too much: it takes options only.\n'],
      ['accounts show ada bob eve', '"bob", "eve" are too much: it takes only <username>.\n'],
      ['roles list ada eve', '"eve" is too much: it takes only [<username>].\n'],
      ['accounts show', '<username> is missing. See --help.\n'],
      ['roles add ada', '<role> is missing. See --help.\n'],
      ['accounts update ada --name A --name B', '--name takes one value, and has two.\n'],
      ['accounts list --role', '--role needs a value, as in --role=x. See --help.\n'],
      ['accounts list --role --json', '--role needs a value, as in --role=x. See --help.\n'],
      ['accounts list --json=yes', "Option '--json' does not take an argument. See --help.\n"],
    ] as const) {
      expect(await misused(...typed.split(' '))).to.equal(told);
    }
  });

  it('answers a group alone, or nothing at all, by what there is', async () => {
    expect(await misused('accounts')).to.match(/^Usage: .* accounts <command>[^]*set-password/);
    expect(await misused()).to.match(/^Usage: .* <what> <command>[^]*accounts[^]*Exit codes/);
  });
});

describe('npm run doorstep, each command a process', () => {
  it('prints, keeps, reads its input and ends with a code', async () => {
    const line = await openCommandLine({}, { inProcesses: true });
    const { runs, doorstep, directory } = line;
    await doorstep('accounts', 'create', 'grace');
    await line.withInput('paper boats at dawn\n', 'accounts', 'create', 'ines', '--password-stdin');
    expect(await doorstep('accounts', 'list'))
      .to.contain('grace')
      .and.to.contain('ines');
    const environment = { NODE_ENV: 'test', DATA_DIRECTORY: directory };
    const taken = await runs(environment, 'accounts', 'create', 'GRACE');
    expect(taken).to.include({ code: 1, stdout: '' });
    expect(taken.stderr).to.match(/taken/);
    expect(await runs(environment, 'accounts', 'frobnicate')).to.include({ code: 2 });
    await line.close();
  });

  it('ends without a word where whoever reads has seen enough', async () => {
    const script = resolve(import.meta.dirname, '../../scripts/doorstep.ts');
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    const child = spawn(process.execPath, [script, '--help'], { stdio: [...stdio] });
    child.stdout.destroy();
    const [said] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect([said, child.exitCode]).to.deep.equal(['', 0]);
  });
});
