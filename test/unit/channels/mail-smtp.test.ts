import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

import { expect } from 'chai';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerOptions } from 'smtp-server';

import { ChannelError, type Mail } from '../../../src/channels/channel.ts';
import { readSender } from '../../../src/channels/sender.ts';
import { createMail } from '../../../src/channels/mail/smtp.ts';

const message: Mail = {
  to: 'ada@example.org',
  subject: 'Your phone was changed',
  text: 'Grüße from 🦆',
  messageId: 'm1',
};

interface Delivery {
  readonly recipients: readonly string[];
  readonly mail: Email;
  readonly raw: string;
}

/** A refusal as smtp-server says it. */
const refuse = (responseCode: number): Error => Object.assign(new Error('no'), { responseCode });

describe('mail smtp', () => {
  let server: SMTPServer | undefined;
  let tarpit: Server | undefined;
  let sockets: Socket[];
  let deliveries: Delivery[];

  const open = (port: number, settings = {}) =>
    createMail({
      url: `smtp://127.0.0.1:${port}`,
      from: Object.freeze({ name: 'Doorstep', address: 'no-reply@id.example.org' }),
      timeoutSeconds: 5,
      encryption: 'required',
      ...settings,
    });

  async function serve(options: SMTPServerOptions = {}): Promise<number> {
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      logger: false,
      onData(stream, { envelope }, done) {
        void keep(
          stream,
          envelope.rcptTo.map(({ address }) => address),
        ).then(() => done());
      },
      ...options,
    });
    smtp.on('error', () => undefined); // clients that hang up are part of these tests
    server = smtp;
    await new Promise<void>((resolve) => void smtp.listen(0, '127.0.0.1', resolve));
    return (smtp.server.address() as AddressInfo).port; // it listens on a port
  }

  async function keep(stream: SMTPServerDataStream, recipients: readonly string[]): Promise<void> {
    const raw = Buffer.concat(await stream.toArray()).toString();
    deliveries.push({ recipients, mail: await PostalMime.parse(raw), raw });
  }

  /** A server that says what it is told, and then nothing. */
  async function mumble(speak: (socket: Socket) => void): Promise<number> {
    const listening = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      speak(socket);
    });
    tarpit = listening;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    return (listening.address() as AddressInfo).port; // it listens on a port
  }

  const failure = (port: number, settings = {}, mail = message): Promise<unknown> =>
    open(port, settings)
      .send(mail)
      .then(() => 'sent')
      .catch((error: unknown) => error);

  beforeEach(() => {
    sockets = [];
    deliveries = [];
  });

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    tarpit?.close();
    const closing = server;
    if (closing) {
      await new Promise<void>((resolve) => {
        closing.close(resolve);
      });
    }
    [server, tarpit] = [undefined, undefined];
  });

  // What operators write, and the name that people then see.
  const senders: readonly (readonly [string, string])[] = [
    ['Example: Sign-in <no-reply@id.example.org>', 'Example: Sign-in'],
    ['Example [test] (new) <no-reply@id.example.org>', 'Example [test] (new)'],
    ['Ada "Countess" Lovelace, Inc. <no-reply@id.example.org>', 'Ada "Countess" Lovelace, Inc.'],
    ['"Example, \\"the\\" house" <no-reply@id.example.org>', 'Example, "the" house'],
    ['A <b@example.org> C <no-reply@id.example.org>', 'A <b@example.org> C'],
    ['Bücherei; 明子: <no-reply@id.example.org>', 'Bücherei; 明子:'],
    [' no-reply@id.example.org ', ''],
    ['<no-reply@id.example.org>', ''],
  ];
  it('is from whoever the operator named, whatever signs are in the name (RFC 5322)', async () => {
    const port = await serve();
    for (const [from] of senders) await open(port, { from: readSender(from) }).send(message);
    const seen = deliveries.map(({ mail: { from } }) => from);
    expect(seen).to.deep.equal(
      senders.map(([, name]) => ({ address: 'no-reply@id.example.org', name })),
    );
  });

  for (const text of [
    ...['Doorstep', 'a@b, c@d', 'a@b c@d', '<a@b> <c@d', 'A\r\nBcc: x@y <a@b>', 'a@@b', '@b', 'a@'],
    ...['"a b"@example.org', 'Doorstep <a@b', 'Team: a@b, c@d;', ''],
  ]) {
    it(`is from nobody called ${JSON.stringify(text)}`, () => {
      expect(readSender(text)).to.equal(undefined);
    });
  }

  it('delivers text and HTML to one recipient', async () => {
    await open(await serve()).send({ ...message, html: '<p>Grüße</p>' });
    expect(deliveries).to.have.lengthOf(1);
    const [{ recipients, mail } = { recipients: [], mail: undefined }] = deliveries;
    expect(recipients).to.deep.equal(['ada@example.org']);
    expect(mail?.subject).to.equal('Your phone was changed');
    expect(mail?.from).to.deep.include({ name: 'Doorstep', address: 'no-reply@id.example.org' });
    expect(mail?.text?.trim()).to.equal(message.text);
    expect(mail?.html).to.include('<p>Grüße</p>');
  });

  it('names the message the same each time, and asks for no automatic reply', async () => {
    const mail = open(await serve());
    await mail.send(message);
    await mail.send(message);
    expect(deliveries.map((delivery) => delivery.mail.messageId)).to.deep.equal([
      '<m1@id.example.org>',
      '<m1@id.example.org>',
    ]);
    expect(deliveries[0]?.raw).to.match(/^Auto-Submitted: auto-generated\r$/m);
  });

  const injections: readonly Partial<Mail>[] = [
    { subject: 'Hello\r\nBcc: eve@example.org' },
    { subject: 'Hello\nBcc: eve@example.org\n\nBody' },
    { subject: 'Hello\r\n\r\nBody' },
    { to: 'ada@example.org\r\nBcc: eve@example.org' },
    { to: 'ada@example.org, eve@example.org' },
    { to: 'ada@example.org>\r\nRCPT TO:<eve@example.org' },
    { to: '"Eve" <eve@example.org>, ada@example.org' },
    { text: 'Hello\r\n.\r\nMAIL FROM:<eve@example.org>\r\n' },
  ];
  for (const injection of injections) {
    it(`lets nothing be slipped in by ${JSON.stringify(injection)}`, async () => {
      await failure(await serve(), {}, { ...message, ...injection });
      for (const { recipients, mail } of deliveries) {
        expect(recipients).to.have.lengthOf(1);
        expect(recipients).not.to.deep.equal(['eve@example.org']);
        expect(mail.bcc ?? []).to.deep.equal([]);
        expect(mail.headers.map(({ key }) => key)).not.to.include('bcc');
        expect(mail.from).to.deep.include({ address: 'no-reply@id.example.org' });
        expect(mail.text ?? '').not.to.match(/^Body/);
      }
      expect(deliveries).to.have.lengthOf.at.most(1);
    });
  }

  for (const code of [421, 450, 451, 452]) {
    it(`may try again after ${code}`, async () => {
      const port = await serve({ onRcptTo: (_address, _session, done) => done(refuse(code)) });
      expect(await failure(port))
        .to.be.instanceOf(ChannelError)
        .and.include({ isTemporary: true });
    });
  }

  for (const code of [550, 552, 553, 554]) {
    it(`gives up after ${code}`, async () => {
      const port = await serve({ onRcptTo: (_address, _session, done) => done(refuse(code)) });
      expect(await failure(port))
        .to.be.instanceOf(ChannelError)
        .and.include({ isTemporary: false });
    });
  }

  it('gives up when the message itself is refused', async () => {
    const port = await serve({
      onData(stream, _session, done) {
        stream.resume().on('end', () => done(refuse(554)));
      },
    });
    expect(await failure(port)).to.include({ isTemporary: false });
  });

  it('may try again when the connection is cut within the message', async () => {
    const port = await serve({
      onData: () => {
        for (const { _socket } of server?.connections as unknown as Iterable<{ _socket: Socket }>) {
          _socket.destroy(); // the server has no other way of hanging up
        }
      },
    });
    expect(await failure(port))
      .to.be.instanceOf(ChannelError)
      .and.include({ isTemporary: true });
  });

  it('may try again when nobody listens', async () => {
    const port = await mumble(() => undefined);
    tarpit?.close();
    expect(await failure(port))
      .to.be.instanceOf(ChannelError)
      .and.include({ isTemporary: true });
  });

  it('gives up waiting for a server that says nothing', async () => {
    const port = await mumble(() => undefined);
    expect(await failure(port, { timeoutSeconds: 0.1 })).to.include({ isTemporary: true });
  });

  it('gives up on a server that answers byte by byte, and hangs up (R-21)', async () => {
    let hasHungUp: Promise<void> | undefined;
    const port = await mumble((socket) => {
      socket.write('220 ready\r\n250-');
      // Never silent for long, and never done.
      const drip = setInterval(() => socket.write('x'), 10);
      hasHungUp = new Promise((resolve) => socket.on('close', () => resolve()));
      socket.on('close', () => clearInterval(drip));
    });
    expect(await failure(port, { timeoutSeconds: 0.2 })).to.include({ isTemporary: true });
    await hasHungUp;
  });

  it('sends no mail in the clear to another machine, unless told so', async () => {
    // 0.0.0.0 reaches this machine under a name that is not loopback.
    const url = `smtp://0.0.0.0:${await serve()}`;
    expect(await failure(0, { url })).to.be.instanceOf(ChannelError);
    expect(deliveries).to.have.lengthOf(0);
    expect(await failure(0, { url, encryption: 'if-offered' })).to.equal('sent');
  });

  it('checks whether the server can be reached', async () => {
    await open(await serve()).check();
    const port = await mumble((socket) => socket.end('554 go away\r\n'));
    const thrown = await open(port)
      .check()
      .catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(ChannelError);
  });
});
