/**
 * A device joins an enrolment by a code that the enrolment's page shows: once, within ten
 * minutes, and with a signature that proves that it holds the key it names. It counts
 * for nothing until its first question is answered, which is asked in the same write.
 */
import { newPairingCode, readPairingCode } from '../credentials/approver-app.ts';
import type { JoiningDevice } from '../credentials/kind.ts';
import { type Clock, secondsAfter } from '../lib/clock.ts';
import { digestOf } from '../lib/codes.ts';
import type { Crypt } from '../lib/crypt.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { From } from '../models/audit-event.ts';
import type { Enrolling, Flow, Flows } from '../models/flow.ts';
import { hasEnded } from '../models/flow-end.ts';
import type { Asks } from '../verification/begin.ts';
import type { Methods } from '../verification/choices.ts';
import type { Pairings } from '../verification/enrol.ts';
import { keyIn } from './devices.ts';

export interface PairDeps {
  readonly clock: Clock;
  readonly flows: Flows;
  readonly accounts: Accounts;
  readonly methods: Methods;
  readonly asks: Pick<Asks, 'begin'>;
}

export interface PairingDeps {
  readonly crypt: Crypt;
  readonly clock: Clock;
  /** Where a device finds the approver. */
  readonly approverAt: string;
}

/** A device that joined, with the draft it now belongs to. */
export interface Paired {
  readonly account: Account;
  readonly credential: string;
  readonly data: unknown;
  readonly flow: Flow;
}

const PAIRING_SECONDS = 10 * 60;

const contextOf = (draft: string): string => `drafts/${draft}/pairing`;

/** The codes that pages show, each for its own draft. */
export const createPairings = ({ crypt, clock, approverAt }: PairingDeps): Pairings => ({
  begin(draft, client) {
    const code = newPairingCode();
    return {
      digest: digestOf(code),
      sealed: crypt.seal(code, contextOf(draft)),
      expiresAt: secondsAfter(clock.now(), PAIRING_SECONDS),
      client,
    };
  },

  open: (draft, { sealed, expiresAt, isUsed }) =>
    expiresAt > clock.now() && !isUsed
      ? { code: crypt.open(sealed, contextOf(draft)), address: approverAt }
      : undefined,
});

export function createPair(deps: PairDeps) {
  const { flows, accounts, methods, clock } = deps;

  /** Undefined for a code that is unknown, late, used or given up: nobody learns which. */
  return async function pair(joining: JoiningDevice, from: From): Promise<Paired | undefined> {
    const code = readPairingCode(joining.code);
    const flow = await flows.findPairing(digestOf(code));
    const enrolling = flow && openEnrolling(flow, clock.now());
    const account = await accountOf(flow);
    if (!flow || !enrolling || !account) return undefined;

    const { draft, pairing, ...rest } = enrolling;
    const adding = methods.get(rest.method)?.adding;
    const data = adding?.join?.(draft.data, { ...joining, code });
    if (data === undefined) return undefined;
    if (pairing.isUsed) {
      // Its own answer got lost: the same device is told the same once more.
      const isSame = keyIn(draft.data) === joining.key;
      return isSame ? { account, credential: draft.id, data: draft.data, flow } : undefined;
    }
    const begun = await deps.asks.begin(flow, {
      account,
      choice: { method: rest.method, credential: draft.id },
      purpose: 'enrol',
      client: pairing.client,
      locale: from.locale ?? '',
      from,
      facts: {
        ...flow.facts,
        enrolling: { ...rest, draft: { ...draft, data }, pairing: { ...pairing, isUsed: true } },
      },
    });
    return begun && { account, credential: draft.id, data, flow: begun };
  };

  async function accountOf(flow: Flow | undefined): Promise<Account | undefined> {
    const account = await accounts.findById(flow?.facts.account?.id);
    return account?.disabledAt ? undefined : account;
  }
}

type OpenEnrolling = Enrolling & Required<Pick<Enrolling, 'method' | 'draft' | 'pairing'>>;

function openEnrolling(flow: Flow, now: Date): OpenEnrolling | undefined {
  const { method, draft, pairing, ...rest } = flow.facts.enrolling ?? {};
  if (method === undefined || !draft || !pairing) return undefined;
  const isOver = hasEnded(flow, now) || pairing.expiresAt <= now || flow.facts.cancelled;
  return isOver ? undefined : { ...rest, method, draft, pairing };
}
