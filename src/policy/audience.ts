/**
 * For whom something is allowed: everybody, nobody, or those who are, or are not, in some groups.
 */
import { z } from 'zod';

import { membership } from './membership.ts';

const MARK = 'groups:';
const bare = (named: string): string => named.slice(MARK.length);
const group = z
  .string()
  .refine(
    (named) => named.startsWith(MARK) && membership.safeParse(bare(named)).success,
    'must be a group such as groups:staff',
  );
/** One may stand alone. */
const groups = z
  .preprocess(
    (given: unknown) => (typeof given === 'string' ? [given] : given),
    z.array(group).min(1),
  )
  .readonly();

export type Audience = Readonly<z.infer<typeof audience>>;

/** `exclude` wins over `include`; without `include` everybody else is meant. */
export const audience = z.union(
  [
    z.boolean(),
    z
      .strictObject({ include: groups.exactOptional(), exclude: groups.exactOptional() })
      .transform((said) => (Object.keys(said).length === 0 ? true : said)),
  ],
  'must be true, false, or groups to include or exclude, such as groups:staff',
);

export const isAudience = (given: unknown): given is Audience => audience.safeParse(given).success;

/** Without what marks them as groups. */
export const groupsIn = (allowed: Audience): string[] =>
  typeof allowed === 'boolean'
    ? []
    : [...(allowed.include ?? []), ...(allowed.exclude ?? [])].map(bare);

/** Whether it is allowed to somebody in these groups or, where nobody is named, to anybody. */
export function includes(allowed: Audience, groups: readonly string[] | undefined): boolean {
  if (typeof allowed === 'boolean') return allowed;
  if (groups === undefined) return true;
  const isNamed = (wanted: readonly string[] = []): boolean =>
    wanted.some((name) => groups.includes(bare(name)));
  return (allowed.include === undefined || isNamed(allowed.include)) && !isNamed(allowed.exclude);
}
