/**
 * What roles and groups may be called: policy and command lines name them.
 */
import { z } from 'zod';

const LONGEST = 64;

export const membership = z
  .string()
  .max(LONGEST)
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}_.:-]*$/u,
    `must be up to ${LONGEST} letters, digits, dots, colons, hyphens and underscores`,
  )
  // As policy marks it: somebody meant the group itself.
  .refine(
    (name) => !/^(?:groups|roles):/.test(name),
    'is named without groups: or roles: before it',
  );
