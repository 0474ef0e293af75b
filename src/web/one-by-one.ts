/**
 * One request of a connection at a time; what is sent ahead of an answer waits for its turn.
 *
 * Why so: Node begins everything that a connection brings at once, two thousand requests of one
 * read, and keeps an answer that nobody takes for ever. Browsers and proxies send nothing ahead
 * (RFC 9112 §9.3.2), so neither notices.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface OneByOneDeps {
  readonly log: { info(fields: object, event: string): void };
  /** How long a reader may take nothing of what is there; Node adds as much if they took some. */
  readonly untakenMs?: number;
}

/** As many as apt sends ahead; browsers and proxies send none. */
const MOST_WAITING = 10;
const UNTAKEN_MS = 30_000;
const TOO_MANY = 'HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

interface Line {
  /** The answer in progress. */
  readonly first: ServerResponse;
  readonly waiting: (() => void)[];
}

export function oneByOne(
  callback: RequestListener,
  { log, untakenMs = UNTAKEN_MS }: OneByOneDeps,
): RequestListener {
  /** Only of connections with a request in progress. */
  const lines = new WeakMap<Socket, Line>();

  return (request, response) => {
    const { socket } = request;
    const line = lines.get(socket);
    // Nobody would hear the answer to what came behind a last one (RFC 9112 §9.6).
    if (!socket.writable) return;
    if (line === undefined) begin(request, response);
    else if (line.waiting.length < MOST_WAITING) line.waiting.push(() => begin(request, response));
    else turnAway(socket, line);
  };

  function begin(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    lines.set(socket, { first: response, waiting: lines.get(socket)?.waiting ?? [] });
    response.once('close', () => next(socket));
    response.setTimeout(untakenMs, () => {
      // Whoever waits for us, not we for them, may go on waiting.
      if (socket.writableLength > 0) socket.destroy();
    });
    callback(request, response);
  }

  function next(socket: Socket): void {
    const turn = lines.get(socket)?.waiting.shift();
    if (turn === undefined) {
      lines.delete(socket);
      return;
    }
    // Other connections come in between; without that, answers that need no pause make them wait.
    setImmediate(() => {
      if (socket.writable) turn();
    });
  }

  function turnAway(socket: Socket, { first }: Line): void {
    log.info({ peer: socket.remoteAddress, error: 'too-many-at-once' }, 'connection.refused');
    if (!first.headersSent) socket.write(TOO_MANY);
    socket.destroy();
    hearNoMore(socket);
  }
}

/**
 * Two thousand requests may be in what was read at once, and Node goes through all of them,
 * closed or not. This is how it is told that what follows is no HTTP; there is no public way.
 */
function hearNoMore(socket: Socket & { readonly parser?: { onIncoming?: () => number } }): void {
  if (socket.parser?.onIncoming) socket.parser.onIncoming = () => 2;
}
