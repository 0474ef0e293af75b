/**
 * What the administration is told at once, and nobody else: attacks on the service itself, which
 * concern no account. Of the event, nothing but its details is in the mail.
 */
import { secondsAfter } from '../lib/clock.ts';
import type { AuditEvent } from '../models/audit-event.ts';
import { createPosting, type NoticesDeps } from './notices.ts';

export type AlertsDeps = Omit<NoticesDeps, 'accounts' | 'mailboxes'>;

/** After a day nobody can do much with it. */
const KEPT_SECONDS = 24 * 60 * 60;

export function createAlerts(deps: AlertsDeps) {
  const { isOn, alertsTo } = deps;
  const post = createPosting(deps);

  return {
    /** Puts the mail into the post; its words are messages/alert.<name, with a dash>.*. */
    async promise({ id, name, at, details = {} }: AuditEvent): Promise<void> {
      if (!isOn || alertsTo === undefined) return;
      const said = Object.entries(details).map(([key, value]) => [key, String(value)] as const);
      const about = name.replace('.', '-');
      const values = { ...Object.fromEntries(said), about, at: at.toISOString() };
      const letter = { to: alertsTo, message: 'alert', locale: '', values } as const;
      await post(`${id}.alert`, letter, secondsAfter(at, KEPT_SECONDS));
    },
  };
}
