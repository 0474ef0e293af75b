/**
 * "Profile": what is known of somebody. Their administrator keeps it; the language in which mails
 * are written is theirs to choose, and no secret, so that no recent proof is asked for.
 */
import type { Audit } from '../audit/audit.ts';
import { changeAccount, type Plan } from '../flow/change-account.ts';
import type { Clock } from '../lib/clock.ts';
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
    await changeAccount(id, planned, { accounts, audit });

    function planned(account: Account): Plan<undefined> {
      const result = undefined;
      if (account.profile.locale === language) return { result };
      const profile = spoken(account.profile, language, clock.now());
      const about = { by: id, account: id, from };
      const events = [audit.event('account.changed', about, { what: ['locale'] })];
      const write = () => directory.change(account, { profile }, { events });
      return { result, change: { events, write } };
    }
  };

function spoken(
  { locale: _, ...rest }: Profile,
  locale: string | undefined,
  updatedAt: Date,
): Profile {
  return { ...rest, ...(locale !== undefined && { locale }), updatedAt };
}
