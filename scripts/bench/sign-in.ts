/**
 * One full sign-in as a browser and an app make it: authorize, user name, password, code of
 * the authenticator app, back to the app, token, userinfo. Each request is
 * timed under the name of its step.
 */
import { createHash, randomBytes } from 'node:crypto';

import { generateSync } from 'otplib';

import type { Answer, Ask, HttpAgent } from './agent.ts';
import { ISSUER } from './product.ts';
import { CLIENT, PASSWORD, SEED } from './tenants.ts';

export type StepName = (typeof steps)[number];
export const steps = [
  'authorize',
  'page',
  'user name',
  'password',
  'code',
  'resume',
  'token',
  'userinfo',
] as const;

/** Told the milliseconds of each request. */
export type Timer = (step: StepName, ms: number) => void;

export interface SignedIn {
  readonly browser: Browser;
  readonly tokens: Tokens;
}

export interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token?: string;
}

export type Browser = ReturnType<typeof openBrowser>;

/** Somebody whose app's codes are taken from this time step (RFC 6238). */
export interface Tenant {
  readonly username: string;
  readonly timeStep: number;
}

const STEP_SECONDS = 30;

/** Cookies and redirects, as far as one host needs them. */
export function openBrowser(agent: HttpAgent, time: Timer = () => undefined) {
  const cookies = new Map<string, string>();
  let from: { readonly 'x-forwarded-for'?: string } = {};

  return {
    /** Says through which address it comes; believed where loopback is a trusted proxy. */
    comesFrom(address: string): void {
      from = { 'x-forwarded-for': address };
    },
    /** Closed and opened again, where nobody stays signed in: only what it remembers is left. */
    reopens(): void {
      for (const name of cookies.keys()) if (!name.endsWith('browser')) cookies.delete(name);
    },
    async send(step: StepName, ask: Ask): Promise<Answer> {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const usual = { accept: 'text/html', 'accept-language': 'en', cookie, ...from };
      const headers = { ...usual, ...ask.headers };
      const answer = await agent.ask({ ...ask, headers });
      time(step, answer.ms);
      for (const text of answer.headers['set-cookie'] ?? []) keep(text);
      return answer;
    },
  };

  function keep(text: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
    if (value === '' || /expires=Thu, 01 Jan 1970/i.test(text)) cookies.delete(name);
    else cookies.set(name, value);
  }
}

/** Throws where an answer is not what the step calls for. */
export async function signIn(agent: HttpAgent, who: Tenant, time: Timer): Promise<SignedIn> {
  const browser = openBrowser(agent, time);
  const verifier = newVerifier();
  let page = await toPassword(browser, who.username, verifier);
  page = await next(browser, await fill(browser, 'password', page, { password: PASSWORD }));
  const finished = await fill(browser, 'code', page, { code: codeAt(who.timeStep) });
  return { browser, tokens: await backToApp(browser, finished, verifier) };
}

/** From the last page on: what the app has of it. */
export async function backToApp(
  browser: Browser,
  finished: Answer,
  verifier: string,
): Promise<Tokens> {
  const back = await browser.send('resume', { path: leadsTo(finished) });
  const tokens = await redeem(browser, addressIn(back), verifier);

  const { access_token: accessToken } = tokens;
  const headers = { authorization: `Bearer ${accessToken}` };
  expectStatus(await browser.send('userinfo', { path: '/me', headers }), 200);
  return tokens;
}

/** Through the user name, and no further: the page that asks for the password. */
export async function toPassword(
  browser: Browser,
  identifier: string,
  verifier = newVerifier(),
): Promise<Answer> {
  const page = await next(browser, await begin(browser, verifier));
  return next(browser, await fill(browser, 'user name', page, { identifier }));
}

/** What an app asks for, and nothing after it. */
export const begin = (browser: Browser, verifier = newVerifier()): Promise<Answer> =>
  browser.send('authorize', { path: authorizePath(verifier) });

export const newVerifier = (): string => randomBytes(32).toString('base64url');

export const codeAt = (timeStep: number): string =>
  generateSync({ secret: SEED, epoch: timeStep * STEP_SECONDS });

export const timeStepNow = (): number => Math.floor(Date.now() / 1000 / STEP_SECONDS);

/** The page that an answer sends the browser to. */
export async function next(browser: Browser, answer: Answer): Promise<Answer> {
  const page = await browser.send('page', { path: addressIn(answer) });
  expectStatus(page, 200);
  return page;
}

export interface Form {
  readonly action: string;
  /** Hidden ones, as they came. */
  readonly fields: Readonly<Record<string, string>>;
}

/** The page's main form. */
export function formOn({ text }: Answer): Form {
  const [form = '', action = ''] =
    /<form method="post" action="([^"]+)"[^>]* data-step=[^]*?<\/form>/.exec(text) ?? [];
  const hidden = [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return {
    action,
    fields: Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])),
  };
}

export const post = (browser: Browser, step: StepName, { action, fields }: Form): Promise<Answer> =>
  browser.send(step, {
    method: 'POST',
    path: action,
    form: fields,
    headers: { origin: ISSUER, 'sec-fetch-site': 'same-origin' },
  });

/** Fills the page's main form, with its hidden fields as they came. */
export function fill(
  browser: Browser,
  step: StepName,
  page: Answer,
  typed: Readonly<Record<string, string>>,
): Promise<Answer> {
  const { action, fields } = formOn(page);
  return post(browser, step, { action, fields: { ...fields, ...typed } });
}

function authorizePath(verifier: string): string {
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const query = new URLSearchParams({
    client_id: CLIENT.id,
    response_type: 'code',
    redirect_uri: CLIENT.redirectUri,
    scope: 'openid profile email',
    state: randomBytes(16).toString('base64url'),
    nonce: randomBytes(16).toString('base64url'),
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  return `/auth?${query.toString()}`;
}

async function redeem(browser: Browser, address: string, verifier: string): Promise<Tokens> {
  const code = new URL(address).searchParams.get('code');
  if (code === null) throw new Error(`no code came: ${address}`);
  const answer = await askForTokens(browser, {
    ...{ grant_type: 'authorization_code', redirect_uri: CLIENT.redirectUri },
    ...{ code, code_verifier: verifier },
  });
  return JSON.parse(answer.text) as Tokens;
}

export async function askForTokens(
  browser: Browser,
  form: Readonly<Record<string, string>>,
): Promise<Answer> {
  const basic = Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64');
  const headers = { authorization: `Basic ${basic}`, accept: 'application/json' };
  const answer = await browser.send('token', { method: 'POST', path: '/token', form, headers });
  expectStatus(answer, 200);
  return answer;
}

/** Paths of ours lose the issuer; the app's address stays whole. */
function addressIn(answer: Answer): string {
  expectStatus(answer, 303);
  return (answer.headers.location ?? '').replace(ISSUER, '');
}

/** Where the last page goes on to by itself. */
function leadsTo(answer: Answer): string {
  expectStatus(answer, 200);
  return /http-equiv="refresh" content="\d; url=([^"]+)"/.exec(answer.text)?.[1] ?? '';
}

export function expectStatus({ status, text }: Answer, expected: number): void {
  if (status === expected) return;
  const said = text.replaceAll(/<style[^]*?<\/style>|<[^>]+>|\s+/g, ' ').slice(0, 300);
  throw new Error(`answered ${status} instead of ${expected}: ${said}`);
}
