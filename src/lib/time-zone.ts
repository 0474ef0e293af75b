/**
 * Names of time zones (IANA), such as Europe/Berlin: others fill them in, and what is none throws
 * wherever it is used.
 */
export function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
