/**
 * Approve: the page shows a number, and the person types it into the approver on their phone,
 * which signs the answer. Only the number on the screen leads from one to the other, so a
 * question that somebody else caused cannot be approved by a careless tap.
 */
import { z } from 'zod';

import { pushSubscription } from '../../channels/channel.ts';
import type { Outgoing } from '../../channels/outgoing.ts';
import { app, type Device, type StoredApp } from '../../credentials/app.ts';
import { pairing } from '../../credentials/approver-app.ts';
import type { Vault } from '../../credentials/kind.ts';
import { randomId } from '../../lib/codes.ts';
import { isSignedBy } from '../../lib/device-signature.ts';
import { sealedJson } from '../../lib/sealed-json.ts';
import { defineMethod, failed, passedWith } from '../method.ts';
import { numberUnlike } from '../number-matching.ts';
import { deniedByItsOwner } from '../out-of-band.ts';

export const approve = defineMethod({
  credential: app,
  adding: pairing,
  suits: ({ device }) => device !== undefined,
  factor: 'possession',
  amr: ['pop'],
  purposes: ['sign-in', 'reset', 'enrol', 'change'],
  outOfBand: {
    answeredBy: 'device',
    countsRequests: true,
    isDenial: ({ decision }) => decision === 'deny',
    onDenied: deniedByItsOwner,
  },
  sends: true,
  rank: 10,
  canBeDefault: true,

  settings: z.strictObject({
    // Two, with a single try and a signature; six is the strict profile (NIST SP 800-63B-4
    // §3.1.3.2).
    digits: z.int().min(2).max(6).default(2),
    validForSeconds: z.int().positive().max(600).default(120),
  }),
  memo: z.object({ nonce: z.string(), number: z.string() }),
  answer: z.object({
    decision: z.enum(['approve', 'deny']),
    number: z.string().max(6),
    counter: z.string().regex(/^[1-9]\d{0,14}$/),
    signature: z.string().max(100),
  }),

  create: ({ digits, validForSeconds }, { codes }) => ({
    async begin({ device }, { client, purpose, text, asker, vault, others }) {
      const number = numberUnlike(others, () => codes.random(digits));
      const nonce = randomId();
      return {
        memo: { nonce, number },
        page: { number, digits },
        shows: { nonce, client, purpose, digits, ...(text !== undefined && { text }), ...asker },
        validForSeconds,
        isAskedOnce: true,
        ...(device && waking(device, vault, client)),
      };
    },

    async verify({ credential, memo, answer, challengeId }) {
      const { device } = credential;
      const { decision, number, counter } = answer;
      const lines = ['doorstep/answer', challengeId, memo.nonce, decision, number, counter];
      if (!device || !isSignedBy(device.key, lines, answer.signature)) {
        return failed('wrong-answer');
      }
      if (Number(counter) <= device.counter) return failed('already-used');
      if (decision === 'deny') return failed('denied');
      if (number !== memo.number) return failed('wrong-answer');
      return passedWith({ credential: answeredBy(credential, device, challengeId, counter) });
    },
  }),
});

const answeredBy = (
  credential: StoredApp,
  device: Device,
  approved: string,
  counter: string,
): StoredApp => ({ ...credential, device: { ...device, counter: Number(counter), approved } });

/** Without an address, or with one that cannot be read, the device hears of it while it is open. */
function waking(
  { push }: Device,
  vault: Vault,
  client: string,
): { readonly send: Outgoing } | undefined {
  const subscription =
    push === undefined ? undefined : sealedJson(vault, pushSubscription).read(push);
  if (!subscription) return undefined;
  return { send: { channel: 'push', topic: 'request', subscription, values: { client } } };
}
