/**
 * Who sends our mails, as operators write it: `Doorstep <no-reply@example.org>`, or the address
 * alone. Read once, into two parts, because what is a name for people may hold signs that mean
 * something in a mail's header: the library then quotes them (RFC 5322 §3.2.4).
 */
export interface Sender {
  readonly name: string;
  readonly address: string;
}

const SPECIALS = '\\s@<>()\\[\\]\\\\,:;"';
const ADDRESS = new RegExp(
  `^[^${SPECIALS}]{1,64}@(?:[^${SPECIALS}]{1,255}|\\[[\\w.:]{1,64}\\])$`,
  'u',
);

/** Undefined for what is no sender: several addresses, or a line end. */
export function readSender(text: string): Sender | undefined {
  const [, name = '', address = text] = /^(.*)<([^<>]*)>\s*$/su.exec(text) ?? [];
  const sender = { name: unquoted(name.trim()), address: address.trim() };
  return ADDRESS.test(sender.address) && !/\p{Cc}/u.test(sender.name) ? sender : undefined;
}

const unquoted = (name: string): string =>
  /^"(.*)"$/su.exec(name)?.[1]?.replaceAll(/\\(.)/gsu, '$1') ?? name;
