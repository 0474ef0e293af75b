// An answer on its way: signed once, and sent until the server has judged it.
import { isAway, post } from './api.js';
import { answerText, sign } from './signing.js';
import { nextCounter } from './store.js';
import { withTicket } from './tickets.js';

const PAUSES = [500, 1500];

/**
 * Returns what sends it: the same body each time, so that an answer that got lost on its way
 * back counts once. That says what came of it, or throws while the server cannot be reached.
 */
export async function createAnswer(account, { challenge, nonce }, { decision, number }) {
  const { device, signing } = account;
  // Stored before anything is sent: a number that was seen by the server is never used again.
  const counter = await nextCounter(device);
  const text = answerText({ challenge, nonce, decision, number, counter });
  const fields = { challenge, decision, number, counter, signature: await sign(signing, text) };

  async function send() {
    try {
      const said = await withTicket(account, (ticket) => post('answer', { ticket, ...fields }));
      return said.outcome;
    } catch (error) {
      if (isAway(error)) throw error;
      // Before its test was passed nothing was there that could be gone.
      if (error.code === 'device-gone' && !account.isConfirmed) return 'unfinished';
      return outcomes.has(error.code) ? error.code : 'refused';
    }
  }

  return async () => {
    for (const pause of PAUSES) {
      try {
        return await send();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    return send();
  };
}

const outcomes = new Set(['request-over', 'too-many-tries', 'device-gone']);
