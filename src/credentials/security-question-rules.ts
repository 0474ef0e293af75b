/**
 * Which security questions people may choose, and how many: the organisation's decision. Those of
 * ours are named, and their words are in the language of the page; those of its own are as they are
 * written.
 */
import { z } from 'zod';

/** Known for life, to hardly anybody else, and in no profile on the web (OWASP, "Choosing questions"). */
export const knownQuestions = [
  'childhood-street-friend',
  'first-album',
  'first-boss',
  'first-concert',
  'first-dish',
  'first-flight',
  'first-toy',
  'grandmother-place',
  'holiday-mishap',
  'primary-school-teacher',
  'school-nickname',
  'wedding-guest',
] as const;

/** What is chosen where a question of one's own is typed beside it. */
export const OWN = 'own';

export const LEAST_QUESTIONS = 3;
export const MOST_QUESTIONS = 5;
export const LONGEST_QUESTION = 200;

/** Several words, so that none is taken for the name of one of ours. */
const ofTheHouse = z
  .string()
  .trim()
  .max(LONGEST_QUESTION)
  .regex(/\S\s+\S/, 'must be a question, or the name of one of ours');

export type QuestionRules = z.infer<typeof questionRules>;

const howMany = z.int().min(LEAST_QUESTIONS).max(MOST_QUESTIONS);

export const questionRules = z
  .object({
    catalogue: z
      .array(z.union([z.enum(knownQuestions), ofTheHouse]))
      .max(50)
      .refine((all) => new Set(all).size === all.length, 'names a question twice'),
    register: howMany,
    ask: howMany,
    ownQuestions: z
      .int()
      .min(0)
      .max(MOST_QUESTIONS - LEAST_QUESTIONS),
  })
  .refine(({ ask, register }) => ask <= register, 'asks more questions than people have')
  .refine(({ catalogue, register }) => catalogue.length >= register, 'has too few questions')
  .refine(
    // Whoever asks first is a stranger: a question that no catalogue holds would name the account.
    ({ ownQuestions, ask, register }) => ownQuestions <= register - ask,
    'leaves too few questions of the catalogue to ask',
  );
