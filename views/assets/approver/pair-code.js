// The code that pairs a phone: 26 letters and digits of base 32, as people type them and as
// QR codes carry them, which is behind the # of this page's own address.
import { bareCode } from './typed.js';

const WHOLE = /^[A-Z2-7]{26}$/;
const LOOKALIKES = { 0: 'O', 1: 'I', 8: 'B' };

/** The code as the server knows it; undefined where it cannot be one. */
export function readTyped(text) {
  const code = bareCode(afterHash(text))
    .toUpperCase()
    .replaceAll(/[018]/g, (digit) => LOOKALIKES[digit]);
  return WHOLE.test(code) ? code : undefined;
}

/** What was scanned counts only for this house: a QR code may lead anywhere. */
export function readScanned(text, origin) {
  const prefix = `${origin}/approver#`;
  return text.startsWith(prefix) ? readTyped(text.slice(prefix.length)) : undefined;
}

const afterHash = (text) => text.slice(text.indexOf('#') + 1);
