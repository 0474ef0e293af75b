/**
 * The number that a page shows and a person carries to their phone (NIST SP 800-63B-4 §3.1.3.2).
 */
import { z } from 'zod';

const Remembered = z.object({ number: z.string() });

/**
 * Nobody must give the number of one question to another that happens to show the same; and
 * none begins with a zero, which people leave out.
 */
export function numberUnlike(others: readonly unknown[], draw: () => string): string {
  const taken = others.map((other) => Remembered.safeParse(other).data?.number);
  let number = draw();
  while (number.startsWith('0') || taken.includes(number)) number = draw();
  return number;
}
