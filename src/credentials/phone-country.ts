/**
 * Whether a number that somebody holds may be written to. The policy may have changed since it
 * was added, and one calling code has cheap countries and expensive ones.
 */
import { isServed } from './phone.ts';

interface Telephone {
  /** E.164. */
  readonly number: string;
  /** Its calling code. */
  readonly country: string;
}

export async function isNumberServed(
  { number, country }: Telephone,
  allowed: readonly string[],
): Promise<boolean> {
  // Several megabytes in memory, for nothing where every country is served.
  if (allowed.length === 0) return true;
  const { parsePhoneNumberFromString } = await import('libphonenumber-js/max');
  const { country: code } = parsePhoneNumberFromString(number) ?? {};
  // What is valid changes with each version: who held one then holds it still.
  return code === undefined ? isServed(country, allowed) : allowed.includes(code);
}
