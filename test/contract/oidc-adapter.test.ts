import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import type { Adapter } from 'oidc-provider';
import { pino } from 'pino';

import { connectDatabase, createIndexes, type Database } from '../../src/database/connect.ts';
import { createCrypt } from '../../src/lib/crypt.ts';
import { Problem } from '../../src/lib/problem.ts';
import { createOidcRecords, recordId } from '../../src/models/oidc-record.ts';
import { createAdapter } from '../../src/oidc/adapter.ts';
import { createClients } from '../../src/oidc/clients.ts';
import { createFinishInteraction } from '../../src/oidc/finish-interaction.ts';
import { createRefreshTokens } from '../../src/oidc/refresh-tokens.ts';
import { createPayloads } from '../../src/oidc/sealed-payloads.ts';
import { createSessions } from '../../src/oidc/session.ts';
import { lengths } from '../unit/oidc/small-provider.ts';

const kinds = [
  'AccessToken',
  'AuthorizationCode',
  'Grant',
  'Interaction',
  'PushedAuthorizationRequest',
  'RefreshToken',
  'Session',
];
const naming = ['Grant', 'Interaction', 'Session'];
const revoked = ['AccessToken', 'AuthorizationCode', 'RefreshToken'];
const HOUR = 60 * 60;
const crypt = createCrypt(['a secret for tests only, long enough']);
const payloads = createPayloads(crypt);
/** As much of it as finishing asks of it. */
const provider = {
  cookieName: (kind: string) => kind,
  pathFor: () => '/auth/over',
} as unknown as Provider;

