/**
 * Mail through any SMTP server, one connection per message.
 */
import { z } from 'zod';

import { type Channel, ChannelError, type Mail } from '../channel.ts';
import { readSender, type Sender } from '../sender.ts';

/** Where a password has a slash, what should be the server is taken for a path. */
const PERCENT_ENCODED =
  'must end with the server; in user name and password / : @ # ? are written %2F %3A %40 %23 %3F';

export const smtpSettings = z.strictObject({
  driver: z.literal('smtp').default('smtp'),
  /** With user name and password in it where the server wants them. */
  url: z
    .url({
      protocol: /^smtps?$/,
      error: 'must be an address such as smtps://user:password@mail.example.org:465',
      abort: true,
    })
    .refine(endsWithServer, PERCENT_ENCODED)
    .exactOptional(),
  /** `Doorstep <no-reply@example.org>` */
  from: z
    .string()
    .transform((text, ctx) => {
      const sender = readSender(text);
      if (!sender) ctx.addIssue('must be like "Doorstep <no-reply@example.org>"');
      return sender ?? z.NEVER;
    })
    .exactOptional(),
  /** For one message, from connecting to the last reply. */
  timeoutSeconds: z.number().positive().max(10).default(10),
  /** Nobody listens on the way to a server on this very machine, so there it is not asked. */
  encryption: z.enum(['required', 'if-offered']).default('required'),
});

function endsWithServer(url: string): boolean {
  const { pathname, search, hash } = new URL(url);
  return /^\/?$/.test(pathname) && search + hash === '';
}

export interface SmtpSettings {
  readonly url: string;
  readonly from: Sender;
  readonly timeoutSeconds: number;
  readonly encryption: 'required' | 'if-offered';
}

export function createMail(settings: SmtpSettings): Channel<Mail> {
  const { from, timeoutSeconds } = settings;
  const domain = from.address.replace(/^.*@/s, '');
  let opening: ReturnType<typeof openTransport> | undefined;
  const transport = () => (opening ??= openTransport(settings));

  return {
    async send({ to, subject, text, html, messageId }) {
      const mail = {
        // The library writes into what it is given.
        from: { ...from },
        // As an object it is one address, whatever it contains; a text would be read as a list.
        to: { name: '', address: to },
        subject,
        text,
        ...(html !== undefined && { html }),
        messageId: `<${messageId}@${domain}>`,
        // Keeps out-of-office replies away (RFC 3834 §5).
        headers: { 'Auto-Submitted': 'auto-generated' },
        // The library's own timeouts only count silence; a server may also be slow byte by byte.
        signal: AbortSignal.timeout(timeoutSeconds * 1000),
      };
      await (await transport()).sendMail(mail).catch(fail);
    },

    async check() {
      await (await transport()).verify().catch(fail);
    },
  };
}

async function openTransport({ url, timeoutSeconds, encryption }: SmtpSettings) {
  const { createTransport } = await import('nodemailer');
  const milliseconds = timeoutSeconds * 1000;
  return createTransport({
    url,
    requireTLS: encryption === 'required' && !isLoopback(new URL(url).hostname),
    dnsTimeout: milliseconds,
    connectionTimeout: milliseconds,
    greetingTimeout: milliseconds,
    socketTimeout: milliseconds,
    socketCloseTimeout: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

const isLoopback = (host: string): boolean => /^(localhost|127\.[\d.]+|\[::1\])$/.test(host);

/** Refused for good: by the server with a code of 5xx, or by the library as no mail at all. */
function fail(cause: unknown): never {
  const { responseCode, code } = cause as { responseCode?: number; code?: string }; // SMTPError
  const isPermanent =
    responseCode === undefined ? code === 'EENVELOPE' || code === 'EMESSAGE' : responseCode >= 500;
  throw new ChannelError('the mail server did not take the message', {
    isTemporary: !isPermanent,
    cause,
  });
}
