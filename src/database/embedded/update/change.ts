/**
 * What an update operator is, once it has read its operand: from the value that is there to the
 * value that shall be.
 */
import type { Value } from '../document.ts';

/** What an operator may need besides the value. */
export interface Surroundings {
  readonly path: string;
  /** The document's _id as text, for error messages. */
  readonly id: string;
  readonly now: Date;
}

export type Change = (current: Value | undefined, where: Surroundings) => Value | undefined;
