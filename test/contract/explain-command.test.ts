/**
 * The commands by which a help desk finds out why somebody cannot sign in, and lets them register
 * again.
 */
import { expect } from 'chai';

import { type CommandLine, openCommandLine } from '../support/command-line.ts';

const SEED = 'GE4D6NRYKZ2HQ3LBOJSWK5DVNZSWK3DP';

describe('npm run doorstep accounts explain', () => {
  let line: CommandLine;
  before(async () => {
    line = await openCommandLine();
    await doorstep('accounts', 'create', 'ines', '--group', 'staff');
    await line.withInput(`${SEED}\n`, 'methods', 'add', 'ines', 'code');
    await doorstep('methods', 'add', 'ines', 'phone', '+14255550134');
    await doorstep('methods', 'add', 'ines', 'recovery-code');
  });
  after(() => line.close());

  const doorstep = (...args: string[]): Promise<string> => line.doorstep(...args);
  const refused = (...args: string[]): Promise<string> => line.refused(...args);
  const explained = async (...args: string[]) =>
    JSON.parse(await doorstep('accounts', 'explain', 'ines', '--json', ...args)) as {
      state: object;
      apps: { app: string; acr?: string; because?: string; steps: Step[] }[];
      methods: { id: string; method: string; uses: Use[] }[];
      addable: string[];
      helpers: string[];
    };
  interface Step {
    step: string;
    method?: string;
    because?: string;
  }
  interface Use {
    method: string;
    purpose: string;
    hindrance?: string;
  }

  it('says what a sign-in asks, and why', async () => {
    const { state, apps, addable, helpers } = await explained();
    expect(state).to.deep.equal({});
    const [nothing, two, strong] = apps;
    expect(nothing).to.include({ acr: 'urn:doorstep:acr:mfa', because: 'policy' });
    expect(nothing?.steps.map(({ step, method }) => [step, method])).to.deep.equal([
      ['begin', 'password'],
      ['begin', 'code'],
    ]);
    expect(two?.because).to.equal('app');
    expect(strong?.steps.at(-1)?.step, 'no method here proves it').to.equal('no-way');
    expect(addable).to.include('code').and.not.include('password');
    expect(helpers).to.include('doorstep:help-desk');
    const told = await doorstep('accounts', 'explain', 'ines');
    expect(told)
      .to.match(/nothing keeps them out/)
      .and.match(/password \[the only one\], then code/);
    expect(told).not.to.contain(SEED);
  });

  it('says of each method whether it can be used, or why not', async () => {
    const usesOf = async (wanted: string) => {
      const { methods } = await explained();
      const uses = methods.flatMap(({ uses: all }) => all);
      const use = uses.find(({ method, purpose }) => method === wanted && purpose === 'sign-in');
      return use?.hindrance ?? 'usable';
    };
    expect(await usesOf('code')).to.equal('usable');
    const decides = (key: string, value: string) =>
      doorstep('policy', 'set', key, value, '--confirm', '--reason', 'a pilot');
    await decides('methods.code.signIn', 'false');
    expect(await usesOf('code')).to.equal('off-by-policy');
    await decides('methods.code.signIn', 'true');
    await decides('methods.code.signIn.exclude', 'groups:staff');
    expect(await usesOf('code')).to.equal('off-by-group');
    await decides('methods.code.signIn', 'true');
  });

  it('names an app, and whoever is kept out or has to change their password', async () => {
    const address = ['--redirect-uri', 'https://app.example.org/cb'];
    await doorstep('clients', 'create', 'payroll', ...address, '--acr', 'urn:doorstep:acr:mfa');
    const [app, ...others] = (await explained('--app', 'payroll')).apps;
    expect(others).to.deep.equal([]);
    expect(app).to.include({ app: 'payroll', acr: 'urn:doorstep:acr:mfa', because: 'app' });
    expect(await refused('accounts', 'explain', 'ines', '--app', 'none')).to.match(/none/);
    expect(await refused('accounts', 'explain', 'nobody')).to.match(/no account "nobody"/);

    await doorstep('accounts', 'require-password-change', 'ines');
    const due = await explained();
    expect(due.state).to.have.keys('passwordChangeDueAt');
    expect(due.apps[0]?.steps.at(-1)?.step).to.equal('new-password');
    await doorstep('accounts', 'disable', 'ines');
    expect((await explained()).apps[0]?.steps).to.deep.equal([{ step: 'kept-out' }]);
    expect(await doorstep('accounts', 'explain', 'ines')).to.contain('kept out');
    await doorstep('accounts', 'enable', 'ines');
  });

  it('is told to the audit, each time', async () => {
    await explained('--reason', 'she called');
    const told = await doorstep('audit', 'list', '--event', 'account.explained', '--json');
    const last = told.trim().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).to.include({ name: 'account.explained', reason: 'she called' });
  });

  it('lets somebody register again, after naming what goes', async () => {
    const again = (...args: string[]) => ['methods', 'register-again', 'ines', ...args];
    const asked = await refused(...again());
    expect(asked).to.match(/removes .*code.*text \(\+1 ••• 34.*recovery-code.*add --yes/);
    const held = async () => (await explained()).methods.map(({ method }) => method);
    expect(await held(), 'nothing yet').to.have.length(4);
    const done = await doorstep(...again('--yes', '--reason', 'lost her phone'));
    expect(done).to.match(/no longer has .*code.*has to register again/);
    expect(await held()).to.deep.equal(['password']);
    expect((await explained()).apps[0]?.steps[1]?.step).to.equal('set-up');
    const removed = await doorstep('audit', 'list', '--event', 'method.removed', '--json');
    expect(removed.trim().split('\n')).to.have.length(3);
    expect(removed).to.contain('lost her phone');
    expect(await doorstep(...again('--yes'))).to.match(/is so already/);
    expect(await doorstep('check')).to.equal('All well.\n');
  });
});
