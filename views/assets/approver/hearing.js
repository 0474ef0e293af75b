// Listens to what the server has to ask, as long as somebody looks: a stream that is opened
// again whenever it ends, later and later while the server cannot be reached.
import { isAway, openStream } from './api.js';
import { createReader } from './event-stream.js';

const SHORTEST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
/** The server beats every 15 seconds; a line that is silent for longer is dead. */
const SILENCE = 40_000;

/**
 * `tickets` gives what to listen with, or nothing; `hear` takes each list of requests; `tell`
 * takes `connecting`, `listening` or `away`; `over` is told that a ticket does not count.
 */
export function createHearing({ tickets, hear, tell, over }) {
  let current;

  function start() {
    stop();
    if (document.hidden) return;
    current = new AbortController();
    run(current.signal);
  }

  function stop() {
    current?.abort();
    current = undefined;
  }

  async function run(signal) {
    let wait = SHORTEST_WAIT;
    tell('connecting');
    while (!signal.aborted) {
      const began = Date.now();
      await listen(signal).catch((error) => {
        if (signal.aborted) return;
        if (isAway(error)) tell('away');
        else over(error);
      });
      // A stream that was good for a while ended as it should, and goes on at once.
      const wasGood = Date.now() - began > LONGEST_WAIT;
      wait = wasGood ? SHORTEST_WAIT : Math.min(wait * 2, LONGEST_WAIT);
      if (!wasGood) await pause(wait * (0.5 + Math.random() / 2), signal);
    }
  }

  async function listen(signal) {
    const shown = await tickets();
    // Whoever was stopped meanwhile must not stop the one that came after.
    if (signal.aborted) return;
    if (shown.length === 0) return stop();
    const line = new AbortController();
    const cut = () => line.abort();
    signal.addEventListener('abort', cut, { once: true });
    let watch = setTimeout(cut, SILENCE);
    try {
      const reader = await openStream('hear', { tickets: shown.join(' ') }, line.signal);
      const take = createReader((event, data) => event === 'requests' && hear(JSON.parse(data)));
      tell('listening');
      for (;;) {
        const { done, value } = await reader.read();
        if (done || signal.aborted) return;
        clearTimeout(watch);
        watch = setTimeout(cut, SILENCE);
        take(value);
      }
    } finally {
      clearTimeout(watch);
      signal.removeEventListener('abort', cut);
    }
  }

  document.addEventListener('visibilitychange', start);
  addEventListener('online', start);
  addEventListener('offline', () => tell('away'));
  addEventListener('pagehide', stop);
  addEventListener('pageshow', ({ persisted }) => persisted && start());

  return { start };
}

const pause = (milliseconds, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
