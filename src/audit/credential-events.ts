/**
 * Which event tells of a credential's use or making, where one of its kind is worth telling.
 */
import type { EventName } from './event-types.ts';

interface Telling {
  readonly used?: Extract<EventName, 'recovery-code.used' | 'pass.used'>;
  readonly issued?: Extract<EventName, 'recovery-codes.made'>;
  readonly suspended?: Extract<EventName, 'method.suspended'>;
}

export const eventsOfKind: Readonly<Record<string, Telling | undefined>> = {
  'recovery-codes': { used: 'recovery-code.used', issued: 'recovery-codes.made' },
  'temporary-access-pass': { used: 'pass.used' },
  'security-key': { suspended: 'method.suspended' },
};
