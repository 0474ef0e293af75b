/**
 * A code of digits as people type or paste it, and never with another script's digits.
 */
import { z } from 'zod';

import { bareCode } from '../lib/visible.ts';

export const typedDigits = ({ least, most }: { least: number; most: number }) =>
  z
    .string()
    .max(32)
    .overwrite(bareCode)
    .min(least)
    .max(most)
    .regex(/^[0-9]+$/);
