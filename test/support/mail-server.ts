/**
 * A mail server on loopback that keeps what it is given, and can be told to refuse.
 */
import type { AddressInfo } from 'node:net';

import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export async function openPostBox() {
  const mails: { readonly to: string; readonly mail: Email }[] = [];
  let isAway = false;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onConnect(_session, done) {
      done(isAway ? Object.assign(new Error('away'), { responseCode: 421 }) : undefined);
    },
    onData(stream, { envelope }, done) {
      void stream
        .toArray()
        .then((chunks) => PostalMime.parse(Buffer.concat(chunks as Buffer[])))
        .then((mail) => {
          for (const { address } of envelope.rcptTo) mails.push({ to: address, mail });
        })
        .then(() => done());
    },
  });
  server.on('error', () => undefined); // clients that hang up are part of the stories
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo; // it listens on a port

  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    /** The subjects of what one address was sent, oldest first. */
    subjectsTo: (address: string): string[] =>
      mails.filter(({ to }) => to === address).map(({ mail }) => mail.subject ?? ''),
    goesAway(away: boolean): void {
      isAway = away;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
      }),
  };
}
