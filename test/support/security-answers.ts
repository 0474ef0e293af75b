/**
 * Security questions that were answered well, as their form sends them.
 */
export const answered = {
  ...{ question1: 'first-dish', answer1: 'Pea soup' },
  ...{ question2: 'first-concert', answer2: 'The Kinks' },
  ...{ question3: 'first-boss', answer3: 'Babbage' },
  ...{ question4: 'first-toy', answer4: 'Mr Bear' },
  ...{ question5: 'first-album', answer5: 'Help!' },
};
