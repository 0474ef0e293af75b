/**
 * How often anything may be attempted or sent: the figures of the configuration as limits by
 * name. What applies them is count.ts.
 *
 * Why so (2026-11): waits per account are short and those per network long, so that a
 * stranger cannot lock anybody out, while guessing stays hopeless: ten guesses against three valid
 * time steps are 3·10⁻⁵ in a quarter of an hour.
 */
import type { SendClass } from '../../models/counter.ts';
import type { Figures } from './figures.ts';

export interface Window {
  /** This many attempts … */
  readonly most: number;
  /** … within this time; after that the pause applies, or else the oldest must age. */
  readonly seconds: number;
  /** Counted from the last attempt; doubles with each further one where the longest allows. */
  readonly pause?: { readonly firstSeconds: number; readonly longestSeconds: number };
  /** So many attempts without a success close it for good (NIST SP 800-63B-4 §3.2.2). */
  readonly mostInARow?: number;
}

/** All of its windows must allow an attempt. */
export type Limit = Readonly<Record<string, Window>>;

/** The figures, and how long a device may take to answer. */
interface LimitFigures extends Pick<Figures, 'wrongPasswords' | 'wrongSecondFactors' | 'sends'> {
  readonly approvals: Figures['approvals'] & { readonly openSeconds: number };
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type Limits = ReturnType<typeof createLimits>;

export const createLimits = ({
  wrongPasswords,
  wrongSecondFactors,
  approvals,
  sends,
}: LimitFigures) => ({
  knowledge: knowledgeLimits(wrongPasswords),
  /** One network trying many names; offices may have a figure of their own. */
  wrongFromNetwork: (most = wrongPasswords.fromOneNetworkIn15Minutes): Limit => ({
    inAll: { most, seconds: 15 * MINUTE },
  }),
  /** Over all methods and all parallel flows of one account. */
  secondFactor: {
    inAll: {
      most: wrongSecondFactors.mostPerAccount,
      seconds: wrongSecondFactors.windowSeconds,
      pause: pauseOf(wrongSecondFactors.pauseSeconds),
    },
  },
  credential: {
    inARow: {
      most: wrongSecondFactors.mostInARow,
      seconds: DAY,
      mostInARow: wrongSecondFactors.mostInARow,
    },
  },
  /** What nobody answered, or somebody refused; what was answered is taken back from the count. */
  requests: {
    open: { most: approvals.mostOpen, seconds: approvals.openSeconds },
    unanswered: {
      most: approvals.mostUnansweredIn10Minutes,
      seconds: 10 * MINUTE,
      pause: pauseOf(approvals.pauseSeconds),
    },
    unansweredInADay: { most: approvals.mostUnansweredInADay, seconds: DAY },
  },
  /** Mails that let a browser in, for one account or one name that nobody has. */
  admissions: { inAnHour: { most: 2, seconds: HOUR } },
  /** Anybody may begin a reset, and who has an account may enrol any number: each has a share. */
  sends: {
    'sign-in': sendLimits(sends),
    reset: sendLimits(
      shareOf(sends, { perDay: sends.perNumberInADayForResets, percent: sends.percentForResets }),
    ),
    enrol: sendLimits(
      shareOf(sends, {
        perDay: sends.perNumberInADayForEnrolments,
        percent: sends.percentForEnrolments,
      }),
    ),
  } satisfies Record<SendClass, unknown>,
  /** Of the messages to one prefix, for each class by itself. */
  completion: {
    fromMessages: sends.completionFromMessages,
    leastPercent: sends.leastCompletionPercent,
    pauseSeconds: sends.lowCompletionPauseSeconds,
  },
});

const pauseOf = (firstSeconds: number, longestSeconds = firstSeconds) => ({
  firstSeconds,
  longestSeconds,
});

function knowledgeLimits(figures: Figures['wrongPasswords']) {
  const { freeTries: most, windowSeconds: seconds, firstPauseSeconds, mostInARow } = figures;
  return {
    /** Over all networks: the wait stays short, or strangers could lock anybody out. */
    everywhere: { inAll: { most, seconds, pause: pauseOf(firstPauseSeconds), mostInARow } },
    here: {
      inAll: { most, seconds, pause: pauseOf(firstPauseSeconds, figures.longestPauseSeconds) },
    },
  };
}

const sendLimits = (sends: Figures['sends']) => ({
  number: {
    pause: { most: 1, seconds: sends.pausePerNumberSeconds },
    in10Minutes: { most: sends.perNumberIn10Minutes, seconds: 10 * MINUTE },
    inAnHour: { most: sends.perNumberInAnHour, seconds: HOUR },
    inADay: { most: sends.perNumberInADay, seconds: DAY },
  },
  /** Twice what one number may get, whatever numbers one account tries. */
  account: { inAnHour: { most: 2 * sends.perNumberInAnHour, seconds: HOUR } },
  prefix: { inAnHour: { most: sends.perPrefixInAnHour, seconds: HOUR } },
  country: { inAnHour: { most: sends.perCountryInAnHour, seconds: HOUR } },
  service: { inAnHour: { most: sends.perServiceInAnHour, seconds: HOUR } },
});

/** Beside what sign-ins may send, and never of it. */
function shareOf(
  sends: Figures['sends'],
  { perDay, percent }: { readonly perDay: number; readonly percent: number },
): Figures['sends'] {
  const share = (most: number): number => Math.ceil((most * percent) / 100);
  return {
    ...sends,
    perNumberInADay: perDay,
    perPrefixInAnHour: share(sends.perPrefixInAnHour),
    perCountryInAnHour: share(sends.perCountryInAnHour),
    perServiceInAnHour: share(sends.perServiceInAnHour),
  };
}
