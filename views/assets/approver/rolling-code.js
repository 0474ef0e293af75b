// Rolling codes: what RFC 6238 makes of a shared key and the time. The key is never read: it
// is a CryptoKey that only signs.
export const STEP_SECONDS = 30;
const DIGITS = 6;

/** The code of a moment, and for how many more seconds it is the right one. */
export async function codeAt(key, milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return {
    code: await codeOf(key, Math.floor(seconds / STEP_SECONDS)),
    secondsLeft: STEP_SECONDS - (seconds % STEP_SECONDS),
  };
}

/** RFC 4226, section 5.3: four bytes from where the last half byte points to. */
async function codeOf(key, step) {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const digest = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer));
  const offset = digest.getUint8(19) & 0xf;
  const number = (digest.getUint32(offset) & 0x7fffffff) % 10 ** DIGITS;
  return String(number).padStart(DIGITS, '0');
}
