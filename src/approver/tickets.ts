/**
 * Who a phone is: it signs a number that we made, and gets a ticket for the next minutes that
 * it shows with every request. Both are sealed and not stored, so any process can read them;
 * whether the device is still the account's is looked at each time.
 */
import { z } from 'zod';

import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { Crypt } from '../lib/crypt.ts';
import { isSignedBy } from '../lib/device-signature.ts';
import { sealedJson } from '../lib/sealed-json.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { Flows } from '../models/flow.ts';
import { type Devices, isDraftOf } from './devices.ts';

export interface TicketsDeps {
  readonly accounts: Accounts;
  readonly flows: Flows;
  readonly devices: Devices;
  readonly crypt: Crypt;
  readonly clock: Clock;
}

/** Whoever holds a ticket: an account's device, or one that is just being added. */
export interface Holder {
  readonly account: Account;
  readonly credential: string;
}

type Ticket = z.infer<typeof Ticket>;

const Ticket = z.object({
  account: z.string(),
  credential: z.string(),
  /** The flow that is adding it. */
  flow: z.string().exactOptional(),
  until: z.coerce.date(),
});
const Nonce = z.object({ until: z.coerce.date() });

const NONCE_SECONDS = 60;
const TICKET_SECONDS = 10 * 60;
const NONCES = 'approver/nonce';
const TICKETS = 'approver/ticket';

interface Greeting {
  /** The device's own. */
  readonly address: string;
  readonly nonce: string;
  readonly signature: string;
}

export type Tickets = ReturnType<typeof createTickets>;

export function createTickets({ accounts, flows, devices, crypt, clock }: TicketsDeps) {
  const nonces = sealedJson(crypt, Nonce);
  const tickets = sealedJson(crypt, Ticket);
  const after = (seconds: number): Date => secondsAfter(clock.now(), seconds);

  /** Undefined for what we did not seal, and for what is too old. */
  const inTime = <Value extends { readonly until: Date }>(value?: Value): Value | undefined =>
    value && value.until > clock.now() ? value : undefined;

  const issue = (ticket: Omit<Ticket, 'until'>): string =>
    tickets.seal({ ...ticket, until: after(TICKET_SECONDS) }, TICKETS);

  return {
    issue,

    nonce: (): string => nonces.seal({ until: after(NONCE_SECONDS) }, NONCES),

    /** The device of this address, if it signed; nobody learns why not. */
    async greet({ address, nonce, signature }: Greeting): Promise<Holder | undefined> {
      const { account, credential } = partsOf(address);
      const found = await accounts.findById(account);
      const device = found && devices.deviceOf(found, credential);
      if (!found || !device || found.disabledAt || !inTime(nonces.read(nonce, NONCES)))
        return undefined;
      const lines = ['doorstep/hello', address, nonce];
      return isSignedBy(device.key, lines, signature) ? { account: found, credential } : undefined;
    },

    async holderOf(sealed: string): Promise<Holder | undefined> {
      const ticket = inTime(tickets.read(sealed, TICKETS));
      const account = ticket && (await accounts.findById(ticket.account));
      if (!ticket || !account || account.disabledAt) return undefined;
      const { credential } = ticket;
      if (devices.deviceOf(account, credential)) return { account, credential };
      return (await isBeingAdded(ticket)) ? { account, credential } : undefined;
    },
  };

  async function isBeingAdded({ flow: uid, credential }: Ticket): Promise<boolean> {
    const flow = uid === undefined ? undefined : await flows.find(uid);
    return flow !== undefined && isDraftOf(flow, credential);
  }
}

/** How a device names itself. */
export const addressOf = ({ account, credential }: Holder): string =>
  `${account._id}.${credential}`;

function partsOf(address: string): { readonly account: string; readonly credential: string } {
  const [, account = '', credential = ''] = /^(.+)\.([\w-]+)$/.exec(address) ?? [];
  return { account, credential };
}
