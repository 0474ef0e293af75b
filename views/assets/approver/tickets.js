// Tickets, by which the server knows a phone for ten minutes. One is given for a signed hello,
// and for a pairing; until that one is confirmed, hello does not know the phone.
import { isAway, post } from './api.js';
import { helloText, sign } from './signing.js';
import { changeAccount } from './store.js';

const MINUTES = 60_000;
/** A little less than the server's own ten: it must not end on the way. */
const GOOD_FOR = 9 * MINUTES;

const tickets = new Map();
const greetings = new Map();

export const ticketEnd = () => Date.now() + GOOD_FOR;

/** What the server said of an account at the last hello. */
export const greetingOf = (device) => greetings.get(device);

export function forgetTicket(device) {
  tickets.delete(device);
}

/** Throws a Refusal `device-gone` when the server no longer knows this phone. */
export async function ticketOf(account) {
  const { device, isConfirmed, pairing } = account;
  // Of a pairing under way: it survives a reload, because it is kept with the account.
  if (!isConfirmed && pairing && pairing.until > Date.now()) return pairing.ticket;
  const known = tickets.get(device);
  if (known && known.until > Date.now()) return known.ticket;
  return greet(account);
}

async function greet({ device, signing }) {
  const { nonce } = await post('nonce');
  const signature = await sign(signing, helloText({ device, nonce }));
  const said = await post('hello', { device, nonce, signature });
  tickets.set(device, { ticket: said.ticket, until: ticketEnd() });
  greetings.set(device, said);
  const { account, organisation } = said;
  await changeAccount(device, () => ({
    account,
    organisation,
    isConfirmed: true,
    pairing: undefined,
  }));
  return said.ticket;
}

/** Does something with a ticket, and once more with a new one where the server wants that. */
export async function withTicket(account, act) {
  try {
    return await act(await ticketOf(account));
  } catch (error) {
    if (isAway(error) || error.status !== 401) throw error;
    forgetTicket(account.device);
    return act(await greet(account));
  }
}
