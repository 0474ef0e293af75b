/**
 * "Profile": what is known of somebody. Their administrator keeps it; the language in which mails
 * are written is theirs to choose, and no secret, so that no recent proof is asked for.
 */
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../lib/clock.ts';
import { untilWritten } from '../lib/optimistic.ts';
import { Problem } from '../lib/problem.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { AccountDirectory } from '../models/account-directory.ts';
import type { From } from '../models/audit-event.ts';
import type { Profile } from '../models/profile.ts';
import type { ProfilePage } from './listing-pages.ts';

export const profileOf = (
  { profile: { email, locale } }: Account,
  available: readonly string[],
): Pick<ProfilePage, 'email' | 'language'> => ({
  ...(email !== undefined && { email }),
  ...(locale !== undefined && available.includes(locale) && { language: locale }),
});

export interface LanguageDeps {
  readonly accounts: Pick<Accounts, 'findById'>;
  readonly directory: Pick<AccountDirectory, 'change'>;
  readonly audit: Pick<Audit, 'event' | 'happened'>;
  readonly clock: Clock;
}

interface Chosen {
  readonly account: string;
  /** Undefined: the browser's. */
  readonly language: string | undefined;
  readonly from: From;
}

export const createChooseLanguage =
  ({ accounts, directory, audit, clock }: LanguageDeps) =>
  async ({ account: id, language, from }: Chosen): Promise<void> => {
    await untilWritten<Account>({
      read: async () => (await accounts.findById(id)) ?? gone(),
      async write(read) {
        if (read.profile.locale === language) return true;
        const profile = spoken(read.profile, language, clock.now());
        const about = { by: id, account: id, from };
        const events = [audit.event('account.changed', about, { what: ['locale'] })];
        const isDone = await directory.change(read, { profile }, { events });
        if (isDone) audit.happened('accounts', id, events);
        return isDone;
      },
      most: 10,
      lost: () => new Problem('busy'),
    });
  };

function spoken(
  { locale: _, ...rest }: Profile,
  locale: string | undefined,
  updatedAt: Date,
): Profile {
  return { ...rest, ...(locale !== undefined && { locale }), updatedAt };
}

function gone(): never {
  throw new Problem('not-signed-in');
}
