/**
 * What the command line leaves behind: of every act who, whom, what and why, in a chain that is
 * whole; and what people and their apps are told.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { connectDatabase } from '../../src/database/connect.ts';
import type { AuditEvent } from '../../src/models/audit-event.ts';
import { log } from '../support/chain.ts';
import { type CommandLine, openCommandLine } from '../support/command-line.ts';

const seed = 'GE4D6NRYKZ2HQ3LBOJSWK5DVNZSWK3DP';
const address = ['--redirect-uri', 'https://app.example.org/back'];

describe('The acts of the command line', () => {
  let line: CommandLine;
  let told: AuditEvent[];
  let grace: string;

  before(async () => {
    line = await openCommandLine({
      SMTP_URL: 'smtp://127.0.0.1:1',
      MAIL_FROM: 'no-reply@example.org',
    });
    const { directory, doorstep } = line;
    await doorstep('accounts', 'create', 'grace', '--email', 'grace@example.org');
    const shown = await doorstep('accounts', 'show', 'grace');
    ({ id: grace } = JSON.parse(shown) as { id: string });
    const moved = ['--email', 'grace@example.com', '--email-verified', '--locale', 'de'];
    await doorstep('accounts', 'update', 'grace', ...moved, '--reason', 'moved');
    await doorstep('accounts', 'update', 'grace', ...moved);
    await doorstep('accounts', 'disable', 'grace', '--reason', 'on leave');
    await doorstep('accounts', 'enable', 'grace');
    await doorstep('accounts', 'unlock', 'grace');
    await doorstep('accounts', 'require-password-change', 'grace', '--reason', 'in a leak');
    await doorstep('accounts', 'set-password', 'grace', '--reason', 'asked by phone');
    await doorstep('roles', 'add', 'grace', 'admin');
    await doorstep('roles', 'add', 'grace', 'admin');
    await doorstep('groups', 'add', 'grace', 'staff', '--reason', 'hired');
    await line.withInput(seed, 'methods', 'add', 'grace', 'code');
    await doorstep('methods', 'add', 'grace', 'recovery-code');
    const held = await doorstep('methods', 'list', 'grace', '--json');
    const app = held.split('\n').find((line) => line.includes('"method":"code"')) ?? '';
    const { id } = JSON.parse(app) as { id: string };
    await doorstep('methods', 'default', 'grace', 'code', '--reason', 'as she asked');
    await doorstep('methods', 'default', 'grace', 'code');
    await doorstep('methods', 'remove', 'grace', id, '--reason', 'lost');
    await doorstep('sessions', 'end', 'grace');
    await doorstep('clients', 'create', 'app', ...address);
    await doorstep('clients', 'update', 'app', '--name', 'The app');
    await doorstep('clients', 'rotate-secret', 'app', '--reason', 'it leaked');
    await doorstep('clients', 'remove', 'app');
    await doorstep('policy', 'set', 'twoSteps', 'when-asked', '--reason', 'a pilot');
    const file = join(directory, 'people.jsonl');
    await writeFile(file, '{"username":"ines"}\n{"username":"jon"}\n');
    await doorstep('accounts', 'import', file);
    await writeFile(file, '{"username":"ines","name":"Ines","phones":["+14255550134"]}\n');
    await doorstep('accounts', 'import', file, '--update');
    await doorstep('accounts', 'delete', 'grace', '--yes', '--reason', 'left');
    const listed = await doorstep('audit', 'list', '--json', '--last', '100');
    told = listed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditEvent);
  });
  after(() => line.close());

  const summary = (events: readonly AuditEvent[]): string[] =>
    events.map(({ name, reason }) => (reason === undefined ? name : `${name}: ${reason}`));

  it('are remembered in order, each once, with the reason that was given', () => {
    expect(summary(told.filter(({ account }) => account === grace))).to.deep.equal([
      'account.created',
      'account.changed: moved',
      'account.disabled: on leave',
      'account.enabled',
      'account.unlocked',
      'password.change-required: in a leak',
      'password.changed: asked by phone',
      'roles.changed',
      'groups.changed: hired',
      'method.added',
      'recovery-codes.made',
      'method.default-changed: as she asked',
      'method.removed: lost',
      'session.ended',
      'account.deleted: left',
    ]);
    expect(summary(told.filter(({ account }) => account === undefined))).to.deep.equal([
      'client.created',
      'client.changed',
      'client.changed: it leaked',
      'client.removed',
      'policy.changed: a pilot',
      'accounts.imported',
      'accounts.imported',
    ]);
    expect(new Set(told.map(({ by, result }) => `${by} ${result}`))).to.deep.equal(
      new Set(['command-line done']),
    );
  });

  it('say what was changed, and never a secret', () => {
    const details = (name: string) =>
      told.filter((event) => event.name === name).map((event) => event.details);
    expect(details('account.changed')[0]).to.deep.equal({
      what: ['email', 'isEmailVerified', 'locale'],
    });
    expect(details('roles.changed')).to.deep.equal([{ roles: ['admin'] }]);
    expect(details('method.added').map((each) => each?.method)).to.deep.equal(['code', 'text']);
    expect(details('client.changed')).to.deep.equal([
      { client: 'app', what: ['client_name'] },
      { client: 'app', what: ['client_secret'] },
    ]);
    expect(details('policy.changed')).to.deep.equal([{ version: 2 }]);
    expect(details('account.deleted')).to.deep.equal([{ username: 'grace' }]);
    expect(JSON.stringify(told)).not.to.contain(seed);
  });

  it('leave an import under each person that it brought, and under its run', () => {
    const names = told.filter(({ name }) => name === 'account.created').slice(1);
    expect(names.map(({ details }) => details?.username)).to.deep.equal(['ines', 'jon']);
    const [ines] = names.map(({ account }) => account);
    const ofInes = told.filter(({ account }) => account === ines);
    expect(summary(ofInes)).to.deep.equal(['account.created', 'account.changed', 'method.added']);
    const counts = { unchanged: 0, refused: 0 };
    expect(
      told.filter(({ name }) => name === 'accounts.imported').map(({ details }) => details),
    ).to.deep.equal([
      { added: 2, updated: 0, ...counts },
      { added: 0, updated: 1, ...counts },
    ]);
  });

  it('are listed by user name, and by id where nobody has it any more', async () => {
    const listed = await line.doorstep('audit', 'list', '--last', '100');
    expect(listed).to.match(/ account\.created done by=command-line account="ines" /);
    expect(listed).to.contain(` account.disabled done by=command-line accountId="${grace}" `);
    expect(listed).not.to.match(/account="(?!ines|jon)/);
  });

  it('leave a chain that is whole, and nothing waiting', async () => {
    const { directory, doorstep } = line;
    expect(await doorstep('audit', 'verify')).to.match(/nobody changed anything/);
    const database = await connectDatabase({ directory, log });
    const accounts = database.connection.collection('accounts');
    expect(await accounts.countDocuments({ 'events.0': { $exists: true } })).to.equal(0);
    await database.close();
  });

  it('promise a notice of what people must hear of', async () => {
    const database = await connectDatabase({ directory: line.directory, log });
    const messages = await database.connection.collection('messages').find().toArray();
    await database.close();
    const promised = new Set(messages.map(({ _id }) => String(_id).split('.')[0]));
    const heard = told.filter(({ id, account }) => account === grace && promised.has(id));
    expect(heard.map(({ name }) => name)).to.deep.equal([
      'account.changed',
      'account.disabled',
      'account.enabled',
      'password.changed',
      'method.added',
      'recovery-codes.made',
      'method.default-changed',
      'method.removed',
    ]);
  });
});
