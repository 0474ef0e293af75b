/**
 * What may be shown of an address before its owner has signed in, and of numbers that nobody
 * need know.
 */

/** `+14255550134` becomes `+1 ••• 34`: the country code and the last two digits. */
export const maskPhone = (countryCallingCode: string, number: string): string =>
  `+${countryCallingCode} ••• ${number.slice(-2)}`;

/** `+14255550134` becomes `+1 4255••••••`: where it is, and not whose. */
export function maskBlock(countryCallingCode: string, number: string): string {
  const national = number.slice(1 + countryCallingCode.length);
  return `+${countryCallingCode} ${national.slice(0, -6)}••••••`;
}

/** `ada@example.org` becomes `a•••@e•••.org`: what its owner recognises, and nobody can write to. */
export function maskEmail(address: string): string {
  const [name = '', domain = ''] = address.split('@');
  const ending = domain.slice(domain.lastIndexOf('.'));
  return `${firstOf(name)}•••@${firstOf(domain)}•••${ending}`;
}

const firstOf = (text: string): string => /^./u.exec(text)?.[0] ?? '';
