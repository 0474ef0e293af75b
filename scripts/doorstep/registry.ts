/**
 * Every group of commands there is, and the commands that need none. Adding one means adding
 * its file and its line here; each brings its own help.
 */
import { accounts } from './accounts.ts';
import { audit } from './audit.ts';
import { browsers } from './browsers.ts';
import { check } from './check.ts';
import { clients } from './clients.ts';
import type { Command, Group } from './command.ts';
import { memberships } from './memberships.ts';
import { methods } from './methods.ts';
import { passes } from './passes.ts';
import { sessions } from './sessions.ts';
import { policy } from './policy.ts';

export const registry: Readonly<Record<string, Group | Command>> = {
  accounts,
  audit,
  methods,
  passes,
  browsers,
  sessions,
  roles: memberships('roles'),
  groups: memberships('groups'),
  clients,
  policy,
  check,
};
