/**
 * A method that may be answered where another one is asked, by whoever has it: nobody else learns that
 * it can be. It is looked at only where the other one's answer is wrong.
 */
import type { Form } from '../lib/form.ts';

export interface InPlaceOf {
  readonly method: string;
  /** What the other one's form says, as an answer of its own. */
  answerIn(form: Form): unknown;
}
