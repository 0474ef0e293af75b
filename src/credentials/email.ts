/**
 * A mailbox that its owner can open without the password they might forget: for getting back in,
 * and never for signing in. It is apart from the mail address of the profile, which only
 * administrators change.
 */
import { domainToASCII, domainToUnicode } from 'node:url';

import { z } from 'zod';

import { maskEmail } from '../lib/mask.ts';
import { Problem } from '../lib/problem.ts';
import { visible } from '../lib/visible.ts';
import type { CredentialKind, DraftPorts } from './kind.ts';

export type StoredEmail = z.infer<typeof stored>;

const stored = z.object({
  /** As it is sent to: the name as it was typed, the domain in ASCII. */
  address: z.string(),
});

const form = z.object({ address: z.string() });

/** RFC 5321 §4.5.3.1.3, without the angle brackets. */
const LONGEST = 254;
/** A dot-atom (RFC 5322 §3.2.3) of 64 signs at most: nothing quoted, nothing that is a list. */
const NAME = /^(?=.{1,64}$)[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
/** Letters of any script: what looks like a dot, an @ or a slash is none of them. */
const TYPED_DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u;
/** Two labels at least, the last of them no number: a host's own address is no domain. */
const DOMAIN =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export const email = {
  id: 'email',
  stored,
  most: 2,
  hint: (held: StoredEmail) => maskEmail(asWritten(held)),
  inFull: (held) => asWritten(held),
  adding: {
    form,
    isReplaceable: true,
    async draft({ address: typed }: z.infer<typeof form>, { held }: Pick<DraftPorts, 'held'>) {
      const address = readAddress(typed);
      if (address === undefined) throw new Problem('email-invalid');
      if (isHeld({ address }, held)) throw new Problem('email-held');
      return { address };
    },
    clashes: (one, held) => isHeld(one, held),
    // Their own, and just typed: whoever mistyped it must see that.
    show: async (held) => ({ address: asWritten(held) }),
  },
} satisfies CredentialKind<StoredEmail, z.infer<typeof form>>;

/**
 * One plain address, as it is sent to; undefined for anything else, such as several of them, a name
 * beside it, or a sign that only looks like one of its own.
 */
export function readAddress(typed: string): string | undefined {
  if (/\p{Cc}/u.test(typed)) return undefined;
  // Address books put direction marks around addresses.
  const [name = '', unread = '', ...more] = visible(typed).split('@');
  const domain = TYPED_DOMAIN.test(unread) ? domainToASCII(unread) : '';
  const address = `${name}@${domain}`;
  const isOne = more.length === 0 && NAME.test(name) && DOMAIN.test(domain);
  return isOne && address.length <= LONGEST ? address : undefined;
}

/** The same for every spelling of an address: hardly any server tells capitals apart. */
export const mailboxOf = ({ address }: StoredEmail): string => address.toLowerCase();

const isHeld = (one: StoredEmail, held: readonly unknown[]): boolean =>
  held.some((other) => {
    const known = stored.safeParse(other).data;
    return known !== undefined && mailboxOf(known) === mailboxOf(one);
  });

/** As people of its own language write it. */
function asWritten({ address }: StoredEmail): string {
  const [name = '', domain = ''] = address.split('@');
  return `${name}@${domainToUnicode(domain)}`;
}
