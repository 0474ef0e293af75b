/**
 * Texts through Amazon SNS. It takes what it will not deliver, too: to numbers that opted out,
 * above the spending quota, and from the sandbox; only its own delivery log tells of that.
 */
import { once } from 'node:events';

import type { SNSClient } from '@aws-sdk/client-sns';
import { z } from 'zod';

import { isAccountRefused, isTaken, isTemporary } from '../ask.ts';
import { type Channel, ChannelError, type Sms } from '../channel.ts';

export const snsSettings = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as eu-central-1')
    .exactOptional(),
  accessKeyId: z.string().min(1).exactOptional(),
  secretAccessKey: z.string().min(1).exactOptional(),
  sessionToken: z.string().min(1).exactOptional(),
  senderId: z
    .string()
    .regex(/^(?=.*[A-Za-z])[A-Za-z0-9-]{1,11}$/, 'must be a name of 11 letters and digits at most')
    .exactOptional(),
  endpoint: z.url({ protocol: /^https?$/ }).exactOptional(),
});

export interface SnsSettings {
  readonly region: string;
  /** Without them the library looks where it always does: variables, files, the machine's role. */
  readonly credentials?: Credentials | undefined;
  readonly senderId?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly timeoutSeconds: number;
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const WHOM = 'Amazon SNS';

export function createSms({ senderId, timeoutSeconds, ...settings }: SnsSettings): Channel<Sms> {
  let opening: ReturnType<typeof openClient> | undefined;
  const attributes = {
    'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
    ...(senderId !== undefined && {
      'AWS.SNS.SMS.SenderID': { DataType: 'String', StringValue: senderId },
    }),
  };
  return {
    async send({ to, text }) {
      const { client, library } = await open();
      const publish = new library.PublishCommand({
        PhoneNumber: to,
        Message: text,
        MessageAttributes: attributes,
      });
      await within((abortSignal) => client.send(publish, { abortSignal }));
    },

    /** Any answer but a failure of its own will do. */
    async check() {
      const { client, library } = await open();
      const look = new library.GetSMSAttributesCommand({ attributes: ['DefaultSMSType'] });
      await within((abortSignal) => client.send(look, { abortSignal })).catch((error: unknown) => {
        if (!(error instanceof ChannelError) || error.isTemporary) throw error;
      });
    },
  };

  function open() {
    return (opening ??= openClient(settings));
  }

  /** The library counts only silence as slow, and not at all where it looks for credentials. */
  async function within(sent: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const tooLate = once(signal, 'abort').then(() => {
      throw new ChannelError(`${WHOM} did not answer in time`, { isTemporary: true });
    });
    await Promise.race([sent(signal).catch(fail), tooLate]);
  }
}

async function openClient({ region, credentials, endpoint }: Partial<SnsSettings>) {
  // Loaded with the first text: it costs 150 ms and 10 MB.
  const library = await import('@aws-sdk/client-sns');
  const client: SNSClient = new library.SNSClient({
    ...(region !== undefined && { region }),
    ...(credentials && { credentials }),
    ...(endpoint !== undefined && { endpoint }),
    // Whether it is tried again is not a driver's business.
    maxAttempts: 1,
  });
  return { client, library };
}

/** As the library throws it; what it says besides may quote the number. */
interface Thrown {
  readonly name?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function fail(error: unknown): never {
  const { name = 'Error', message = '', $metadata = {} } = error as Thrown;
  const { httpStatusCode: status } = $metadata;
  const isThrottled = /throttl/i.test(name);
  const isOptedOut = name === 'OptedOutException' || /\bopted out\b/i.test(message);
  const refused = name === 'CredentialsProviderError' || isAccountRefused(status ?? 0);
  const isAway = status === undefined || isTemporary(status) || isTaken(status);
  throw new ChannelError(`${WHOM} answered ${status ?? 'nothing'}: ${name}`, {
    isTemporary: isThrottled || (isAway && !refused && !isOptedOut),
    isOptedOut,
    isAccountRefused: refused && !isThrottled,
    code: name,
  });
}
