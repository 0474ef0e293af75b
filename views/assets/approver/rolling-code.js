// Rolling codes: what RFC 6238 makes of a shared key and the time. The key is never read: it
// is a CryptoKey that only signs.
export const STEP_SECONDS = 30;
const DIGITS = 6;

const secondsAt = (milliseconds) => Math.floor(milliseconds / 1000);

export const stepAt = (milliseconds) => Math.floor(secondsAt(milliseconds) / STEP_SECONDS);

/** For how many more seconds the code of this moment is the right one. */
export const secondsLeftAt = (milliseconds) =>
  STEP_SECONDS - (secondsAt(milliseconds) % STEP_SECONDS);

/** RFC 4226, section 5.3: four bytes from where the last half byte points to. */
export async function codeOf(key, step) {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const digest = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer));
  const offset = digest.getUint8(19) & 0xf;
  const number = (digest.getUint32(offset) & 0x7fffffff) % 10 ** DIGITS;
  return String(number).padStart(DIGITS, '0');
}
