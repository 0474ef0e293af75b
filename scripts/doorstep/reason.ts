/**
 * Why an administrator does something: asked for by most acts, and kept in the audit.
 */
import { Misuse } from './command.ts';

export const reasonOption = { reason: { type: 'string' } } as const;

export const reasonHelp = `
  --reason <why>   kept in the audit`;

/** It is hashed and kept for good. */
const LONGEST = 500;

export function reasonIn({ reason }: { readonly reason?: string }): string | undefined {
  const said = reason?.trim();
  if (said && said.length > LONGEST) {
    throw new Misuse(`A reason has up to ${LONGEST} characters.`);
  }
  return said === '' ? undefined : said;
}
