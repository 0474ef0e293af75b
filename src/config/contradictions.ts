/**
 * Settings that are each allowed, and make no sense together.
 */
import { leavesSecondStep } from '../policy/shape.ts';
import type { SettingProblem } from './problems.ts';
import type { Settings } from './schema.ts';

/** The sections that passed the schema: all problems are to be told at once. */
export type SoundSections = Partial<Settings>;

export function contradictions({
  channels,
  database,
  policy,
}: SoundSections): readonly SettingProblem[] {
  const problems: SettingProblem[] = [];
  if (database?.uri && database.embedded) {
    const what = 'cannot be true while database.uri names a MongoDB';
    problems.push({ where: 'database.embedded', what });
  }
  if (policy && channels && !leavesSecondStep(policy, channels.sms.url !== undefined)) {
    const what = 'leaves no second step: none is on, or only such as need a missing channel';
    problems.push({ where: 'policy.methods', what });
  }
  return problems;
}
