import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';
import { createTransport } from 'nodemailer';

import { createCalls } from '../../../../scripts/handset/calls.ts';
import { startMail } from '../../../../scripts/handset/mail.ts';
import { createHandset } from '../../../../scripts/handset/server.ts';
import { createStore } from '../../../../scripts/handset/store.ts';

const ISSUER = 'http://localhost:3000';
const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const text = {
  to: '+14255550134',
  purpose: 'sign-in',
  text: '123456 is your code',
  messageId: 'a',
};

const call = {
  ...text,
  ...{ to: '+442079460123', text: 'Hello.', language: 'en' },
  answerAt: `${ISSUER}/callbacks/call/a/b`,
};

interface State {
  readonly calls: readonly object[];
  readonly texts: readonly { readonly code?: string; readonly owner?: string }[];
  readonly entries: readonly { readonly id: string; readonly account: string; code: string }[];
  readonly phones: readonly Readonly<Record<string, string>>[];
}

describe('the handset', () => {
  let directory: string;
  let server: Server;
  let origin: string;

  const store = () => createStore(join(directory, 'handset.json'));
  const start = async (): Promise<void> => {
    const now = (): Date => new Date(59_000);
    const deps = { store: store(), issuer: ISSUER, now };
    const calls = createCalls({ ...deps, secret: '' });
    server = createHandset({ ...deps, calls }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'doorstep-handset-'));
    await start();
  });
  afterEach(async () => {
    await stop();
    rmSync(directory, { recursive: true });
  });

  const send = (path: string, body: unknown): Promise<Response> =>
    fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const post = async (path: string, body: unknown): Promise<number> =>
    (await send(path, body)).status;
  const state = async (): Promise<State> =>
    (await (await fetch(`${origin}/state`)).json()) as State;

  it('shows a text with its code and whose phone it is', async () => {
    expect(await post('/sms', text)).to.equal(202);
    const [shown] = (await state()).texts;
    expect(shown).to.include({ code: '123456', owner: 'Bob' });
  });

  it('takes a text that is sent again once only', async () => {
    await post('/sms', text);
    expect(await post('/sms', text)).to.equal(202);
    expect(await post('/sms', { ...text, messageId: 'b' })).to.equal(202);
    expect((await state()).texts).to.have.lengthOf(2);
  });

  it('refuses what is no text', async () => {
    expect(await post('/sms', { to: '+14255550134' })).to.equal(400);
    expect(await post('/sms', { ...text, text: 'x'.repeat(20_000) })).to.equal(400);
    expect((await state()).texts).to.deep.equal([]);
  });

  it('rings the phone that is called, and says nothing before somebody answers', async () => {
    expect(await post('/calls', call)).to.equal(202);
    expect(await post('/calls', call), 'sent again').to.equal(202);
    const [shown, ...others] = (await state()).calls;
    expect(others).to.deep.equal([]);
    expect(shown).to.deep.equal({
      ...{ id: 'a', to: call.to, owner: 'Dora', phone: 'office phone' },
      ...{ isOpen: true, receivedAt: new Date(59_000).toISOString() },
    });
    const answered = await send('/calls/a/answer', {});
    const said = { text: 'Hello.', language: 'en', hearsKeys: true };
    expect(await answered.json()).to.deep.equal(said);
    expect(await post('/calls/a/answer', {}), 'answered already').to.equal(409);
  });

  it('refuses what is no call, and keys that no phone has', async () => {
    expect(await post('/calls', text)).to.equal(400);
    expect(await post('/calls', { ...call, text: 'x'.repeat(20_000) })).to.equal(400);
    expect(await post('/calls', { ...call, answerAt: 'http://127.0.0.1:1/' })).to.equal(400);
    expect((await state()).calls).to.deep.equal([]);
    await post('/calls', call);
    expect(await post('/calls/a/keys', { keys: '4a' })).to.equal(400);
    expect(await post('/calls/a/keys', { keys: '1'.repeat(21) })).to.equal(400);
    expect(await post('/calls/a/keys', { keys: '47' }), 'not answered').to.equal(409);
  });

  it('adds an account to the authenticator, keeps it over a restart and removes it', async () => {
    const pasted = `otpauth://totp/Org:new?secret=${SEED}&issuer=Org`;
    const { entry } = (await (await send('/read', { pasted, isForPairing: false })).json()) as {
      entry: object;
    };
    expect(entry).to.include({ issuer: 'Org', account: 'new' }).and.not.have.property('seed');
    await stop();
    await start();
    const [added] = (await state()).entries;
    expect(added).to.include({ account: 'new', code: '287082' });

    await fetch(`${origin}/authenticator/${added?.id ?? ''}`, { method: 'DELETE' });
    expect((await state()).entries.map(({ account }) => account)).to.deep.equal(['ada', 'dora']);
  });

  it('reads a code that pairs, and adds nothing', async () => {
    const pasted = `${ISSUER}/approver#ABCD2345ABCD2345ABCD2345AB`;
    const answer = await send('/read', { pasted, isForPairing: false });
    expect(await answer.json()).to.deep.equal({ pairing: 'ABCD2345ABCD2345ABCD2345AB' });
    expect((await state()).entries).to.have.lengthOf(2);
  });

  it('says that something pasted is neither', async () => {
    expect(await post('/read', { pasted: 'hello', isForPairing: true })).to.equal(422);
    expect(await post('/read', { pasted: 7, isForPairing: true })).to.equal(422);
    expect(await post('/read', {})).to.equal(422);
  });

  it('leads to an approval app of their own for everybody', async () => {
    const { phones } = await state();
    expect(phones.map(({ owner }) => owner)).to.deep.equal(['Ada', 'Bob', 'Cleo', 'Dora']);
    const [, , cleo] = phones;
    expect(cleo).to.include({
      name: 'Cleo Okafor',
      approvalApp: 'http://localhost:3000/approver?phone=cleo',
    });
  });

  it('knows whose number it is that somebody sets up on the way', async () => {
    const [, , cleo] = (await state()).phones;
    await post('/sms', { ...text, to: cleo?.number });
    expect((await state()).texts[0]).to.include({ owner: 'Cleo' });
  });

  it('brings everything that its page loads', async () => {
    const loaded: string[] = [];
    const load = async (path: string): Promise<void> => {
      if (loaded.includes(path)) return;
      loaded.push(path);
      const answer = await fetch(new URL(path, origin));
      expect(answer.status, path).to.equal(200);
      const found = (await answer.text()).matchAll(
        /(?:from |import\(|src=|href=)['"](\.?\/[^'"]+)/g,
      );
      for (const [, next = ''] of found) await load(new URL(next, `${origin}${path}`).pathname);
    };
    await load('/');
    expect(loaded).to.include.members([
      '/phone.css',
      '/call.css',
      '/call.js',
      '/take.js',
      '/qr/decode.js',
      '/qr/index.js',
    ]);
  });

  it('gives nothing to a foreign name that points at this machine, nor to a foreign form', async () => {
    const asked = request(`${origin}/state`, { headers: { host: 'evil.example' } }).end();
    const [answer] = (await once(asked, 'response')) as [{ statusCode: number }];
    expect(answer.statusCode).to.equal(400);
    const form = new URLSearchParams(text);
    for (const path of ['/sms', '/calls', '/calls/a/end']) {
      const posted = await fetch(`${origin}${path}`, { method: 'POST', body: form });
      expect(posted.status, path).to.equal(415);
    }
  });

  it('takes mail', async () => {
    const inbox = store();
    const mail = await startMail(0, (message) => inbox.addMail(message));
    const transport = createTransport({ host: '127.0.0.1', port: mail.port });
    await transport.sendMail({
      ...{ from: 'no-reply@example.org', to: 'ada@example.org' },
      ...{ subject: 'Grüße', text: 'Your code is 12345678.' },
    });
    await mail.stop();
    const [{ subject, to, text: body } = {}] = inbox.all().mails;
    expect([to, subject, body?.trim()]).to.deep.equal([
      'ada@example.org',
      'Grüße',
      'Your code is 12345678.',
    ]);
  });
});
