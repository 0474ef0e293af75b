import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';

import { expect } from 'chai';

import { createCalls } from '../../../../scripts/handset/calls.ts';
import { createStore } from '../../../../scripts/handset/store.ts';
import { isSignedWebhook } from '../../../../src/channels/standard-webhooks.ts';

const secret = `whsec_${Buffer.alloc(32, 'c').toString('base64')}`;

interface Told {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('a call to the handset', () => {
  let doorstep: Server;
  let issuer: string;
  let told: Told[];
  let seconds: number;
  let answers: () => { status: number; headers?: Record<string, string>; body?: string };

  before(async () => {
    doorstep = createServer((request, response) => {
      void readText(request).then((body) => {
        told.push({ headers: request.headers, body });
        const { status, headers = {}, body: said = '' } = answers();
        response.writeHead(status, headers).end(said);
      });
    }).listen(0, '127.0.0.1');
    await once(doorstep, 'listening');
    issuer = `http://127.0.0.1:${(doorstep.address() as AddressInfo).port}`;
  });
  after(async () => {
    doorstep.closeAllConnections();
    doorstep.close();
    await once(doorstep, 'close');
  });
  beforeEach(() => {
    told = [];
    seconds = 100;
    answers = () => ({ status: 200, body: '{"text":"Goodbye.","language":"en"}' });
  });

  const now = (): Date => new Date(seconds * 1000);
  const network = (store = createStore()) => createCalls({ store, issuer, secret, now });
  const callFor = (more: object = {}) => ({
    ...{ to: '+14255550134', text: 'Hello.', messageId: 'a', language: 'en' },
    ...{ answerAt: `${issuer}/callbacks/call/phone/c`, ...more },
  });
  const said = (): unknown[] =>
    told.map(({ body }) => {
      const { answerAt: _, ...rest } = JSON.parse(body) as Record<string, unknown>;
      return rest;
    });
  const last = (calls: ReturnType<typeof network>) => calls.all()[0];

  it('tells which keys were pressed, signed, and says what it hears', async () => {
    const calls = network();
    expect(calls.ring(callFor())).to.equal(true);
    calls.answer('a');
    expect(await calls.press('a', '47')).to.deep.equal({ text: 'Goodbye.', language: 'en' });
    expect(JSON.parse(told[0]?.body ?? '')).to.deep.equal({
      ...{ answerAt: callFor().answerAt, keys: '47' },
    });
    const headers = told[0]?.headers as Record<string, string>;
    const body = told[0]?.body ?? '';
    expect(isSignedWebhook({ headers, body }, { secret, now: now() })).to.equal(true);
    expect(last(calls)).to.include({ became: 'answered', isOpen: false });
  });

  it('is over with the first keys, and tells of nothing else', async () => {
    const calls = network();
    calls.ring(callFor());
    calls.answer('a');
    await Promise.all([calls.press('a', '47'), calls.press('a', '48'), calls.end('a')]);
    expect(said()).to.deep.equal([{ keys: '47' }]);
    calls.ring(callFor());
    expect(calls.answer('a'), 'and rings no more when it is sent again').to.equal(undefined);
  });

  it('tells that it was declined, or hung up later', async () => {
    const calls = network();
    calls.ring(callFor());
    await calls.end('a');
    expect(last(calls)).to.include({ became: 'declined' });
    calls.ring(callFor({ messageId: 'b' }));
    calls.answer('b');
    await calls.end('b');
    expect(said()).to.deep.equal([{ ended: 'busy' }, { ended: 'hung-up' }]);
    expect(last(calls)).to.include({ became: 'answered' });
  });

  it('rings for 30 seconds, unless somebody answers', async () => {
    const calls = network();
    calls.ring(callFor());
    calls.ring(callFor({ messageId: 'b' }));
    calls.answer('b');
    seconds += 29;
    await calls.ringOut();
    expect(told).to.deep.equal([]);
    seconds += 1;
    await calls.ringOut();
    await calls.ringOut();
    expect(said()).to.deep.equal([{ ended: 'unanswered' }]);
    expect(calls.answer('a')).to.equal(undefined);
    expect(calls.all().map(({ id, isOpen }) => [id, isOpen])).to.deep.equal([
      ['b', true],
      ['a', false],
    ]);
  });

  it('is told of nowhere but at Doorstep’s', async () => {
    const calls = network();
    for (const answerAt of ['http://127.0.0.1:1/', `${issuer}.evil.example/`, 'callbacks'])
      expect(calls.ring(callFor({ answerAt })), answerAt).to.equal(false);
    expect(calls.all()).to.deep.equal([]);
    answers = () => ({ status: 307, headers: { location: '/elsewhere' } });
    calls.ring(callFor());
    calls.answer('a');
    expect(await calls.press('a', '47')).to.equal(undefined);
    expect(told).to.have.length(1);
  });

  it('goes dead where Doorstep knows nothing of it', async () => {
    const calls = network();
    calls.ring(callFor());
    calls.answer('a');
    answers = () => ({ status: 404, body: 'Not found' });
    expect(await calls.press('a', '47')).to.equal(undefined);
  });

  it('can only be listened to where nobody waits for keys', async () => {
    const { answerAt: _, ...call } = callFor();
    const calls = network();
    calls.ring(call);
    expect(calls.answer('a')).to.include({ hearsKeys: false });
    await calls.end('a');
    expect(told).to.deep.equal([]);
  });

  it('is remembered over a restart, without its words and its line', () => {
    const directory = mkdtempSync(join(tmpdir(), 'doorstep-handset-'));
    const file = join(directory, 'handset.json');
    network(createStore(file)).ring(callFor());
    const kept = readFileSync(file, 'utf8');
    expect(last(network(createStore(file)))).to.include({ to: '+14255550134', isOpen: false });
    // As it was written before there were calls.
    const entries = [{ id: 'e', issuer: '', account: 'ada', seed: 'A' }];
    writeFileSync(file, JSON.stringify({ texts: [], mails: [], entries }));
    expect(createStore(file).all()).to.deep.include({ entries, calls: [] });
    rmSync(directory, { recursive: true });
    expect(kept).not.to.contain('Hello').and.not.to.contain('callbacks');
  });
});
