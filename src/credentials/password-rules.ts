/**
 * Which new passwords are good enough: long enough and not among the first that anybody
 * would try. No rules about kinds of characters and no ageing (NIST SP 800-63B-4 §3.1.1.2).
 */
import { codePoints, LONGEST_PASSWORD } from './password.ts';

export type PasswordFlaw =
  'password-too-short' | 'password-too-long' | 'password-common' | 'password-about-you';

export interface PasswordRules {
  /** In code points; asked each time, because policy may change. */
  readonly minimum: () => number;
  /** At least 10,000, in lower case; asked for at first use, because they are large. */
  readonly loadCommon: () => Promise<ReadonlySet<string>>;
}

/** `context` are words tied to this account and place: user name, mail, organisation. */
export type CheckNewPassword = (
  password: string,
  context: readonly string[],
) => Promise<PasswordFlaw | undefined>;

export function createPasswordRules({ minimum, loadCommon }: PasswordRules): CheckNewPassword {
  let common: Promise<ReadonlySet<string>> | undefined;

  return async function checkNewPassword(typed, context) {
    // Counted and compared as it will be hashed.
    const password = typed.normalize('NFC');
    const length = codePoints(password);
    if (length > LONGEST_PASSWORD) return 'password-too-long';
    if (length < minimum()) return 'password-too-short';

    const folded = password.toLowerCase();
    if (context.flatMap(spellings).includes(folded)) return 'password-about-you';
    common ??= loadCommon();
    return (await common).has(folded) ? 'password-common' : undefined;
  };
}

/** The words tied to an account and to whoever runs this. */
export const wordsAbout = (
  { username, name, profile }: About,
  organisation: string,
): readonly string[] => [username, name, profile.email ?? '', organisation];

interface About {
  readonly username: string;
  readonly name: string;
  readonly profile: { readonly email?: string };
}

/** `Ada@Example.org` also gives its local part. */
function spellings(word: string): string[] {
  const folded = word.normalize('NFC').toLowerCase();
  return [folded, folded.split('@')[0] ?? folded];
}
