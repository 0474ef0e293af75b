/**
 * That methods are suspended, as a line says it that moves somebody: by their place in the line's
 * lists, because ids stay here. Without it a move would lift it, or take away a second step.
 */
import { z } from 'zod';

import type { Credential } from '../models/account.ts';
import type { NewCredential } from './new-account.ts';

/** Where a kind stands in a line. */
const listOf = {
  app: 'totp',
  phone: 'phones',
  'security-key': 'securityKeys',
  email: 'emails',
} as const;

type Kind = keyof typeof listOf;

/** RFC 3339: with a zone, and in letters of either case. */
export const instant = z
  .string()
  .overwrite((text) => text.toUpperCase())
  .pipe(z.iso.datetime({ offset: true, error: 'must be like 2026-01-31T18:30:00+01:00' }))
  .transform((text) => new Date(text));

const MOST = 64;

export const givenSuspensions = z
  .array(
    z.strictObject({
      list: z.enum(Object.values(listOf)),
      at: z.int().min(0),
      since: instant,
    }),
  )
  .max(MOST);

type GivenSuspensions = z.infer<typeof givenSuspensions>;

const placesIn = <One extends { readonly kind: string }>(all: readonly One[]) =>
  Object.entries(listOf).flatMap(([kind, list]) =>
    all.filter((one) => one.kind === kind).map((one, at) => ({ one, list, at })),
  );

/** Of those that leave, in the order in which they do. */
export function suspensionsOf(moved: readonly Credential[]): object {
  const suspended = placesIn(moved).flatMap(({ one: { suspendedAt: since }, list, at }) =>
    since ? [{ list, at, since }] : [],
  );
  return suspended.length > 0 ? { suspended } : {};
}

export function withSuspensions(
  brought: readonly NewCredential[],
  given: GivenSuspensions = [],
): NewCredential[] {
  const places = new Map(placesIn(brought).map((place) => [place.one, place]));
  return brought.map((one) => {
    const place = places.get(one);
    const said = given.find(({ list, at }) => list === place?.list && at === place.at);
    return said ? { ...one, suspendedAt: said.since } : one;
  });
}

/** Whether each of them is one of what the line brings. */
export const areThere = (
  line: Readonly<Partial<Record<(typeof listOf)[Kind], readonly unknown[] | undefined>>>,
  given: GivenSuspensions = [],
): boolean => given.every(({ list, at }) => at < (line[list]?.length ?? 0));
