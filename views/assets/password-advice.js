// Says by what others would guess a new password while it is typed. It is advice: whatever is typed
// can be sent, and what comes of it is decided there. The lists for it are large, so they are
// fetched once somebody types, and searched beside the page, where typing waits for nothing.
const QUIET_MS = 600;

// What zxcvbn warns of; of anything else there is nothing to say.
const GUESSES = {
  straightRow: 'keys',
  keyPattern: 'keys',
  simpleRepeat: 'repeats',
  extendedRepeat: 'repeats',
  sequences: 'runs',
  recentYears: 'dates',
  dates: 'dates',
  topTen: 'common',
  topHundred: 'common',
  common: 'common',
  similarToCommon: 'similar',
  userInputs: 'names',
};

for (const said of document.querySelectorAll('[data-advice-for]')) {
  const { adviceFor, words, names, fewest, guesser, lists } = said.dataset;
  const input = document.getElementById(adviceFor);
  const wordsOf = JSON.parse(words);
  let worker;
  let typing;
  let asked = 0;

  const say = (text = '') => {
    if (said.textContent !== text) said.textContent = text;
  };

  const start = () => {
    worker = new Worker(guesser);
    worker.postMessage({ lists: lists.split(' '), names: JSON.parse(names) });
    worker.addEventListener('message', ({ data }) => {
      // Something else may have been typed meanwhile.
      if (data.asked === asked) say(wordsOf[GUESSES[data.warning]]);
    });
  };

  const ask = () => {
    const { value } = input;
    asked += 1;
    // The rules say it already, and nobody is done.
    if ([...value].length < Number(fewest)) return say();
    worker.postMessage({ asked, password: value });
  };

  input.addEventListener('input', () => {
    if (!worker) start();
    clearTimeout(typing);
    typing = setTimeout(ask, QUIET_MS);
  });
}
