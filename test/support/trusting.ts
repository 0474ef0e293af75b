/**
 * What stories need around "Don't ask again on this browser": a policy that allows it, a browser
 * that is closed and opened again, and copies of its cookie.
 */
import { systemClock } from '../../src/lib/clock.ts';
import { createAccounts } from '../../src/models/account.ts';
import { createPolicies } from '../../src/models/policy.ts';
import { createPolicyInForce } from '../../src/policy/policy.ts';
import { clock } from './clock.ts';
import type { House } from './house.ts';
import type { PersonName } from './people.ts';
import type { Visitor } from './visitor.ts';

export type Asked = Readonly<Record<string, string>>;

/** The newest that any house was told: a story that begins anew must not say one of these again. */
let version = 1;

export const trusting = (house: House) => ({
  /** As an administrator does, and what became of it in every process. */
  decides: async (change: object): Promise<void> => {
    const policies = createPolicies(house.connection);
    const begins = house.settings.policy;
    const elsewhere = createPolicyInForce({ policies, begins, clock: systemClock });
    const policy = { ...(await elsewhere.read()), ...change };
    await elsewhere.change({ policy, author: 'test', reason: 'to see', basedOn: (version += 1) });
    clock.advance({ seconds: 5 });
  },

  /** Signed in with both steps, and not to be asked again. */
  ticks: async (name: PersonName, visitor = house.visitor(name)): Promise<Visitor> => {
    await visitor.opens(await house.shop.signIn());
    await visitor.identifies();
    await visitor.says({ code: visitor.code(), trust: 'true' });
    visitor.landed();
    return visitor;
  },

  /** Comes back with this browser, signed in nowhere, and gives the password. */
  returns: async (visitor: Visitor, asked: Asked = {}): Promise<Visitor> => {
    await keepOnly(visitor, await cookieOf(visitor));
    await visitor.opens(await house.shop.signIn(asked));
    if (visitor.sees() === 'sign-in/pick-account') await visitor.presses('other-account');
    await visitor.identifies();
    return visitor;
  },

  kept: async (name: PersonName) =>
    (await createAccounts(house.connection).findById(`id-${name}`))?.trustedBrowsers ?? [],
});

/** What this browser remembers, but for being signed in. */
export async function cookieOf({ jar, at }: Visitor): Promise<string> {
  const found = (await jar.getCookies(new URL('/', at()).href)).find(
    ({ key }) => key === 'browser',
  );
  return found?.cookieString() ?? '';
}

export async function keepOnly({ jar, at }: Visitor, cookie: string): Promise<void> {
  await jar.removeAllCookies();
  await jar.setCookie(`${cookie}; Path=/`, new URL('/', at()).href);
}
