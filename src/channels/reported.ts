/**
 * Tells operators when a carrier refuses our own account: nothing is sent there until somebody
 * sees to it, and where a fallback takes everything, nobody else would notice.
 */
import { type Channel, ChannelError } from './channel.ts';

export interface ReportLog {
  error(fields: object, event: string): void;
}

export interface Reports {
  readonly log: ReportLog;
  readonly channel: string;
  readonly driver: string;
}

/** Says which channel, which driver and the vendor's own code; never what was sent, or to whom. */
export function reported<Message>(
  channel: Channel<Message>,
  { log, ...where }: Reports,
): Channel<Message> {
  return {
    ...channel,
    async send(message) {
      try {
        await channel.send(message);
      } catch (error) {
        if (error instanceof ChannelError && error.isAccountRefused) {
          log.error({ ...where, code: error.code }, 'channel.account-refused');
        }
        throw error;
      }
    },
  };
}
