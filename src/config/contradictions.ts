/**
 * Settings that are each allowed, and make no sense together.
 */
import { isConfigured } from '../channels/index.ts';
import { isRpIdOf } from '../methods/security-key/relying-party.ts';
import { leavesSecondStep } from '../policy/shape.ts';
import type { SettingProblem } from './problems.ts';
import type { Settings } from './schema.ts';

/** The sections that passed the schema: all problems are to be told at once. */
export type SoundSections = Partial<Settings>;

export function contradictions({
  channels,
  database,
  issuer,
  methods,
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
  const rpId = methods?.['security-key'].rpId;
  if (issuer !== undefined && rpId !== undefined && !isRpIdOf(issuer, rpId)) {
    const what = "must be the issuer's host or a domain above it: browsers take no other";
    problems.push({ where: 'methods.security-key.rpId', what });
  }
  const both = secrets?.cookieKeys.findIndex((key) => secrets.encryptionKeys.includes(key)) ?? -1;
  if (both >= 0) {
    // Whoever learns one would have the other, and each is only as safe as its weaker use.
    const what = 'is among secrets.encryptionKeys, too; each needs a value of its own';
    problems.push({ where: `secrets.cookieKeys.${both}`, what });
  }
  return problems;
}
