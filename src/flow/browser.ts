/**
 * What this browser remembers between sign-ins: who signed in here and by which second step, which
 * of them wanted to stay signed in, and who is not to be asked again. All of it is in one sealed
 * cookie, so it costs no look-up; it proves nothing about who is sitting in front of it.
 */
import type { SetOption } from 'cookies';
import { z } from 'zod';

import type { Way } from '../assurance/way.ts';
import { randomId } from '../lib/codes.ts';
import type { Crypt } from '../lib/crypt.ts';
import { sealedJson } from '../lib/sealed-json.ts';

export type Browser = z.infer<typeof Browser>;
export type HeldTrust = z.infer<typeof trust>;

const trust = z.object({ id: z.string(), number: z.int() });

const Browser = z.object({
  id: z.string().min(22).max(22),
  accounts: z.array(
    z.object({
      username: z.string(),
      name: z.string(),
      /** What was ticked last, and is ticked for them the next time. */
      staySignedIn: z.literal(true).exactOptional(),
      /** The second step that they took last, to be offered first. */
      lastUsed: z.object({ method: z.string(), credential: z.string() }).exactOptional(),
      /** Good only as long as the account has the same number (models/trusted-browser.ts). */
      trust: trust.exactOptional(),
    }),
  ),
});

const CONTEXT = 'cookies/browser';
const MOST_ACCOUNTS = 5;
// 400 days is the longest that browsers keep a cookie.
const KEPT_MILLISECONDS = 400 * 24 * 60 * 60 * 1000;

/** The part of Koa's cookies that is needed here. */
interface Cookies {
  get(name: string, options: { signed: boolean }): string | undefined;
  set(name: string, value: string, options: SetOption): unknown;
}

export type Browsers = ReturnType<typeof createBrowsers>;

export function createBrowsers({ crypt, isSecure }: { crypt: Crypt; isSecure: boolean }) {
  const name = isSecure ? '__Host-browser' : 'browser';
  const cookie = sealedJson(crypt, Browser);

  return {
    /** A browser that was never here, or whose cookie was altered, is a new one. */
    read(cookies: Cookies): Browser {
      const sealed = cookies.get(name, { signed: false });
      const known = sealed === undefined ? undefined : cookie.read(sealed, CONTEXT);
      return known ?? { id: randomId(), accounts: [] };
    },

    write(cookies: Cookies, browser: Browser): void {
      cookies.set(name, cookie.seal(browser, CONTEXT), {
        signed: false,
        httpOnly: true,
        sameSite: 'lax',
        secure: isSecure,
        path: '/',
        maxAge: KEPT_MILLISECONDS,
        overwrite: true,
      });
    },
  };
}

interface Kept {
  readonly staysSignedIn: boolean;
  readonly trust?: HeldTrust | undefined;
}

/** The account that just signed in comes first. */
export const withAccount = (
  browser: Browser,
  { username, name, lastUsed }: { username: string; name: string; lastUsed?: Way | undefined },
  { staysSignedIn, trust: held }: Kept,
): Browser => ({
  ...browser,
  accounts: [
    {
      ...{ username, name },
      ...(staysSignedIn && { staySignedIn: true as const }),
      ...(lastUsed && { lastUsed }),
      ...(held && { trust: held }),
    },
    ...browser.accounts.filter((known) => known.username !== username),
  ].slice(0, MOST_ACCOUNTS),
});

/** Where the answer that said so was lost; all else is as it was. */
export const withTrust = (
  browser: Browser,
  account: { username: string; name: string },
  held: HeldTrust,
): Browser => {
  const known = { ...account, lastUsed: lastUsedHere(browser, account) };
  const staysSignedIn = wasTicked(browser, account);
  return withAccount(browser, known, { staysSignedIn, trust: held });
};

export const wasTicked = ({ accounts }: Browser, { username }: { username: string }): boolean =>
  accounts.some((known) => known.username === username && known.staySignedIn === true);

export const lastUsedHere = (
  { accounts }: Browser,
  { username }: { username: string },
): Way | undefined => accounts.find((known) => known.username === username)?.lastUsed;
