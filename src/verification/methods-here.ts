/**
 * Which methods anybody here may meet, to sign in or to reset a password: what help speaks of.
 */
import { type MethodRules, usable } from './choices.ts';

export interface MethodsHereDeps extends MethodRules {
  readonly readPolicy: () => Promise<unknown>;
}

export const createMethodsHere =
  ({ readPolicy, ...rules }: MethodsHereDeps) =>
  async (): Promise<readonly string[]> => {
    try {
      await readPolicy();
      const asked = (['sign-in', 'reset'] as const).flatMap((purpose) => usable(purpose, rules));
      return [...new Set(asked.map(({ id }) => id))];
    } catch {
      // Help is for whoever cannot get in, also while nothing can be read.
      return [...rules.methods.keys()];
    }
  };
