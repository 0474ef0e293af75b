/**
 * What older commits stored is read, and goes on as if nothing had happened in between.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { expect } from 'chai';
import * as client from 'openid-client';

import { createLogoutNotices } from '../../src/models/logout-notice.ts';
import { createStoredMessages } from '../../src/models/message.ts';
import { administrationOf } from '../support/administration.ts';
import { clock } from '../support/clock.ts';
import { openOlderHouse } from '../support/older-house.ts';
import { appCode, people } from '../support/people.ts';
import { dansPhone } from '../support/phone.ts';
import { openPostBox } from '../support/mail-server.ts';
import type { Visitor } from '../support/visitor.ts';

/** What the fixtures' apps asked with. */
const asked = {
  pkceCodeVerifier: 'a-verifier-of-the-older-data-with-43-letters',
  expectedState: 'a-state-of-older-data',
  expectedNonce: 'a-nonce-of-older-data',
};

for (const commit of ['56de2f4', 'ab385f2']) {
  describe(`What ${commit} stored`, () => {
    let older: Awaited<ReturnType<typeof openOlderHouse>>;
    let post: Awaited<ReturnType<typeof openPostBox>>;
    let app: Awaited<ReturnType<typeof openReceiver>>;
    before(async function () {
      // A database with a clock of its own has swept it away.
      if (process.env.MONGODB_URI) this.skip();
      [post, app] = await Promise.all([openPostBox(), openReceiver()]);
      const mail = { url: post.url, from: 'Doorstep <no@example.org>' };
      older = await openOlderHouse(commit, { channels: { mail } });
    });
    beforeEach(async () => {
      await older.restore();
      older.house.carrier.texts.length = 0;
      post.mails.length = 0;
    });
    // Else what is only remembered would leave in the next story.
    afterEach(() => older.house.settles());
    after(async () => {
      if (process.env.MONGODB_URI) return;
      await older.house.close();
      await Promise.all([post.close(), app.close()]);
    });

    /** By a page of the house at its older address, whose port it has no more. */
    async function landed(visitor: Visitor): Promise<URL> {
      const { pathname, search } = visitor.landed();
      if (pathname.startsWith('/auth/')) await visitor.opens(pathname + search);
      return visitor.landed();
    }

    async function isWelcome(visitor: Visitor) {
      const { shop } = older.house;
      const back = await landed(visitor);
      return client.authorizationCodeGrant(await shop.configuration(), back, asked);
    }

    it('has nothing wrong in it', async () => {
      const found: string[] = [];
      for await (const { what } of await administrationOf(older.house).checks.run())
        found.push(what);
      expect(found).to.deep.equal([]);
    });

    it('lets a sign-in go on that is half done, with the code that was texted', async () => {
      const ada = await older.returns('ada', older.story.half);
      expect(ada.sees()).to.equal('methods/text/answer');
      await ada.says({ code: older.story.half.code });
      expect((await isWelcome(ada)).claims()).to.include({ sub: 'id-ada' });
    });

    it('counts the codes of a question on from where it was', async () => {
      const ada = await older.returns('ada', older.story.half);
      const wrong = older.story.half.code === '000000' ? '111111' : '000000';
      for (const left of ['3 tries left', '2 tries left', '1 try left']) {
        await ada.says({ code: wrong });
        expect(ada.reads()).to.contain(left);
      }
      await ada.says({ code: wrong });
      expect(ada.reads()).to.contain('Too many wrong codes.');
    });

    it('counts passwords on from where it was, of Ada and of a name that nobody has', async () => {
      const types = async (identifier: string, password: string): Promise<string> => {
        const visitor = older.house.visitor();
        await visitor.opens(await older.house.shop.signIn());
        await visitor.says({ identifier });
        await visitor.says({ password });
        return visitor.reads();
      };
      // Four were wrong; before them Ada gave the right one, which counts until she is signed in.
      expect(await types('nobody.here', 'the fifth')).to.contain('Wrong user name or password.');
      for (const [name, password] of [
        ['nobody.here', 'the sixth'],
        ['ada', people.ada.password],
      ] as const) {
        expect(await types(name, password), name).to.contain('Too many tries');
      }
    });

    it('keeps a session and its tokens', async () => {
      const { shop } = older.house;
      const { cookies, refreshToken, accessToken } = older.story.session;
      const bob = await older.returns('bob', { cookies, at: '/healthz' });
      await bob.opens(await shop.signIn());
      expect(await shop.claims(bob.landed())).to.include({ sub: 'id-bob' });
      const configuration = await shop.configuration();
      const user = await client.fetchUserInfo(configuration, accessToken, 'id-bob');
      expect(user).to.include({ email: people.bob.email });
      const renewed = await client.refreshTokenGrant(configuration, refreshToken);
      expect(renewed.access_token).to.be.a('string');
    });

    it('lets a phone approve what it was asked', async () => {
      const dan = await older.returns('dan', older.story.request);
      const phone = await dansPhone(older.house.issuer);
      await phone.approves(older.story.request.number);
      await dan.presses('continue');
      expect((await isWelcome(dan)).claims()).to.include({ sub: 'id-dan' });
    });

    it('adds what was being set up', async () => {
      const cleo = await older.returns('cleo', older.story.enrolment);
      await cleo.says({ code: appCode(older.story.enrolment.secret) });
      expect(cleo.sees()).to.equal('adding/recovery-codes');
      expect(cleo.html().querySelectorAll('li')).to.have.length(10);
      await cleo.presses('saved');
      expect((await isWelcome(cleo)).claims()).to.include({ sub: 'id-cleo' });
    });

    it('sends once what waits, as it was promised', async () => {
      const { house, story } = older;
      await house.registers('partner', { backchannel_logout_uri: app.url });
      const stored = await createStoredMessages(house.connection).model.find().lean().exec();
      const waiting = stored.filter(({ dueAt }) => (dueAt as Date | undefined) !== undefined);
      const notices = await createLogoutNotices(house.connection).model.find().lean().exec();
      expect([waiting.length, notices.length]).to.deep.equal([1, 1]);
      clock.advance({ minutes: 2 });
      for (const _ of ['first', 'second']) await house.settles();

      expect(house.carrier.texts).to.deep.equal([story.pending.text]);
      const mails = post.mails.filter(({ mail }) =>
        mail.messageId?.startsWith(`<${waiting[0]?._id}@`),
      );
      expect(mails.map(({ to }) => to)).to.deep.equal(['ada@example.org']);
      expect(app.told.map(jtiOf)).to.deep.equal(notices.map(({ _id }) => _id));
      const bob = await older.returns('bob', story.pending);
      await bob.says({ code: house.carrier.lastCode(people.bob.phone) });
      expect((await isWelcome(bob)).claims()).to.include({ sub: 'id-bob' });
    });

    it('is in force as policy', async () => {
      const { _id, policy } = await administrationOf(older.house).policy.find();
      expect(_id).to.equal(2);
      expect(policy).to.deep.equal({ ...older.house.settings.policy, rememberDays: 7 });
    });
  });
}

const jtiOf = (jwt: string): unknown =>
  (JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as { jti: unknown })
    .jti;

/** The part of an app that is told of sign-outs. */
async function openReceiver() {
  const told: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      told.push(new URLSearchParams(body).get('logout_token') ?? '');
      response.end();
    });
  });
  server.unref().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/signed-out`,
    told,
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
