/**
 * The line between the house and its database, with the faults that lines have: it is slow, is
 * cut, swallows everything, is not there, or brings back another answer than the one that was
 * given. It knows of the wire protocol only where a message ends and what it is called.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { serialize } from 'bson';
import type { Connection } from 'mongoose';

export type Line = Awaited<ReturnType<typeof openLine>>;

/** What becomes of a command that the house sends. */
export type Fate =
  | 'cut-before'
  /** Done, but nobody is told. */
  | 'cut-after'
  /** This is said instead of doing it. */
  | { readonly answer: Readonly<Record<string, unknown>> };

const HEADER_BYTES = 16;
/** Of an OP_MSG: header, flags, kind of section, length of the document, type of its first field. */
const NAME_AT = HEADER_BYTES + 4 + 1 + 4 + 1;
const OP_MSG = 2013;
/** What drivers say among themselves; counting it would make every count a matter of luck. */
const small = new Set(['hello', 'ismaster', 'ping', 'endSessions']);

/** To where this connection leads, which must be one server. */
export async function openLine(connection: Connection) {
  const [address] = connection.getClient().options.hosts;
  const { host = '127.0.0.1', port: at = 0, socketPath: path } = address ?? {};
  const there = path === undefined ? { host, port: at } : { path };
  const sockets = new Set<Socket>();
  let delayMilliseconds = 0;
  let isBlocked = false;
  let fateOf: (command: string) => Fate | undefined = () => undefined;
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;

  async function listen(at: number): Promise<Server> {
    const listening = createServer(join).unref().listen(at, '127.0.0.1');
    await once(listening, 'listening');
    return listening;
  }

  function join(house: Socket): void {
    const database = connect(there);
    let fate: Fate | undefined;
    for (const [socket, other] of [
      [house, database],
      [database, house],
    ] as const) {
      sockets.add(socket.setNoDelay());
      socket.on('error', () => undefined);
      socket.once('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    house.on(
      'data',
      messages((message) => {
        const command = commandOf(message);
        if (isBlocked) return;
        fate = small.has(command) ? undefined : fateOf(command);
        if (fate === 'cut-before') house.destroy();
        else if (typeof fate === 'object') house.write(replyTo(message, fate.answer));
        else database.write(message);
      }),
    );
    database.on(
      'data',
      messages((message) => {
        if (fate === 'cut-after') house.destroy();
        else void later(() => !isBlocked && !house.destroyed && house.write(message));
      }),
    );
  }

  const later = async (act: () => void): Promise<void> => {
    if (delayMilliseconds > 0) await pause(delayMilliseconds);
    act();
  };

  function cutAll(): void {
    for (const socket of sockets) socket.destroy();
  }

  return {
    uri: `mongodb://127.0.0.1:${port}/${connection.name}?directConnection=true`,
    cutAll,
    /** Every answer takes so much longer. */
    slow(milliseconds: number): void {
      delayMilliseconds = milliseconds;
    },
    /** Connections stay, and nothing comes through: a machine that hangs. */
    block(blocked: boolean): void {
      isBlocked = blocked;
    },
    /** Asked for every command but the drivers' own; undefined lets it pass. */
    decide(decision: (command: string) => Fate | undefined = () => undefined): void {
      fateOf = decision;
    },
    /** Nobody is there: connections are refused. */
    async goAway(): Promise<void> {
      const closed = once(server, 'close');
      server.close();
      cutAll();
      await closed;
    },
    async comeBack(): Promise<void> {
      server = await listen(port);
    },
    close(): void {
      server.close();
      cutAll();
    },
  };
}

/** Calls back with every whole message. */
function messages(tell: (message: Buffer) => void): (chunk: Buffer) => void {
  let waiting: Buffer = Buffer.alloc(0);
  return (chunk) => {
    waiting = waiting.length > 0 ? Buffer.concat([waiting, chunk]) : chunk;
    while (waiting.length >= HEADER_BYTES && waiting.length >= waiting.readInt32LE(0)) {
      const length = waiting.readInt32LE(0);
      tell(waiting.subarray(0, length));
      waiting = waiting.subarray(length);
    }
  };
}

/** The first field of the command; the old handshake is the only other kind of message. */
function commandOf(message: Buffer): string {
  if (message.readInt32LE(12) !== OP_MSG) return 'hello';
  return message.toString('utf8', NAME_AT, message.indexOf(0, NAME_AT));
}

function replyTo(message: Buffer, answer: Readonly<Record<string, unknown>>): Buffer {
  const document = serialize(answer);
  const head = Buffer.alloc(HEADER_BYTES + 5);
  head.writeInt32LE(head.length + document.length, 0);
  head.writeInt32LE(message.readInt32LE(0), 4);
  head.writeInt32LE(message.readInt32LE(4), 8);
  head.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([head, document]);
}
