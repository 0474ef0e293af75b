// Pairs this phone with an account: a key is made here, and the code that a computer shows is
// sent with the public half of it.
import { post } from './api.js';
import { createCodeKey, createSigningKey } from './keys.js';
import { pairText, sign } from './signing.js';
import { addAccount } from './store.js';
import { ticketEnd } from './tickets.js';

let attempt;

/** Throws a Refusal `pairing-over` for a code that does not count. */
export async function pair(code, name) {
  // After a lost connection the same body once more: the server may have had it already.
  if (attempt?.fields.code !== code) attempt = await createAttempt(code, name);
  const { signing, fields } = attempt;
  const said = await post('pair', fields);
  attempt = undefined;
  const { device, account, organisation } = said;
  const paired = {
    ...{ device, account, organisation, signing },
    codes: await createCodeKey(said.seed),
    counter: 0,
    pairedAt: Date.now(),
    isConfirmed: false,
    pairing: { ticket: said.ticket, until: ticketEnd() },
  };
  await addAccount(paired);
  // Without it a browser that runs out of room may throw the keys away. Some ask for it.
  navigator.storage?.persist?.().catch(() => false);
  return paired;
}

async function createAttempt(code, name) {
  const { signing, key } = await createSigningKey();
  const signature = await sign(signing, pairText({ code, key }));
  return { signing, fields: { code, key, signature, ...(name && { name }) } };
}
