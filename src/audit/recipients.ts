/**
 * Whom mails about an account go to: the address of its profile, each one that is set up for
 * resets, and one that went with the very change that is told of; each mailbox once.
 *
 * Why so: an address that its owner disowned is told as well. Perhaps it was somebody else who
 * disowned it; but it is given no link, because it proves nothing until somebody lifts that.
 */
import { digestOf } from '../lib/codes.ts';
import type { Account, Credential } from '../models/account.ts';
import type { Mailbox } from '../models/audit-event.ts';

/** Known by whoever knows the kinds of credentials. */
export interface Mailboxes {
  /** Which one it is; undefined for what is none, or cannot be read. */
  in(credential: Credential, account: string | undefined): Mailbox | undefined;
  /** The same for every spelling of an address. */
  nameOf(address: string): string;
}

export interface Recipient extends Mailbox {
  /** For the id of a letter to it, wherever in the list it is found the next time. */
  readonly id: (letter: string) => string;
}

export function recipientsOf(
  { _id, profile: { email }, credentials }: Account,
  mailboxes: Mailboxes,
  formerly?: Mailbox,
): Recipient[] {
  const all = [
    // One that is none, as it was stored wrongly, must not keep others from hearing anything.
    ...(typeof email === 'string' ? [{ address: email }] : []),
    ...credentials.flatMap((credential) => mailboxes.in(credential, _id) ?? []),
    ...(formerly ? [formerly] : []),
  ];
  const once = Map.groupBy(all, ({ address }) => mailboxes.nameOf(address));
  return [...once].flatMap(([name, [first]]) => (first ? [{ ...first, id: idWith(name) }] : []));
}

/** Long enough that no two addresses of an account have the same. */
const ID_LENGTH = 16;

const idWith =
  (name: string) =>
  (letter: string): string =>
    `${letter}.${digestOf(`${letter} ${name}`).slice(0, ID_LENGTH)}`;
