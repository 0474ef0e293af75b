/**
 * Which roles may do which act; the command line may do all of them, and nobody else what is not
 * here. An act that names no role is for the command line alone.
 *
 * Why so: staff never set or see a password, a seed or a code that lasts, so what makes one is not here, nor
 * what would let them take somebody's account over by another way: a new mail address, a group that
 * policy asks less of, a role.
 */
import {
  type AdministratorRole,
  AUTHENTICATION_ADMINISTRATOR,
  HELP_DESK,
  POLICY_ADMINISTRATOR,
  READER,
} from '../policy/administrator-roles.ts';
import type { acts } from './acts.ts';
import type { Administrator } from './administrator.ts';
import type { ActName } from './each-act.ts';

type Act = ActName<ReturnType<typeof acts>>;
type Roles = readonly AdministratorRole[];

const seesPeople: Roles = [READER, HELP_DESK, AUTHENTICATION_ADMINISTRATOR];
const seesPolicy: Roles = [READER, POLICY_ADMINISTRATOR];
const helps: Roles = [HELP_DESK, AUTHENTICATION_ADMINISTRATOR];

export const mayDo: Readonly<Record<Act, Roles>> = {
  'accounts.find': seesPeople,
  'accounts.list': seesPeople,
  'accounts.create': [],
  'accounts.change': [],
  'accounts.disable': [],
  'accounts.enable': [],
  'accounts.remove': [],
  'accounts.unlock': [],
  'accounts.endSessions': helps,
  'accounts.import': [],
  'accounts.export': [],
  'accounts.explain': seesPeople,
  'passwords.requireChange': helps,
  'passwords.set': [],
  'methods.list': seesPeople,
  'methods.addApp': [],
  'methods.addPhone': [],
  'methods.addEmail': [],
  'methods.addKey': [],
  'methods.makeRecoveryCodes': [],
  'methods.setDefault': [AUTHENTICATION_ADMINISTRATOR],
  'methods.lift': [AUTHENTICATION_ADMINISTRATOR],
  'methods.remove': [AUTHENTICATION_ADMINISTRATOR],
  // What is shown lets nobody in whose account they may not touch, and its owner is told at once.
  'passes.issue': helps,
  'passes.revoke': helps,
  'methods.listToRegisterAgain': seesPeople,
  'methods.registerAgain': [AUTHENTICATION_ADMINISTRATOR],
  'browsers.list': seesPeople,
  // Less than to sign somebody out, which ends it as well.
  'browsers.revoke': helps,
  'browsers.revokeAll': helps,
  'roles.change': [],
  'roles.count': [READER],
  'groups.change': [],
  'groups.count': [READER],
  'clients.find': [READER],
  'clients.list': [READER],
  'clients.create': [],
  'clients.update': [],
  'clients.rotateSecret': [],
  'clients.remove': [],
  'policy.find': seesPolicy,
  'policy.history': seesPolicy,
  'policy.set': [POLICY_ADMINISTRATOR],
  'policy.replace': [POLICY_ADMINISTRATOR],
  'audit.list': [READER],
  'audit.verify': [READER],
  'checks.run': [],
};

/** Whatever has no row is nobody's. */
export function isAllowed({ roles }: Administrator, act: string): boolean {
  if (roles === 'all') return true;
  const allowed: readonly string[] = Object.hasOwn(mayDo, act) ? mayDo[act as Act] : [];
  return roles.some((role) => allowed.includes(role));
}
