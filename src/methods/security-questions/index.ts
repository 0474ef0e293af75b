/**
 * Security questions: some of those that the account's owner answered when they set them up, all
 * of them in one try. For getting back in alone: what is known of somebody can be found out (NIST
 * SP 800-63B-4 has no such method; OWASP calls it legacy).
 */
import { z } from 'zod';

import { questionRules } from '../../credentials/security-question-rules.ts';
import {
  askedOf,
  isAnswered,
  questionIn,
  securityQuestions as kind,
} from '../../credentials/security-questions.ts';
import { defineMethod, failed, passedWith } from '../method.ts';

const answer = z.string().max(1024);

export const securityQuestions = defineMethod({
  credential: kind,
  factor: 'kba',
  amr: ['kba'],
  purposes: ['reset', 'enrol'],
  isForAdministrators: false,
  sends: false,
  rank: 70,

  policy: questionRules,
  settings: z.strictObject({
    validForSeconds: z.int().positive().max(600).default(600),
  }),
  /** Which of them, by their places. */
  memo: z.object({ asked: z.array(z.int()) }),
  answer: z.object({
    answer1: answer,
    answer2: answer,
    answer3: answer,
    answer4: answer.exactOptional(),
    answer5: answer.exactOptional(),
  }),

  create: ({ validForSeconds }) => ({
    async begin(credential, { policy, vault }) {
      const { ask } = questionRules.parse(policy);
      const asked = askedOf(credential, ask);
      const questions = asked.flatMap((index) => {
        const one = credential.questions[index];
        return one ? [questionIn(one, vault)] : [];
      });
      return { memo: { asked }, page: { questions }, validForSeconds };
    },

    async verify({ credential, vault, memo: { asked }, answer: typed }) {
      const answers = [typed.answer1, typed.answer2, typed.answer3, typed.answer4, typed.answer5];
      // Each of them is looked at, so that the time does not tell which is wrong.
      const right = asked.filter((index, row) => {
        const one = credential.questions[index];
        return one !== undefined && isAnswered(one, answers[row] ?? '', vault);
      });
      return right.length === asked.length
        ? passedWith({ credential: { ...credential, turn: credential.turn + 1 } })
        : failed('wrong-answer');
    },
  }),
});
