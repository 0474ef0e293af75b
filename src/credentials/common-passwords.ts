/**
 * The passwords that everybody tries first: 17,950 of eight characters or more.
 */
import { codePoints } from './password.ts';

const SHORTEST_LEGAL = 8;

export async function loadCommonPasswords(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  const legal = dictionary['passwords-common'].filter((word) => codePoints(word) >= SHORTEST_LEGAL);
  return new Set(legal.map((word) => word.toLowerCase()));
}
