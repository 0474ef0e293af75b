/**
 * Settings that are each allowed, and make no sense together.
 */
import { isConfigured } from '../channels/index.ts';
import { leavesSecondStep } from '../policy/shape.ts';
import type { SettingProblem } from './problems.ts';
import type { Settings } from './schema.ts';

/** The sections that passed the schema: all problems are to be told at once. */
export type SoundSections = Partial<Settings>;

export function contradictions({
  channels,
  database,
  policy,
  secrets,
}: SoundSections): readonly SettingProblem[] {
  const problems: SettingProblem[] = [];
  if (database?.uri && database.embedded) {
    const what = 'cannot be true while database.uri names a MongoDB';
    problems.push({ where: 'database.embedded', what });
  }
  if (policy && channels && !leavesSecondStep(policy, (name) => isConfigured(channels, name))) {
    const what = 'leaves no second step: none is on, or only such as need a missing channel';
    problems.push({ where: 'policy.methods', what });
  }
  const both = secrets?.cookieKeys.findIndex((key) => secrets.encryptionKeys.includes(key)) ?? -1;
  if (both >= 0) {
    // Whoever learns one would have the other, and each is only as safe as its weaker use.
    const what = 'is among secrets.encryptionKeys, too; each needs a value of its own';
    problems.push({ where: `secrets.cookieKeys.${both}`, what });
  }
  return problems;
}
