/**
 * Who is asking, from where, in which language: read from the request, believed of nobody.
 */
import type { Context } from 'koa';

import type { Crypt } from '../lib/crypt.ts';
import type { Proof } from '../assurance/proof.ts';
import { indexIn, networkOf } from '../lib/network.ts';
import type { From } from '../models/audit-event.ts';
import type { Place } from '../verification/rate-limits/rate-limiter.ts';
import type { createClientAddress } from '../web/client-address.ts';
import type { Languages } from '../web/language.ts';
import { wishesOf } from '../web/language-wishes.ts';
import { requestIdOf } from '../web/request-id.ts';
import { browserOf } from '../web/user-agent.ts';
import type { Browser, Browsers } from './browser.ts';

/** Who is signed in in the browser, as its session has it. */
export interface SignedInBrowser {
  readonly accountId: string;
  /** Of the session: it stays the same when the session's id changes. */
  readonly record: string;
  /** What was proved in it and still counts. */
  readonly proofs: readonly Proof[];
}

/** Who is asking, from where. */
export interface RequestContext {
  readonly browser: Browser;
  readonly place: Place;
  readonly locale: string;
  /** The same for people to read, in the audit and in mails. */
  readonly from: From & { readonly address: string };
  /** Looked up by whoever asks for it, once. */
  readonly session: () => Promise<SignedInBrowser | undefined>;
  /** Lets a browser that was never here be known again when it comes back. */
  readonly keepBrowser: () => void;
}

export interface RequestContextDeps {
  readonly browsers: Browsers;
  readonly crypt: Pick<Crypt, 'digest'>;
  readonly languages: Languages;
  readonly addressOf: ReturnType<typeof createClientAddress>;
  readonly sessionOf: (ctx: Context) => Promise<SignedInBrowser | undefined>;
  /** Networks that many people share, with what they may get wrong in a quarter of an hour. */
  readonly networks: readonly { cidr: string; wrongPasswordsIn15Minutes: number }[];
}

/** One visit for a request, however often it is asked for: a new browser gets one id, too. */
export function createRequestContexts(deps: RequestContextDeps): (ctx: Context) => RequestContext {
  const visits = new WeakMap<Context, RequestContext>();
  const indexOf = indexIn(deps.networks.map(({ cidr }) => cidr));
  const allowedFrom = (address: string) => {
    const { wrongPasswordsIn15Minutes } = deps.networks[indexOf(address)] ?? {};
    return wrongPasswordsIn15Minutes !== undefined && { wrongPasswordsIn15Minutes };
  };
  return (ctx) => {
    const visit = visits.get(ctx) ?? visitOf(ctx, { ...deps, allowedFrom });
    visits.set(ctx, visit);
    return visit;
  };
}

type AllowedFrom = (address: string) => Pick<Place, 'wrongPasswordsIn15Minutes'> | false;

function visitOf(
  ctx: Context,
  {
    browsers,
    crypt,
    languages,
    addressOf,
    sessionOf,
    allowedFrom,
  }: RequestContextDeps & { allowedFrom: AllowedFrom },
): RequestContext {
  const browser = browsers.read(ctx.cookies);
  const address = addressOf(ctx.req);
  const digest = (text: string): string => crypt.digest(text, 'place').slice(0, 16);
  const name = browserOf(ctx.get('user-agent'));
  // Asked for late, because the app's wish is known only once the flow is loaded.
  let session: ReturnType<typeof sessionOf> | undefined;
  const localeNow = (): string => languages.choose(wishesOf(ctx)).locale;
  return {
    browser,
    place: {
      network: digest(networkOf(address)),
      browser: digest(browser.id),
      ...allowedFrom(address),
    },
    session: () => (session ??= sessionOf(ctx)),
    keepBrowser: () => browsers.write(ctx.cookies, browser),
    get locale() {
      return localeNow();
    },
    get from() {
      const request = requestIdOf(ctx);
      return { address, request, ...(name && { browser: name }), locale: localeNow() };
    },
  };
}
