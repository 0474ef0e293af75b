/**
 * What may be shown of an address before its owner has signed in.
 */

/** `+14255550134` becomes `+1 ••• 34`: the country code and the last two digits. */
export const maskPhone = (countryCallingCode: string, number: string): string =>
  `+${countryCallingCode} ••• ${number.slice(-2)}`;
