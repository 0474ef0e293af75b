/**
 * A provider on loopback with everything around it faked: a browser that keeps cookies, one
 * account, and a sign-in that is finished by saying which proofs there are.
 */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import Koa from 'koa';
import mount from 'koa-mount';
import type { ClientMetadata, InteractionResults } from 'oidc-provider';
import { CookieJar } from 'tough-cookie';

import { acr, type Proof } from '../../../src/assurance/proof.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { createCrypt } from '../../../src/lib/crypt.ts';
import { isDiskFull } from '../../../src/lib/disk-full.ts';
import { generateJwks } from '../../../src/lib/jwks.ts';
import { createKeyring } from '../../../src/lib/keyring.ts';
import { ignoreStrangeClaims } from '../../../src/oidc/claims-parameter.ts';
import { createClients } from '../../../src/oidc/clients.ts';
import { postedRequests } from '../../../src/oidc/endpoints.ts';
import { createFinishInteraction, signedIn } from '../../../src/oidc/finish-interaction.ts';
import { createGrants } from '../../../src/oidc/grants.ts';
import { leaveByPage } from '../../../src/oidc/leave.ts';
import { createProvider } from '../../../src/oidc/provider.ts';
import { keepRedirectQuery } from '../../../src/oidc/redirect-query.ts';
import type { SignInPolicy } from '../../../src/oidc/requested-assurance.ts';
import { createPayloads } from '../../../src/oidc/sealed-payloads.ts';
import { createSessions, type SessionLengths } from '../../../src/oidc/session.ts';
import { tellSignedOut } from '../../../src/oidc/sign-out.ts';
import type { FlowRequest } from '../../../src/oidc/start-flow.ts';
import { createErrors } from '../../../src/web/errors.ts';
import { securityHeaders } from '../../../src/web/headers.ts';
import { onlyHost, pinProtocol } from '../../../src/web/hosts.ts';
import { memoryRecords } from './memory-records.ts';

const jwks = await generateJwks();
export const DAY = 24 * 60 * 60;

const noNotices = {
  add: async () => undefined,
  due: async () => [],
  lease: async () => undefined,
  postpone: async () => undefined,
  drop: async () => undefined,
};

export const shop: ClientMetadata = {
  client_id: 'shop',
  client_name: 'The Shop',
  client_secret: 'a-secret-of-at-least-thirty-two-bytes',
  redirect_uris: ['https://shop.example/cb'],
  post_logout_redirect_uris: ['https://shop.example/bye'],
  grant_types: ['authorization_code', 'refresh_token'],
  first_party: true,
};

export const ada = {
  _id: 'ada',
  username: 'ada',
  name: 'Ada',
  identifiers: ['ada'],
  profile: { email: 'ada@example.org' },
  groups: ['staff'],
  roles: ['admin'],
};

export type SmallProvider = Awaited<ReturnType<typeof smallProvider>>;

/** The figures that Doorstep ships with. */
export const lengths: SessionLengths = {
  sessionSeconds: 30 * DAY,
  unrememberedSessionSeconds: DAY,
  mfaSeconds: DAY,
  mfaIdleSeconds: 60 * 60,
  phrhSeconds: DAY / 2,
  phrhIdleSeconds: 15 * 60,
};

