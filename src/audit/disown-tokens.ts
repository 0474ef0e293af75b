/**
 * The token of a link "This wasn't me": which change of whose account it disowns, and until when. It
 * is sealed, so nothing of it is stored, nobody can make one, and none is good for another change.
 */
import { z } from 'zod';

import { secondsAfter } from '../lib/clock.ts';
import type { Crypt } from '../lib/crypt.ts';
import { sealedJson } from '../lib/sealed-json.ts';
import type { AuditEvent } from '../models/audit-event.ts';

const shape = z.object({
  account: z.string(),
  /** The event's id. */
  event: z.string(),
  /** Its name. */
  what: z.string(),
  /** Which one it was about. */
  credential: z.string().exactOptional(),
  until: z.coerce.date<string>(),
});

export type Disownable = Readonly<z.infer<typeof shape>>;

const CONTEXT = 'accounts/disowned';
const VALID_SECONDS = 72 * 60 * 60;

export function createDisownTokens(crypt: Pick<Crypt, 'seal' | 'open'>) {
  const tokens = sealedJson(crypt, shape);
  return {
    tokenFor(account: string, { id: event, name: what, at, details = {} }: AuditEvent): string {
      const { credential } = details;
      const named = typeof credential === 'string' && { credential };
      const until = secondsAfter(at, VALID_SECONDS);
      return tokens.seal({ account, event, what, ...named, until }, CONTEXT);
    },

    /** Undefined for what is none, or was altered. */
    read: (token: string): Disownable | undefined => tokens.read(token, CONTEXT),
  };
}
