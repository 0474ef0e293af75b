/**
 * Looks for what must never be, whatever crashed or broke before, on a live database and without
 * changing anything. Each invariant is a row here; a new one is its file and its line.
 *
 * Why so: everything is looked at once, from the beginning to the end, while the service goes
 * on; so each finding is about one document, and no two readings are compared.
 */
import { accountsInOrder } from './accounts.ts';
import { auditWhole, eventsMoved } from './audit.ts';
import type { CheckDeps, Found } from './deps.ts';
import { flowsInOrder, countersInOrder } from './flows.ts';
import { clientsInOrder, recordsInOrder } from './records.ts';
import { indexesThere } from './indexes.ts';

export type Finding = Found & { readonly check: string };

const checks: Readonly<Record<string, (deps: CheckDeps) => AsyncIterable<Found>>> = {
  indexes: indexesThere,
  accounts: accountsInOrder,
  clients: clientsInOrder,
  'sessions and tokens': recordsInOrder,
  flows: flowsInOrder,
  limits: countersInOrder,
  audit: auditWhole,
  'events to be recorded': eventsMoved,
};

export const checkNames = Object.keys(checks);

export async function* checkEverything(deps: CheckDeps): AsyncGenerator<Finding> {
  for (const [check, run] of Object.entries(checks)) {
    for await (const found of run(deps)) yield { check, ...found };
  }
}
