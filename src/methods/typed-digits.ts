/**
 * A code of digits as people type it: with spaces, and never with another script's digits.
 */
import { z } from 'zod';

export const typedDigits = ({ least, most }: { least: number; most: number }) =>
  z
    .string()
    .max(32)
    .overwrite((typed) => typed.replaceAll(/\s/g, ''))
    .min(least)
    .max(most)
    .regex(/^[0-9]+$/);
