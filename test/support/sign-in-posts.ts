/**
 * What can be posted to a sign-in, as its own router says: a new route is tested wherever all
 * of them are, without anybody remembering it.
 */
import { createCrypt } from '../../src/lib/crypt.ts';
import { signInRoutes, type SignInRoutesDeps } from '../../src/sign-in/routes.ts';
import { createCsrf } from '../../src/web/csrf.ts';

const crypt = createCrypt(['a router that is asked and never serves']);
const csrf = createCsrf({ crypt, issuer: 'http://localhost' });
// Nothing else is touched before the first request, and none is made.
const { router } = signInRoutes({ csrf } as SignInRoutesDeps);

/** The last part of each address that takes a form. */
export const signInPosts: readonly string[] = router.stack
  .filter(({ methods }) => methods.includes('POST'))
  .map(({ path }) => String(path).replace('/sign-in/:uid/', ''));
