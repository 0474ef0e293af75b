/**
 * What can be seen of a page, for stories of strangers who compare: status, headers and page, without
 * what is random and without the name that was typed.
 */
import type { Visitor } from './visitor.ts';

export function lookOf(visitor: Visitor, identifier = ''): string {
  const headers = [...visitor.headers()]
    .filter(([name]) => !['date', 'content-length', 'x-request-id'].includes(name))
    .map(([name, value]) => `${name}: ${value}`);
  return (
    [visitor.status(), ...headers, visitor.html().toString()]
      .join('\n')
      .replaceAll(/[\w-]{21,}/g, 'ID')
      // Not within a word: "signed in" holds a name, too.
      .replaceAll(new RegExp(`\\b${identifier}\\b`, 'g'), 'NAME')
      .replaceAll(/\b(\d+)( seconds)/g, (_, count: string, unit: string) =>
        Number(count) > 25 ? `SOME${unit}` : `${count}${unit}`,
      )
  );
}
