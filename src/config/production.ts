/**
 * What production refuses although the schema allows it: it suits a first try or a test,
 * and would be a hole on a real installation. Nothing else depends on the environment.
 */
import type { SoundSections } from './contradictions.ts';
import type { SettingProblem } from './problems.ts';

export function refusedInProduction(settings: SoundSections): readonly SettingProblem[] {
  return [
    ...refusedIssuer(settings),
    ...refusedSecrets(settings),
    ...refusedDatabase(settings),
    ...refusedPasswords(settings),
    ...refusedPauses(settings),
    ...refusedHosts(settings),
    ...refusedExplanations(settings),
  ];
}

function refusedIssuer({ issuer }: SoundSections): readonly SettingProblem[] {
  return issuer?.startsWith('http:') === true
    ? [{ where: 'issuer', what: 'must begin with https:// in production' }]
    : [];
}

/** A value somebody copied from a page, or typed until it was long enough. */
const looksLikeASample = (value: string): boolean =>
  /change.?me|example|sample|secret|password|doorstep/i.test(value) || new Set(value).size < 12;

function refusedSecrets({ secrets }: SoundSections): readonly SettingProblem[] {
  const what = 'is a sample; make real secrets with: npm run secrets';
  const { cookieKeys = [], encryptionKeys = [], vapidKey } = secrets ?? {};
  const values = [
    ...Object.entries({ cookieKeys, encryptionKeys }).flatMap(([name, list]) =>
      list.map((value, index) => ({ value, where: `secrets.${name}.${index}` })),
    ),
    ...(vapidKey === undefined ? [] : [{ value: vapidKey, where: 'secrets.vapidKey' }]),
  ].filter(({ value }) => looksLikeASample(value));
  const keys = (secrets?.jwks.keys ?? [])
    .map(({ kid }, index) => ({ value: kid, where: `secrets.jwks.keys.${index}` }))
    // oidc-provider's own development keys announce themselves in their kid.
    .filter(({ value }) => /change.?me|example|sample/i.test(value));
  return [...values, ...keys].map(({ where }) => ({ where, what }));
}

function refusedDatabase({ database }: SoundSections): readonly SettingProblem[] {
  if (!database || database.uri !== undefined || database.embedded === true) return [];
  const what =
    'is missing; set MONGODB_URI, or database.embedded: true for an installation on one machine';
  return [{ where: 'database.uri', what }];
}

/** OWASP Password Storage Cheat Sheet: passes of argon2id → the least memory in KiB. */
const leastMemory = [47_104, 19_456, 12_288, 9_216, 7_168] as const;

function refusedPasswords({ passwords }: SoundSections): readonly SettingProblem[] {
  if (!passwords) return [];
  const least = leastMemory[passwords.passes - 1] ?? 7_168;
  const what = `must be at least ${least} in production, with ${passwords.passes} passes`;
  return passwords.memoryKiB < least ? [{ where: 'passwords.memoryKiB', what }] : [];
}

/** Tests shorten these pauses; a real installation may only make them longer. */
const shortestPauses = {
  wrongPasswords: { windowSeconds: 900, firstPauseSeconds: 30, longestPauseSeconds: 3600 },
  wrongSecondFactors: { windowSeconds: 900, pauseSeconds: 900 },
  approvals: { pauseSeconds: 1800 },
  sends: { pausePerNumberSeconds: 60, lowCompletionPauseSeconds: 3600 },
} as const;

function refusedPauses({ limits }: SoundSections): readonly SettingProblem[] {
  if (!limits) return [];
  return Object.entries(shortestPauses).flatMap(([section, pauses]) => {
    const given: Readonly<Record<string, number>> = limits[section as keyof typeof shortestPauses];
    return Object.entries(pauses)
      .filter(([name, shortest]) => (given[name] ?? 0) < shortest)
      .map(([name, shortest]) => ({
        where: `limits.${section}.${name}`,
        what: `must be at least ${shortest} in production`,
      }));
  });
}

/** What listens here may trust whoever comes from here; no app belongs there. */
function refusedHosts({ oidc }: SoundSections): readonly SettingProblem[] {
  const isHere = (host: string): boolean =>
    /^(127\.|::1$|localhost$|.*\.localhost$)/i.test(host) || host === '0.0.0.0' || host === '::';
  const what = 'is this machine itself, which production does not call';
  return (oidc?.privateHosts ?? []).flatMap((host, index) =>
    isHere(host) ? [{ where: `oidc.privateHosts.${index}`, what }] : [],
  );
}

/** Whoever makes requests up would be told what is registered. */
const refusedExplanations = ({ oidc }: SoundSections): readonly SettingProblem[] =>
  oidc?.explainRefusals === true
    ? [{ where: 'oidc.explainRefusals', what: 'must be false in production' }]
    : [];
