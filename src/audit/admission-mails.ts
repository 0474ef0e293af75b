/**
 * The mail by which an account's owner lets a browser in while others guess the password: to
 * all addresses of the account that nobody disowned, with a link that is good once, for half an
 * hour.
 *
 * Why so: it is made here, and not where it was asked for, so that asking takes as long for a
 * name that nobody has. The link's token follows from the event by a key of ours, so that
 * whoever moves an event a second time promises the same mail, and nothing but a digest is kept.
 */
import { secondsAfter } from '../lib/clock.ts';
import { digestOf } from '../lib/codes.ts';
import type { Crypt } from '../lib/crypt.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { AuditEvent } from '../models/audit-event.ts';
import { createPosting, type NoticesDeps, occasionOf } from './notices.ts';
import { recipientsOf } from './recipients.ts';

export interface AdmissionMailsDeps extends Pick<
  NoticesDeps,
  'messages' | 'mailboxes' | 'isOn' | 'clock'
> {
  readonly accounts: Pick<Accounts, 'findById' | 'askAdmission'>;
  readonly crypt: Pick<Crypt, 'seal' | 'open' | 'digest'>;
}

const VALID_SECONDS = 30 * 60;

export function createAdmissionMails(deps: AdmissionMailsDeps) {
  const { accounts, mailboxes, isOn, crypt, clock } = deps;
  const post = createPosting(deps);

  return {
    /** Keeps a digest for each request, and puts its mail into the post. */
    async promise(events: readonly AuditEvent[]): Promise<void> {
      for (const event of isOn ? events.filter(isRequest) : []) {
        const account = await accounts.findById(event.account);
        if (account) await invite(account, event);
      }
    },
  };

  async function invite(account: Account, event: AuditEvent): Promise<void> {
    const recipients = recipientsOf(account, mailboxes).filter(({ isDoubted }) => !isDoubted);
    const expiresAt = secondsAfter(event.at, VALID_SECONDS);
    if (recipients.length === 0 || expiresAt <= clock.now()) return;
    const token = crypt.digest(event.id, `accounts/admissions/${account._id}`);
    const asked = { digest: digestOf(token), expiresAt };
    await accounts.askAdmission(account._id, asked, clock.now());
    const { locale, values } = occasionOf(account, event);
    for (const { address: to, id } of recipients) {
      const letter = { to, message: 'let-in', locale, values: { ...values, token } } as const;
      await post(id(event.id), letter, expiresAt);
    }
  }
}

const isRequest = ({ name }: AuditEvent): boolean => name === 'browser.admission-requested';
