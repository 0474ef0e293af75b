/**
 * How often anything may be attempted or sent, as an installation may configure it. The figures
 * are those of the security plan; each ceiling is the most that its source allows, so no
 * installation can be weaker than that.
 */
import { z } from 'zod';

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

export const times = (most: number) => z.int().min(1).max(most);
export const seconds = (most: number) => z.int().min(1).max(most);

export type Figures = z.infer<z.ZodObject<typeof figures>>;

export const figures = {
  wrongPasswords: z.strictObject({
    freeTries: times(20),
    windowSeconds: seconds(DAY),
    firstPauseSeconds: seconds(HOUR),
    longestPauseSeconds: seconds(DAY),
    mostInARow: times(100),
    fromOneNetworkIn15Minutes: times(1_000),
  }),
  wrongSecondFactors: z.strictObject({
    mostPerChallenge: times(5),
    mostPerAccount: times(20),
    windowSeconds: seconds(DAY),
    pauseSeconds: seconds(DAY),
    mostInARow: times(100),
  }),
  approvals: z.strictObject({
    mostOpen: times(5),
    mostUnansweredIn10Minutes: times(5),
    mostUnansweredInADay: times(20),
    pauseSeconds: seconds(DAY),
  }),
  sends: z.strictObject({
    pausePerNumberSeconds: seconds(HOUR),
    perNumberIn10Minutes: times(5),
    perNumberInAnHour: times(10),
    perNumberInADay: times(20),
    perNumberInADayForResets: times(20),
    perNumberInADayForEnrolments: times(20),
    perPrefixInAnHour: times(1_000),
    perCountryInAnHour: times(100_000),
    perServiceInAnHour: times(1_000_000),
    percentForResets: times(100),
    percentForEnrolments: times(100),
    completionFromMessages: times(100),
    leastCompletionPercent: z.int().min(5).max(90),
    lowCompletionPauseSeconds: seconds(DAY),
    alarmAtPercent: times(100),
  }),
};
