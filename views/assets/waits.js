// Goes on by itself when a phone has answered: listens, and asks now and then where nobody can
// be listened to. Without script, the button says so.
const form = document.querySelector('form.waits[data-seconds]');
const { at, since, seconds } = form.dataset;
const ASK_EVERY_MS = 1500;
const LONGEST_MS = 2 ** 31 - 1;

form.querySelector('button').hidden = true;
form.querySelector('.waiting').hidden = false;

let isGoing = false;
function goOn() {
  if (isGoing) return;
  isGoing = true;
  form.requestSubmit();
}

async function ask() {
  try {
    const response = await fetch(`${at}/waiting?since=${since}`, {
      headers: { accept: 'application/json' },
    });
    if (response.ok && (await response.json()).state === 'changed') return goOn();
    // Over for this browser: the page itself will say why.
    if (response.status === 404) return goOn();
  } catch {
    // No connection just now.
  }
  setTimeout(ask, ASK_EVERY_MS);
}

const stream = new EventSource(`${at}/hear?since=${since}`);
stream.addEventListener('changed', goOn);
stream.addEventListener('error', () => {
  // It tries again by itself, unless it was refused.
  if (stream.readyState === EventSource.CLOSED) ask();
});
setTimeout(goOn, Math.min((Number(seconds) + 1) * 1000, LONGEST_MS));
// A page from the browser's history would wait for what is long over.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
