/**
 * Texts through an account at Twilio.
 */
import type { Channel, Sms } from '../channel.ts';
import { openAccount, reach, type TwilioAccount } from '../twilio-account.ts';

export interface TwilioSms extends TwilioAccount {
  /** Who sends, or a messaging service that chooses. */
  readonly sender: { readonly from: string } | { readonly messagingServiceSid: string };
}

export function createSms({ sender, ...account }: TwilioSms): Channel<Sms> {
  const ask = openAccount(account);
  return {
    async send({ to, text }) {
      await ask((client) => client.messages.create({ to, body: text, ...sender }));
    },

    check: () => reach(ask, account.accountSid),
  };
}
