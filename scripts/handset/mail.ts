/**
 * The mail side of the handset: a real SMTP server that delivers to its own inbox.
 */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

import type { ReceivedMail } from './store.ts';

const MOST_BYTES = 1024 * 1024;

export interface MailServer {
  readonly port: number;
  stop(): Promise<void>;
}

export async function startMail(
  port: number,
  deliver: (mail: ReceivedMail) => void,
): Promise<MailServer> {
  const server = new SMTPServer({
    // Nothing leaves this machine, so there is nobody to hide from.
    disabledCommands: ['STARTTLS', 'AUTH'],
    size: MOST_BYTES,
    onData(stream, session, done) {
      const to = session.envelope.rcptTo.map(({ address }) => address).join(', ');
      buffer(stream)
        .then((raw) => readMail(raw, to))
        .then((mail) => {
          deliver(mail);
          done();
        }, done);
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  // A client that hangs up early is its own business.
  server.on('error', () => undefined);
  return {
    port: (server.server.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function readMail(raw: Buffer, to: string): Promise<ReceivedMail> {
  const { messageId, from, subject, text, html } = await PostalMime.parse(raw);
  return {
    id: messageId ?? randomUUID(),
    to,
    from: from?.address ?? '',
    subject: subject ?? '(no subject)',
    text: text ?? html ?? '',
    receivedAt: new Date().toISOString(),
  };
}
