/**
 * Every group of commands there is. Adding one means adding its file and its line here; a
 * group brings its own help.
 */
import { accounts } from './accounts.ts';
import { audit } from './audit.ts';
import { clients } from './clients.ts';
import type { Command, Group } from './command.ts';
import { policy } from './policy.ts';

export const registry: Readonly<Record<string, Group | Command>> = {
  accounts,
  audit,
  clients,
  policy,
};