describe('the oidc adapter on a database', () => {
  let directory: string;
  let database: Database;
  let adapter: (kind: string) => Adapter;
  let records: ReturnType<typeof createOidcRecords>;
  const time = { now: new Date('2026-11-22T12:00:00Z') };
  const clock = { now: () => time.now };

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'doorstep-oidc-'));
    database = await connectDatabase({ directory, log: pino({ level: 'silent' }) });
    const { connection } = database;
    records = createOidcRecords(connection);
    await createIndexes(connection);
    adapter = createAdapter({
      ...{ records, clock, payloads },
      whereFrom: () => ({}),
      clients: createClients({ records, crypt, clock }),
      sessionLimit: { enforce: async () => undefined },
      refreshTokens: createRefreshTokens({ records, clock, reused: async () => undefined }),
      sessions: createSessions({
        ...{ clock, lengths, rememberDays: () => 30 },
        trust: () => ({ days: 0 }),
      }),
    });
  });
  after(async () => {
    await database.close();
    await rm(directory, { recursive: true });
  });

  for (const kind of kinds) {
    describe(kind, () => {
      const payload = (id: string) => ({
        jti: id,
        kind,
        grantId: `grant of ${id}`,
        uid: `uid of ${id}`,
      });

      it('is found as it was stored, and last as it was stored last', async () => {
        await adapter(kind).upsert('a', payload('a'), HOUR);
        await adapter(kind).upsert('a', { ...payload('a'), scope: 'openid' }, HOUR);
        expect(await adapter(kind).find('a')).to.deep.equal({ ...payload('a'), scope: 'openid' });
      });

      it('opens no other kind (S-180)', async () => {
        await adapter(kind).upsert('crossing', payload('crossing'), HOUR);
        for (const other of [...kinds, 'Client'].filter((name) => name !== kind)) {
          expect(await adapter(other).find('crossing'), other).to.equal(undefined);
        }
        await records.remove(kind, 'crossing');
      });

      it('is gone when its time is up, though its record is there (C-32)', async () => {
        await adapter(kind).upsert('old', payload('old'), HOUR);
        const then = time.now;
        time.now = new Date(then.getTime() + HOUR * 1000);
        expect(await adapter(kind).find('old')).to.equal(undefined);
        // A session's record is named by its uid.
        const name = kind === 'Session' ? 'uid of old' : 'old';
        expect(await records.find(kind, name)).not.to.equal(undefined);
        time.now = then;
      });

      it('is gone when destroyed', async () => {
        await adapter(kind).upsert('b', payload('b'), HOUR);
        await adapter(kind).destroy('b');
        expect(await adapter(kind).find('b')).to.equal(undefined);
      });

      it('keeps names that a database could take for its own', async () => {
        const claims = JSON.parse(
          '{"id_token":{"$gt":null,"a.b":null,"__proto__":{"x":1}}}',
        ) as object;
        await adapter(kind).upsert('d', { ...payload('d'), claims }, HOUR);
        expect(JSON.stringify((await adapter(kind).find('d'))?.claims)).to.equal(
          JSON.stringify(claims),
        );
      });
    });
  }

  // Sessions never are.
  for (const kind of kinds.filter((name) => name !== 'Session')) {
    it(`consumes one ${kind} for one of many, and says when`, async () => {
      await adapter(kind).upsert('c', { jti: 'c', kind }, HOUR);
      const tries = Array.from({ length: 20 }, () => adapter(kind).consume('c'));
      const outcomes = await Promise.allSettled(tries);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.lengthOf(1);
      const found = await adapter(kind).find('c');
      expect(found?.consumed).to.equal(time.now.getTime() / 1000);
    });
  }

  it('lets one of many come back from an interaction (C-23)', async () => {
    const interaction = { jti: 'back', kind: 'Interaction' };
    await adapter('Interaction').upsert('back', interaction, HOUR);
    const tries = Array.from({ length: 20 }, () => adapter('Interaction').destroy('back'));
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.lengthOf(1);
  });

  describe('the result of an interaction', () => {
    const result = { login: { accountId: 'ada' } };
    const finish = (uid: string, browser = uid) =>
      createFinishInteraction({ provider, records, payloads, clock })(
        { cookies: { get: () => browser } } as unknown as Context, // as much as it looks at
        uid,
        result,
      );
    const begin = (uid: string) =>
      adapter('Interaction').upsert(uid, { jti: uid, kind: 'Interaction' }, HOUR);
    const refusalOf = (finishing: Promise<unknown>): Promise<unknown> =>
      finishing.catch((error: unknown) => (error instanceof Problem ? error.code : error));

    it('is stored by one of many, and found with the interaction (C-23)', async () => {
      await begin('one');
      const tries = await Promise.allSettled(Array.from({ length: 20 }, () => finish('one')));
      expect(tries.filter(({ status }) => status === 'fulfilled')).to.have.lengthOf(1);
      expect(await adapter('Interaction').find('one')).to.deep.include({ jti: 'one', result });
    });

    it('is refused for another browser’s, and for one that is over (S-164, C-32)', async () => {
      await begin('two');
      expect(await refusalOf(finish('two', 'other'))).to.equal('flow-not-here');
      time.now = new Date(time.now.getTime() + HOUR * 1000);
      expect(await refusalOf(finish('two'))).to.equal('flow-expired');
    });

    it('is worth nothing under another interaction, nor as one itself', async () => {
      await begin('mine');
      await finish('mine');
      await begin('theirs');
      const idOf = (uid: string): string => recordId('Interaction', uid);
      const { result: sealed = '' } = (await records.find('Interaction', 'mine')) ?? {};
      await records.model.updateOne({ _id: idOf('theirs') }, { $set: { result: sealed } });
      expect(await adapter('Interaction').find('theirs')).not.to.have.property('result');
      await records.model.updateOne({ _id: idOf('mine') }, { $set: { payload: sealed } });
      expect(await adapter('Interaction').find('mine')).to.equal(undefined);
    });
  });

  it('tells a loser what the library tells a client', async () => {
    for (const [kind, error] of [
      ['AuthorizationCode', 'invalid_grant'],
      ['RefreshToken', 'invalid_grant'],
      ['PushedAuthorizationRequest', 'invalid_request_uri'],
    ] as const) {
      await adapter(kind)
        .consume('never stored')
        .then(
          () => expect.fail(`${kind} was consumed`),
          (thrown: unknown) => expect(thrown).to.include({ error, statusCode: 400 }),
        );
    }
  });

  it('revokes codes and tokens of a grant, and nothing else', async () => {
    for (const kind of [...revoked, ...naming]) {
      await adapter(kind).upsert('r', { jti: 'r', kind, grantId: 'doomed', uid: 'r' }, HOUR);
      await adapter(kind).upsert('s', { jti: 's', kind, grantId: 'spared', uid: 's' }, HOUR);
    }
    await adapter('AccessToken').revokeByGrantId('doomed');
    for (const kind of [...revoked, ...naming]) {
      const found = await adapter(kind).find('r');
      expect(found === undefined, kind).to.equal(revoked.includes(kind));
      expect(await adapter(kind).find('s'), kind).not.to.equal(undefined);
    }
  });

  it('finds sessions by uid, and only sessions', async () => {
    await adapter('Session').upsert('t', { jti: 't', kind: 'Session', uid: 'u' }, HOUR);
    expect(await adapter('Session').findByUid('u')).to.include({ jti: 't' });
    expect(await adapter('Session').findByUid('unknown')).to.equal(undefined);
    expect(await adapter('AccessToken').findByUid('u')).to.equal(undefined);
  });

  it('lets an assertion be used once, also by two at once', async () => {
    const use = () =>
      adapter('ReplayDetection').upsert('v', { jti: 'v', kind: 'ReplayDetection' }, HOUR);
    const outcomes = await Promise.allSettled([use(), use(), use()]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.lengthOf(1);
  });

  it('lists the grants of one person to one app', async () => {
    const grant = { kind: 'Grant', accountId: 'ada', clientId: 'shop' };
    await adapter('Grant').upsert('w', { ...grant, jti: 'w' }, HOUR);
    await adapter('Grant').upsert('x', { ...grant, jti: 'x' }, 2 * HOUR);
    await adapter('Grant').upsert('y', { ...grant, jti: 'y', accountId: 'bob' }, HOUR);
    const found = await records.findGrants('ada', 'shop');
    expect(found.map(({ _id }) => _id)).to.deep.equal([
      recordId('Grant', 'x'),
      recordId('Grant', 'w'),
    ]);
  });

  it('replaces a record only as it was read', async () => {
    const record = { _id: recordId('Session', 'z'), kind: 'Session', payload: 'one' };
    expect(await records.replace(record, 'one')).to.equal(false);
    await records.put(record);
    expect(await records.replace({ ...record, payload: 'two' }, 'one')).to.equal(true);
    expect(await records.replace({ ...record, payload: 'three' }, 'one')).to.equal(false);
    expect((await records.find('Session', 'z'))?.payload).to.equal('two');
    await records.remove('Session', 'z');
  });
});
