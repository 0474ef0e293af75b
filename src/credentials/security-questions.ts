/**
 * Answers to questions that only their owner should be able to answer: for getting back in, and
 * never for signing in. Of an answer only a digest is kept; a question of one's own is sealed.
 *
 * Why so: a slow hash would protect answers that are guessed within minutes no better than a key
 * that the database does not hold, and several of them a try would let strangers starve the sign-in.
 */
import { createHash } from 'node:crypto';

import { z } from 'zod';

import { Problem } from '../lib/problem.ts';
import type { CredentialKind, DraftPorts, Vault } from './kind.ts';
import { folded, refuseAnswer } from './security-answers.ts';
import {
  LEAST_QUESTIONS,
  LONGEST_QUESTION,
  MOST_QUESTIONS,
  OWN,
  type QuestionRules,
  questionRules,
} from './security-question-rules.ts';

export type StoredQuestions = z.infer<typeof stored>;
type StoredQuestion = StoredQuestions['questions'][number];

const stored = z.object({
  questions: z
    .array(
      z.union([
        z.object({ question: z.string(), digest: z.string() }),
        z.object({ own: z.string(), digest: z.string() }),
      ]),
    )
    .min(LEAST_QUESTIONS),
  /** How often they were answered: others are asked then. */
  turn: z.int().min(0),
});

/** `question1` to `question5`, and so on: five rows, of which policy wants some. */
const rows = Array.from({ length: MOST_QUESTIONS }, (_, index) => index + 1);
const fields = ['question', 'own', 'answer'] as const;
type Field = (typeof fields)[number];

const form = z.object(
  Object.fromEntries(
    rows.flatMap((row) =>
      fields.map((field) => [`${field}${row}`, z.string().exactOptional()] as const),
    ),
  ),
);

type Form = z.infer<typeof form>;

/** An answer to one of them, both as they were typed. */
interface Row {
  readonly row: number;
  readonly question: string;
  readonly isOwn: boolean;
  readonly answer: string;
}

type DraftedWith = Pick<DraftPorts, 'vault' | 'policy' | 'about' | 'wordings'>;

export const securityQuestions = {
  id: 'security-questions',
  stored,
  most: 1,
  hint: () => undefined,
  adding: {
    form,
    isSecret: true,
    isAskedLater: true,
    offer: async ({ policy }) => {
      const { catalogue, register, ownQuestions } = questionRules.parse(policy);
      return { catalogue, rows: rows.slice(0, register), mayOwn: ownQuestions > 0 };
    },
    async draft(typed: Form, { vault, policy, about, wordings }: DraftedWith) {
      const rules = questionRules.parse(policy);
      const all = rows.slice(0, rules.register).map((row) => readRow(typed, row, rules));
      refuseTooManyOwn(all, rules);
      for (const [index, { row, question, answer }] of all.entries()) {
        const field = `answer${row}`;
        const said = [question, ...wordings(`questions.${question}`)];
        const before = all.slice(0, index);
        if (before.some((other) => isSameText(other.question, question))) {
          throw refused('question-twice', `question${row}`);
        }
        const answers = before.map((other) => other.answer);
        refuseAnswer(answer, { field, question: said, about, answers });
      }
      return { questions: all.map((each) => kept(each, vault)), turn: 0 };
    },
  },
} satisfies CredentialKind<StoredQuestions, Form>;

function readRow(typed: Form, row: number, { catalogue, ownQuestions }: QuestionRules): Row {
  const said = (field: Field): string => typed[`${field}${row}`] ?? '';
  const chosen = said('question');
  const isOwn = chosen === OWN && ownQuestions > 0;
  if (chosen === '') throw refused('question-missing', `question${row}`);
  if (!isOwn && !(catalogue as readonly string[]).includes(chosen)) {
    throw refused('question-not-offered', `question${row}`);
  }
  const question = isOwn ? ownQuestion(said('own'), `own${row}`) : chosen;
  return { row, question, isOwn, answer: said('answer') };
}

const SHORTEST_OWN = 10;

function ownQuestion(typed: string, field: string): string {
  const question = typed.normalize('NFC').replaceAll(/\s+/g, ' ').trim();
  const length = Array.from(question).length;
  if (length < SHORTEST_OWN) throw refused('question-own-too-short', field);
  if (length > LONGEST_QUESTION) throw refused('question-own-too-long', field);
  return question;
}

function refuseTooManyOwn(all: readonly Row[], { ownQuestions }: QuestionRules): void {
  const own = all.filter(({ isOwn }) => isOwn);
  const surplus = own[ownQuestions];
  if (surplus) throw refused('question-own-too-many', `question${surplus.row}`);
}

const isSameText = (one: string, other: string): boolean => folded(one) === folded(other);

/** The field tells the page where to look. */
const refused = (code: string, field: string): Problem => new Problem(code, { details: { field } });

/** An answer is good for its own question alone. */
const bound = (question: string, answer: string): string =>
  JSON.stringify([question, folded(answer)]);

function kept({ question, isOwn, answer }: Row, vault: Vault): StoredQuestion {
  const digest = vault.digest(bound(question, answer));
  return isOwn ? { own: vault.seal(question), digest } : { question, digest };
}

/** As it is asked. */
export const questionIn = (asked: StoredQuestion, vault: Vault): string =>
  'question' in asked ? asked.question : vault.open(asked.own);

/** Whether this is what was said once, however it is spelt. */
export const isAnswered = (asked: StoredQuestion, answer: string, vault: Vault): boolean =>
  vault.matches(bound(questionIn(asked, vault), answer), asked.digest);

/** Which of them are asked: the same until they are answered, in an order that says nothing. */
export function askedOf({ questions, turn }: StoredQuestions, howMany: number): readonly number[] {
  const place = ({ digest }: StoredQuestion): string =>
    createHash('sha256').update(`${turn}/${digest}`).digest('hex');
  return [...questions.entries()]
    .sort(([, one], [, other]) => (place(one) < place(other) ? -1 : 1))
    .slice(0, howMany)
    .map(([index]) => index);
}
