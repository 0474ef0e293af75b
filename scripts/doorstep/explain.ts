/**
 * doorstep accounts explain: what a sign-in asks of somebody and for what reason, or what keeps them out.
 */
import type { ExplainedApp, ExplainedStep } from '../../src/administration/explain.ts';
import type { ExplainedMethod, Hindrance } from '../../src/administration/explain-methods.ts';
import type { ExplainedState } from '../../src/administration/explain-state.ts';
import type { Explained } from '../../src/administration/explanations.ts';
import { defineCommand } from './command.ts';
import { lifeSaid } from './life.ts';
import { jsonLine, table } from './print.ts';
import { reasonHelp, reasonIn, reasonOption } from './reason.ts';

export const explain = defineCommand({
  names: ['<username>'],
  takes: '[--app <client id>] [--json] [--reason <why>]',
  about: `Says what keeps somebody out or makes them wait, what a sign-in asks of them and why, and which
of their methods can be used. Nothing is changed; the audit is told.

  --app <client id>   the sign-in to this app, instead of apps that ask for more or less
${reasonHelp}`,
  options: { app: { type: 'string' }, json: { type: 'boolean' }, ...reasonOption },
  async run({ administration }, { names: [username], values }) {
    const question = { app: values.app, reason: reasonIn(values) };
    const explained = await administration.accounts.explain(username, question);
    return values.json ? jsonLine(explained, 2) : table(rowsOf(explained));
  },
});

type Row = readonly [string, string];

const rowsOf = (explained: Explained): readonly Row[] => [
  ['account', explained.username],
  ...stateRows(explained.state),
  ...explained.apps.map((app): Row => [app.app, saidOf(app)]),
  ['trusted browsers', String(explained.trustedBrowsers)],
  ...explained.methods.map((held): Row => [`holds ${titleOf(held)}`, usesOf(held)]),
  ['could set up', listed(explained.addable)],
  ['could reset the password by', listed(explained.forReset)],
  ['who may help', listed(['the command line', ...explained.helpers])],
  ['help contact on pages', contactOf(explained)],
];

function stateRows(state: ExplainedState): readonly Row[] {
  const { disabledAt, passwordChangeDueAt, passwordWaits, secondStepWaits, approvalsPaused } =
    state;
  const rows: Row[] = [
    ...(disabledAt ? [row('disabled', `since ${disabledAt.toISOString()}: kept out`)] : []),
    ...(passwordChangeDueAt
      ? [row('password', `must be changed, since ${passwordChangeDueAt.toISOString()}`)]
      : []),
    ...(passwordWaits
      ? [row('wrong passwords', `${until(passwordWaits)}, where the account was never seen`)]
      : []),
    ...(secondStepWaits ? [row('wrong second steps', until(secondStepWaits))] : []),
    ...(approvalsPaused
      ? [row('approvals', `${reasons[approvalsPaused.reason]}; ${until(approvalsPaused)}`)]
      : []),
  ];
  return rows.length > 0 ? rows : [row('state', 'nothing keeps them out or makes them wait')];
}

const row = (name: string, value: string): Row => [name, value];

const until = ({ until: at }: { readonly until?: Date }): string =>
  at ? `paused until ${at.toISOString()}` : 'stopped until an administrator unlocks it';

function saidOf({ acr, because, isSparedByTrust, steps }: ExplainedApp): string {
  if (acr === undefined || because === undefined) return 'refused: no method here can prove that';
  const spared = isSparedByTrust ? '; a trusted browser is not asked for the second step' : '';
  return `${steps.map(stepOf).join(', then ')} (${acr}, ${whys[because]}${spared})`;
}

const whys: Readonly<Record<NonNullable<ExplainedApp['because']>, string>> = {
  policy: 'because policy asks everybody for two steps',
  app: 'because the app asks for it',
  'password-due': 'because others may know the password',
  'nobody-asks-for-more': 'because nobody asks for more',
};

const firsts = {
  'only-one': 'the only one',
  default: 'their default',
  raised: 'raised by policy above their default',
  strongest: 'the strongest',
} as const;

function stepOf(step: ExplainedStep): string {
  switch (step.step) {
    case 'begin': {
      const { method, hint, because, others } = step;
      const instead = others.length > 0 ? ` or ${others.join(', ')}` : '';
      return `${method}${hint === undefined ? '' : ` ${hint}`} [${firsts[because]}]${instead}`;
    }
    case 'choose':
      return `waits for one of ${step.others.join(', ')}`;
    case 'set-up':
      return `sets up one of ${step.methods.join(', ')}`;
    case 'no-way':
      return 'no way on: nothing that they have will do, and a sign-in lets them set up no other';
    case 'new-password':
      return 'a new password';
    case 'kept-out':
      return 'kept out';
  }
}

const titleOf = ({ method, hint }: ExplainedMethod): string =>
  hint === undefined ? method : `${method} ${hint}`;

function usesOf(held: ExplainedMethod): string {
  const { uses, isUnreadable } = held;
  if (isUnreadable) return reasons.unreadable;
  // What is good for a while stands for all steps, so that no list of ways has it.
  const life = lifeSaid(held);
  if (life !== undefined) return `${life}, in place of both steps`;
  return uses
    .map(({ method, purpose, hindrance }) => {
      const what = purpose === 'reset' ? `${method} for resets` : method;
      return `${what}: ${hindrance ? reasons[hindrance] : 'usable'}`;
    })
    .join('; ');
}

const reasons: Readonly<Record<Hindrance, string>> = {
  unreadable: 'cannot be read',
  suspended: 'suspended by “This wasn’t me”',
  'off-by-policy': 'off by policy',
  'off-by-group': 'off by policy for their groups',
  'not-for-administrators': 'not for administrators',
  'no-channel': 'no carrier is set up where this command runs',
  'not-possible-here': 'not possible at this address',
  'too-many-wrong': 'stopped after too many wrong answers',
  channel: 'its carrier fails just now',
  denied: 'its owner said no lately',
  unanswered: 'too many requests without an answer',
  paced: 'used a moment ago',
  'passed-over': 'limits let nothing be sent just now',
};

const listed = (all: readonly string[]): string => (all.length > 0 ? all.join(', ') : 'nothing');

function contactOf({ helpContact = 'nobody: “your administrator”' }: Explained): string {
  return typeof helpContact === 'string' ? helpContact : Object.values(helpContact).join(' / ');
}