export async function smallProvider(
  wanted: Partial<SignInPolicy> & { readonly rememberDays?: number } = {},
) {
  const policy = {
    ...({ twoSteps: 'when-asked', reachable: [acr.pwd, acr.mfa], rememberDays: 30 } as const),
    ...wanted,
  };
  const time = { ahead: 0 };
  const clock = { now: () => new Date(Date.now() + time.ahead * 1000) };
  const records = memoryRecords();
  const crypt = createCrypt(['a secret for tests only, long enough']);
  const clients = createClients({ records, crypt, clock });
  const sessions = createSessions({
    ...{ clock, lengths, rememberDays: () => policy.rememberDays },
    trust: () => ({ days: 0 }),
  });
  const payloads = createPayloads(crypt);
  const grants = createGrants({ records, payloads, clock });
  const people = new Map<string, typeof ada & { disabledAt?: Date }>([['ada', ada]]);
  const started: FlowRequest[] = [];
  const errors: unknown[] = [];
  const result: { next?: () => InteractionResults | Promise<InteractionResults> } = {};
  await clients.save(shop);

  const app = new Koa();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = createProvider({
    ...{ issuer, jwks, records, payloads, clients, sessions, grants, clock },
    logoutNotices: noNotices,
    reused: async () => undefined,
    whereFrom: () => ({}),
    settings: {
      interactionSeconds: 3600,
      authorizationCodeSeconds: 60,
      idTokenSeconds: 600,
      accessTokenSeconds: 600,
      refreshTokenSeconds: 14 * DAY,
      refreshTokenTotalSeconds: 90 * DAY,
      sessionSeconds: 30 * DAY,
      sessionsPerAccount: 50,
      privateHosts: [],
    },
    cookieKeys: ['cookie key for tests'],
    people: { findById: async (id) => people.get(id) },
    policy: () => policy,
    flows: {
      start: async (request) => {
        started.push(request);
      },
    },
    uiLocales: ['en'],
  });

  const finishInteraction = createFinishInteraction({ provider, records, payloads, clock });
  app.keys = createKeyring(['cookie key for tests']);
  pinProtocol(app, issuer);
  app.use(securityHeaders(issuer));
  app.use(async (ctx, next) => {
    ctx.page = (name, props) => {
      ctx.type = 'html';
      ctx.body = JSON.stringify({ name, ...props });
    };
    await next();
  });
  app.use(
    createErrors({
      log: { error: ({ err }) => errors.push(err) },
      refused: () => undefined,
      disk: { isToBlame: isDiskFull },
      clock,
    }),
  );
  app.use(onlyHost(issuer));
  app.use(async (ctx, next) => {
    const uid = /^\/sign-in\/([^/]+)$/.exec(ctx.path)?.[1];
    if (uid === undefined || !result.next) {
      await next();
      return;
    }
    await finishInteraction(ctx, uid, await result.next());
    ctx.status = 303;
    ctx.redirect(provider.pathFor('resume', { uid }));
  });
  app.use(ignoreStrangeClaims(provider));
  app.use(leaveByPage);
  app.use(tellSignedOut);
  app.use(keepRedirectQuery);
  app.use(postedRequests(provider));
  app.use(mount(provider));
  const handle = app.callback();
  server.on('request', (req, res) => void handle(req, res));

  return {
    ...{
      issuer,
      provider,
      records,
      clients,
      grants,
      people,
      started,
      errors,
      time,
      clock,
      result,
      payloads,
    },
    browser: () => createBrowser(issuer),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Passed just now, or so many seconds ago. */
export const password = (at: Date): Proof => proofOf('password', 'knowledge', ['pwd'], at);
export const text = (at: Date): Proof => proofOf('text', 'possession', ['sms'], at);

const proofOf = (method: string, factor: Proof['factor'], amr: string[], at: Date): Proof => ({
  ...{ account: 'ada', method, credential: method, factor, amr, at },
});

/** A sign-in of Ada's that ends well. */
export const asAda =
  (proofs: (at: Date) => readonly Proof[], { clock }: { clock: Clock }, remember = true) =>
  () =>
    signedIn({ accountId: 'ada', proofs: proofs(clock.now()), remember }, clock.now());

export const byPassword = (at: Date) => [password(at)];
export const byBoth = (at: Date) => [password(at), text(at)];
export const bobsBoth = (at: Date) => byBoth(at).map((proof) => ({ ...proof, account: 'bob' }));

const verifier = randomBytes(32).toString('base64url');
const challenge = createHash('sha256').update(verifier).digest('base64url');

/** What is sent to the token endpoint for a code of `authorize`. */
export const redemption = (code: string, clientId = 'shop'): Record<string, string> => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: `https://${clientId}.example/cb`,
  code_verifier: verifier,
});

export function authorize(
  more: Record<string, string | undefined> = {},
  clientId = 'shop',
): string {
  const query = {
    client_id: clientId,
    response_type: 'code',
    redirect_uri: `https://${clientId}.example/cb`,
    scope: 'openid',
    state: 'a state',
    nonce: 'a nonce',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  };
  const present = Object.entries(query).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  return `/auth?${new URLSearchParams(present).toString()}`;
}

function createBrowser(issuer: string) {
  const jar = new CookieJar();

  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(path, issuer).href;
    const headers = new Headers(init.headers);
    headers.set('cookie', await jar.getCookieString(url));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) await jar.setCookie(cookie, url);
    return response;
  }

  /** Follows redirects while they stay here; returns where it ended up. */
  async function follow(path: string): Promise<{ url: URL; response: Response }> {
    let url = new URL(path, issuer);
    for (let hops = 0; hops < 10; hops += 1) {
      const response: Response = await request(url.href);
      const location = response.headers.get('location');
      if (location === null) return { url, response };
      url = new URL(location, url);
      if (url.origin !== issuer) return { url, response };
    }
    throw new Error('too many redirects');
  }

  return {
    jar,
    request,

    post: (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      request(path, { method: 'POST', body: new URLSearchParams(fields), headers }),

    follow,
  };
}

const basic = { authorization: `Basic ${btoa(`shop:${String(shop.client_secret)}`)}` };

/** What a browser and the shop do all the time. */
export function visits(op: SmallProvider) {
  const post = async (path: string, fields: Record<string, string>) => {
    const response = await op.browser().post(path, fields, basic);
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  const redeem = (code: string) => post('/token', redemption(code));

  return {
    post,
    redeem,

    signIn: async (more: Record<string, string> = {}, browser = op.browser()) => {
      const { url } = await browser.follow(authorize(more));
      return { browser, url, code: url.searchParams.get('code') ?? '' };
    },

    claimsFor: async (code: string) => {
      const { body } = await redeem(code);
      const [, payload = ''] = (body.id_token ?? '').split('.');
      return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    },
  };
}

export const error = ({ url }: { url: URL }) => url.searchParams.get('error');
