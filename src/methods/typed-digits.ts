/**
 * A code of digits as people type or paste it, and never with another script's digits.
 */
import { z } from 'zod';

import { bareCode } from '../lib/visible.ts';

export const typedDigits = (digits: number) =>
  z
    .string()
    .max(32)
    .overwrite(bareCode)
    .length(digits)
    .regex(/^[0-9]+$/);
