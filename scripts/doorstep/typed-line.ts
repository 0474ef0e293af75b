/**
 * A secret from the input: one line, as somebody could type it into a field. Whatever a field
 * takes otherwise would be stored, and its owner could never sign in with it.
 */
import { type Line, linesOf } from '../../src/administration/lines.ts';
import { Mistake } from './run.ts';

/** `what` it is, for the sentence that says what is wrong with it; it is never repeated. */
export async function typedLine(stdin: AsyncIterable<Uint8Array>, what: string): Promise<string> {
  const [first, second] = await firstTwo(stdin);
  if (second) throw new Mistake(`The ${what} has more than one line.`);
  if (!first || first.text === '') throw new Mistake(`There is no ${what} on the input.`);
  const { text } = first;
  if (text === undefined) throw new Mistake(`The ${what} is too long, or no UTF-8.`);
  // UTF-16 that does not say so is UTF-8 with a NUL behind every letter.
  if (/[\0\r]/.test(text)) {
    throw new Mistake(`The ${what} has signs that nobody can type: is it UTF-8, and one line?`);
  }
  return text;
}

async function firstTwo(stdin: AsyncIterable<Uint8Array>): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of linesOf(stdin)) {
    lines.push(line);
    if (lines.length === 2) break;
  }
  return lines;
}
