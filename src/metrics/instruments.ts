/**
 * Every figure of our own that /metrics shows: what it is called, what it says, how it may be
 * told apart. A label not named here is refused, so a secret or a name cannot become one.
 */
export interface Instrument {
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds in seconds; only what is timed has them. */
  readonly seconds?: readonly number[];
}

const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const OPERATION_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1, 3];

export const counters = {
  sign_ins_total: {
    help: 'Sign-ins that ended: finished, or what the app was told instead',
    labels: ['outcome'],
  },
  flow_acts_total: {
    help: 'What people did in a flow: recorded, or the problem that they were told',
    labels: ['flow', 'act', 'outcome'],
  },
  challenges_total: {
    help: 'Questions by method: begun, passed, or why an answer was wrong',
    labels: ['method', 'outcome'],
  },
  sends_total: {
    help: 'Messages handed to a carrier: sent, failed for now, or refused for good',
    labels: ['channel', 'outcome'],
  },
  send_cost_total: {
    help: 'What messages to telephones cost, in the currency of channels.prices',
    labels: ['channel', 'calling_code'],
  },
  message_pauses_total: {
    help: 'Prefixes of telephone numbers that were paused because few codes came back',
    labels: ['purpose'],
  },
  budget_alarms_total: {
    help: 'Budgets of prefixes, countries and the service that were nearly used up',
    labels: ['purpose'],
  },
} as const satisfies Record<string, Instrument>;

export const timers = {
  http_request_seconds: {
    help: 'Requests, by the pattern of their address',
    labels: ['method', 'route', 'status'],
    seconds: REQUEST_SECONDS,
  },
  password_hash_wait_seconds: {
    help: 'How long password hashes (argon2id) waited for their turn',
    labels: [],
    seconds: REQUEST_SECONDS,
  },
  database_operation_seconds: {
    help: 'What was asked of the database, from the asking to the answer',
    labels: ['collection', 'command', 'outcome'],
    seconds: OPERATION_SECONDS,
  },
} as const satisfies Record<string, Instrument>;

/** Read when somebody looks; what only grows is a counter to whoever reads it. */
export const watched = {
  password_hashes_total: { help: 'Password hashes (argon2id) computed', grows: true },
  password_hashes_running: { help: 'Password hashes being computed now', grows: false },
  password_hashes_waiting: { help: 'Password hashes that wait for their turn now', grows: false },
} as const;
