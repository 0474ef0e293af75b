/**
 * Why an administrator does something: asked for by most acts, and kept in the audit.
 */
import { LONGEST_REASON } from '../../src/administration/telling.ts';
import { Misuse } from './run.ts';

export const reasonOption = { reason: { type: 'string' } } as const;

export const reasonHelp = `
  --reason <why>   kept in the audit`;

export function reasonIn({ reason }: { readonly reason?: string }): string | undefined {
  const said = reason?.trim();
  if (said && said.length > LONGEST_REASON) {
    throw new Misuse(`A reason has up to ${LONGEST_REASON} characters.`);
  }
  return said === '' ? undefined : said;
}
