/**
 * Which answers to security questions are worth nothing: too short, the same twice, or what
 * everybody sees who sees the account or the question.
 */
import { Problem } from '../lib/problem.ts';

interface Around {
  /** Where it was typed. */
  readonly field: string;
  /** The question, in whatever languages it may have been read. */
  readonly question: readonly string[];
  /** What is known of the account: its names and addresses. */
  readonly about: readonly string[];
  /** To the questions before it. */
  readonly answers: readonly string[];
}

/** In code points, once it is folded. */
const SHORTEST = 3;
const LONGEST = 40;

/** Throws Problem for one that will not do. */
export function refuseAnswer(typed: string, { field, question, about, answers }: Around): void {
  const answer = folded(typed);
  const length = Array.from(answer).length;
  const known = about.flatMap((word) => [word, word.split('@')[0] ?? '']);
  const words = question.flatMap((said) => said.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []);
  const includes = (all: readonly string[]): boolean => all.some((one) => folded(one) === answer);
  const code =
    (length < SHORTEST && 'answer-too-short') ||
    (length > LONGEST && 'answer-too-long') ||
    (includes(answers) && 'answer-twice') ||
    (includes(known) && 'answer-about-you') ||
    (includes([...words, ...question]) && 'answer-in-question');
  // The field tells the page where to look.
  if (code) throw new Problem(code, { details: { field } });
}

/** Two spellings of an answer are one. */
export const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/\s+/g, ' ')
    .trim()
    // As good as Unicode's case folding: ß and SS are one.
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC');
