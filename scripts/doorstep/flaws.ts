/**
 * What is wrong with a record that somebody brought, on one line and with its place. Zod's own words
 * are for programmers: they are replaced by what would be right.
 */
import type { z } from 'zod';

import { named } from './print.ts';

type Issue = z.core.$ZodIssue;

const LONGEST = 500;

/** Every flaw with its place. */
export const flawsIn = (issues: readonly Issue[]): string =>
  issues
    .map((issue) => `${issue.path.join('.')} ${wordsFor(issue)}`.trim())
    .join('; ')
    .slice(0, LONGEST);

/** Our own checks bring their own words. */
function wordsFor(issue: Issue): string {
  const { message } = issue;
  if (!/^(?:Invalid|Too|Unrecognized)\b/.test(message)) return message;
  if (message.endsWith('received undefined')) return 'is missing';
  switch (issue.code) {
    case 'unrecognized_keys':
      return `must not have ${issue.keys.map(named).join(', ')}`;
    case 'invalid_type':
      return `must be ${forms[issue.expected] ?? 'something else'}`;
    case 'too_big':
      return `${boundOf(issue)} at most ${issue.maximum}`;
    case 'too_small':
      return `${boundOf(issue)} at least ${issue.minimum}`;
    default:
      return 'is not of the form that it must have';
  }
}

const forms: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  string: 'a text',
};

/** How many signs or entries it has, or how large it is. */
const boundOf = ({ origin }: { readonly origin: string }): string =>
  ['string', 'array', 'set'].includes(origin) ? 'must have a length of' : 'must be';
