import { expect } from 'chai';

import {
  knownQuestions,
  type QuestionRules,
  questionRules,
} from '../../../src/credentials/security-question-rules.ts';
import { askedOf, securityQuestions } from '../../../src/credentials/security-questions.ts';
import { Problem } from '../../../src/lib/problem.ts';
import { answered } from '../../support/security-answers.ts';
import { draftPorts } from '../methods/ports.ts';

const rules: QuestionRules = {
  ...{ catalogue: [...knownQuestions], register: 5, ask: 3, ownQuestions: 1 },
};
const ports = {
  ...draftPorts,
  about: ['ada', 'Ada Lovelace', 'ada.l@example.org', 'Guild'],
  wordings: (key: string) =>
    key === 'questions.first-dish' ? ['Which dish first?', 'Welches Gericht zuerst?'] : [],
};
const draft = (typed: Record<string, string>, policy: unknown = rules) =>
  securityQuestions.adding.draft({ ...answered, ...typed }, { ...ports, policy });

async function refusal(typed: Record<string, string>, policy?: unknown): Promise<string> {
  try {
    await draft(typed, policy);
    return 'accepted';
  } catch (error) {
    if (error instanceof Problem) return `${error.code} ${error.details.field ?? ''}`;
    throw error;
  }
}

describe('security questions', () => {
  it('keep of an answer a digest, and of a question of one’s own a seal (S-122)', async () => {
    const own = { question2: 'own', own2: 'What is under the stairs?' };
    const { questions } = await draft(own);
    const stored = JSON.stringify(questions);
    expect(questions).to.have.lengthOf(5);
    for (const secret of ['soup', 'Kinks', 'stairs'])
      expect(stored).not.to.match(RegExp(secret, 'i'));
    expect(questions[1]).to.have.all.keys('own', 'digest');
    expect(new Set(questions.map(({ digest }) => digest)).size).to.equal(5);
  });

  it('are refused where one or its answer is missing, twice or not offered', async () => {
    expect(await refusal({})).to.equal('accepted');
    expect(await refusal({ question3: '' })).to.equal('question-missing question3');
    expect(await refusal({ question3: 'mothers-name' })).to.equal('question-not-offered question3');
    expect(await refusal({ question3: 'first-dish' })).to.equal('question-twice question3');
    expect(await refusal({ answer3: '  PEA  soup ' })).to.equal('answer-twice answer3');
    expect(await refusal({ answer5: '' })).to.equal('answer-too-short answer5');
  });

  it('take three to forty signs, and nothing that anybody would try first', async () => {
    expect(await refusal({ answer1: 'ab' })).to.equal('answer-too-short answer1');
    expect(await refusal({ answer1: '  a b  ' })).to.equal('accepted');
    expect(await refusal({ answer1: '🫖'.repeat(40) })).to.equal('accepted');
    expect(await refusal({ answer1: 'x'.repeat(41) })).to.equal('answer-too-long answer1');
    for (const known of ['ADA', 'ada lovelace', 'ada.l@example.org', 'Ada.L', 'guild']) {
      expect(await refusal({ answer1: known }), known).to.equal('answer-about-you answer1');
    }
    for (const word of ['dish', 'Gericht', 'which dish first?']) {
      expect(await refusal({ answer1: word }), word).to.equal('answer-in-question answer1');
    }
  });

  it('may be of one’s own, as many as policy says and none twice', async () => {
    const own = { question1: 'own', own1: 'What is under the stairs?' };
    expect(await refusal(own)).to.equal('accepted');
    expect(await refusal({ ...own, own1: 'Under?' })).to.equal('question-own-too-short own1');
    expect(await refusal({ ...own, own1: 'x'.repeat(201) })).to.equal('question-own-too-long own1');
    expect(await refusal({ ...own, answer1: 'stairs' })).to.equal('answer-in-question answer1');
    const two = { ...own, question2: 'own', own2: 'what is  under the STAIRS?' };
    expect(await refusal(two)).to.equal('question-own-too-many question2');
    const more = { ...rules, ownQuestions: 2 };
    expect(await refusal(two, more)).to.equal('question-twice question2');
    const none = { ...rules, ownQuestions: 0 };
    expect(await refusal(own, none)).to.equal('question-not-offered question1');
  });

  it('are asked in the same order until they are answered', async () => {
    const stored = await draft({});
    const first = askedOf(stored, 3);
    expect(new Set(first).size).to.equal(3);
    expect(askedOf(stored, 3)).to.deep.equal(first);
    const turns = Array.from({ length: 20 }, (_, turn) => askedOf({ ...stored, turn }, 3).join());
    expect(new Set(turns).size).to.be.greaterThan(3);
  });

  it('are as many as policy wants, which must make sense', () => {
    const accepts = (more: object) => questionRules.safeParse({ ...rules, ...more }).success;
    expect(accepts({})).to.equal(true);
    expect(accepts({ catalogue: [...knownQuestions.slice(0, 4), 'Who built the shed?'] })).to.equal(
      true,
    );
    for (const more of [
      ...[{ register: 2 }, { register: 6 }, { ask: 2 }, { register: 3, ask: 4 }],
      ...[{ ownQuestions: 3 }, { register: 3, ask: 3, ownQuestions: 1 }],
      ...[{ catalogue: knownQuestions.slice(0, 4) }, { catalogue: ['first-dog'] }],
      ...[{ catalogue: [...knownQuestions, knownQuestions[0]] }],
    ]) {
      expect(accepts(more), JSON.stringify(more)).to.equal(false);
    }
  });
});
