/**
 * Which credentials are mailboxes that their owner can be told at. One that cannot be read is
 * logged and left out, and the others are told all the same.
 */
import { email, mailboxOf, readAddress } from './email.ts';

export interface MailboxesDeps {
  readonly log: { warn(fields: object, event: string): void };
}

/** A credential of an account, as far as it matters here. */
interface Held {
  readonly id: string;
  readonly kind: string;
  readonly data: unknown;
  readonly suspendedAt?: Date;
}

export const createMailboxes = ({ log }: MailboxesDeps) => ({
  in({ id, kind, data, suspendedAt }: Held, account: string | undefined) {
    if (kind !== email.id) return undefined;
    const address = readAddress(email.stored.safeParse(data).data?.address ?? '');
    if (address === undefined) {
      log.warn({ account, credential: id }, 'credential.unreadable');
      return undefined;
    }
    return { address, ...(suspendedAt && { isDoubted: true as const }) };
  },

  /** Of an address that was never read by us, too. */
  nameOf: (address: string): string => mailboxOf({ address: readAddress(address) ?? address }),
});
