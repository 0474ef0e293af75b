import { expect } from 'chai';

import { knownQuestions } from '../../../src/credentials/security-question-rules.ts';
import { securityQuestions as kind } from '../../../src/credentials/security-questions.ts';
import { isSecondStep } from '../../../src/methods/method.ts';
import { openMethod } from '../../../src/methods/open.ts';
import { securityQuestions } from '../../../src/methods/security-questions/index.ts';
import { createPorts, draftPorts, occasion, vault, vaultOf } from './ports.ts';

const policy = { catalogue: [...knownQuestions], register: 4, ask: 3, ownQuestions: 1 };
const answers: Readonly<Record<string, string>> = {
  ...{ 'first-dish': 'Straße 7', 'first-boss': 'Babbage', 'first-toy': 'Mr Bear' },
  'What is under the stairs?': 'a  door',
};
const typed = {
  ...{ question1: 'first-dish', answer1: 'Straße 7', question2: 'first-boss', answer2: 'Babbage' },
  ...{ question3: 'first-toy', answer3: 'Mr Bear', question4: 'own', answer4: 'a  door' },
  own4: 'What is under the stairs?',
};

const open = openMethod('security-questions', securityQuestions, {}, createPorts().ports);
const stored = await kind.adding.draft(typed, { ...draftPorts, policy });

async function asked(data: unknown = stored) {
  const { memo, page } = await open.begin(data, { ...occasion, purpose: 'reset', policy });
  const questions = page.questions as string[]; // as the method declares its page
  const form = Object.fromEntries(
    questions.map((question, index) => [`answer${index + 1}`, answers[question] ?? '']),
  );
  return { memo, page, questions, form };
}

const judge = (memo: unknown, form: unknown, by = vault) =>
  open.judge({
    ...{ policy, data: stored, memo, form, vault: by, challengeId: 'c1', purpose: 'reset' },
  });

describe('security questions, asked', () => {
  it('are three of those that were set up, and pass with all of their answers', async () => {
    const { memo, questions, form } = await asked();
    expect(questions).to.have.lengthOf(3);
    expect(Object.keys(answers)).to.include.members(questions);
    expect(await judge(memo, form)).to.deep.equal({
      outcome: 'passed',
      credential: { ...stored, turn: 1 },
    });
  });

  it('are the same until they are answered, and can be others then', async () => {
    const { questions } = await asked();
    expect((await asked()).questions).to.deep.equal(questions);
    const turns = [1, 2, 3, 4, 5, 6].map(
      async (turn) => (await asked({ ...stored, turn })).questions,
    );
    const sets = (await Promise.all(turns)).map((one) => one.sort().join());
    expect(new Set([...sets, [...questions].sort().join()]).size).to.be.greaterThan(1);
  });

  it('take an answer however it is spelt, and none to another question', async () => {
    const { memo, form } = await asked();
    const shouted = Object.entries(form).map(([name, answer]) => [
      name,
      ` ${answer.toUpperCase()} `,
    ]);
    expect(await judge(memo, Object.fromEntries(shouted))).to.have.property('outcome', 'passed');
    const turned = { ...form, answer1: form.answer2, answer2: form.answer1 };
    expect(await judge(memo, turned)).to.have.property('reason', 'wrong-answer');
  });

  it('fail with one wrong, one missing, or digests of another account', async () => {
    const { memo, form } = await asked();
    for (const field of ['answer1', 'answer2', 'answer3']) {
      expect(await judge(memo, { ...form, [field]: 'no' })).to.have.property(
        'reason',
        'wrong-answer',
      );
      const { [field]: _, ...rest } = form;
      expect(await judge(memo, rest)).to.have.property('reason', 'malformed');
    }
    const elsewhere = judge(memo, form, {
      ...vaultOf('bob'),
      open: (sealed) => vault.open(sealed),
    });
    expect(await elsewhere).to.have.property('reason', 'wrong-answer');
  });

  it('are for resets, and never for a sign-in or an administrator (S-025, S-132, D-1)', () => {
    expect(open.purposes).to.have.members(['reset', 'enrol']);
    expect(open.amr).to.deep.equal(['kba']);
    expect(open.factor).to.equal('kba');
    expect(isSecondStep(open)).to.equal(false);
    expect(securityQuestions.isForAdministrators).to.equal(false);
  });
});
