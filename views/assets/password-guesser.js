// A worker of the page where a password is chosen: says what zxcvbn would guess it by. It learns
// first which lists to take and whose names are easily guessed, and keeps no password.
let warningOf;

const guessing = (lists, names) => {
  importScripts(...lists);
  const { core, 'language-common': common } = self.zxcvbnts;
  const { dictionary, adjacencyGraphs: graphs } = common;
  const zxcvbn = new core.ZxcvbnFactory({ dictionary, graphs });
  return (password) => zxcvbn.check(password, names).feedback.warning;
};

addEventListener('message', ({ data: { lists, names, asked, password } }) => {
  if (lists) warningOf = guessing(lists, names);
  else postMessage({ asked, warning: warningOf(password) });
});
