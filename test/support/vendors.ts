/**
 * Accounts at vendors that are not there, and what these vendors answer as they document it.
 */
import type { Answer } from './vendor.ts';

const hex = '0123456789abcdef'.repeat(2);

/** Twilio's errors come with a status, and a code that says more. */
export const twilio = {
  account: { accountSid: `AC${hex}`, authToken: '12345' },
  messagingServiceSid: `MG${hex}`,
  taken: [201, JSON.stringify({ sid: `SM${hex}`, status: 'queued', error_code: null })],
  refusal: (status: number, code: number): Answer => [
    status,
    JSON.stringify({
      ...{ code, status, message: "The 'To' number +14255550134 is 123456" },
      more_info: `https://www.twilio.com/docs/errors/${code}`,
    }),
  ],
} as const;

const xmlns = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** SNS speaks the query protocol. */
export const sns = {
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' },
  taken: [
    200,
    `<PublishResponse xmlns="${xmlns}"><PublishResult><MessageId>m</MessageId></PublishResult>` +
      '<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>',
  ],
  refusal: (status: number, code: string, message = '+14255550134 is 123456'): Answer => [
    status,
    `<ErrorResponse xmlns="${xmlns}"><Error><Type>Sender</Type><Code>${code}</Code>` +
      `<Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  ],
} as const;
