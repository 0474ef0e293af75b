/**
 * Group commit: the commands that arrive in one turn of the event loop run in one transaction, and
 * are answered once it is on the disk. So one write to the disk serves many, and nothing that was
 * acknowledged can be lost.
 */
import { encode } from './document.ts';
import type { Doc } from './document.ts';
import { CommandError, errorReply, MalformedInput } from './errors.ts';
import { runCommand } from './commands/run.ts';
import type { Reply } from './commands/command.ts';
import type { Engine } from './engine/engine.ts';

export interface Request {
  /** May throw like a command that is refused. */
  readonly read: () => Doc;
  /** Takes an encoded document. */
  answer(reply: Buffer): void;
  /** The bytes were no command: there is nobody to answer to. */
  reject(error: MalformedInput): void;
}

export interface Batch {
  add(request: Request): void;
  /** Runs what has been added, without waiting for the turn to end. */
  flush(): void;
}

export function createBatch(engine: Engine, onError: (error: unknown) => void): Batch {
  let requests: Request[] = [];

  function flush(): void {
    const waiting = requests;
    requests = [];
    if (waiting.length === 0) return;
    const outcomes = inTransaction(waiting);
    for (const [index, request] of waiting.entries()) outcomes[index]?.(request);
  }

  function inTransaction(waiting: readonly Request[]): readonly Outcome[] {
    try {
      engine.store.begin();
      const outcomes = waiting.map(run);
      engine.store.commit();
      return outcomes;
    } catch (error) {
      engine.store.rollback();
      const reply = failed(error);
      return waiting.map(() => (request) => request.answer(reply));
    }
  }

  function run({ read }: Request): Outcome {
    try {
      const reply = encoded(runCommand(engine, read()));
      return (request) => request.answer(reply);
    } catch (error) {
      if (error instanceof MalformedInput) return (request) => request.reject(error);
      if (error instanceof CommandError) return refused(error);
      // Where the transaction itself is gone, as on a full disk, what ran before is undone, too.
      if (!engine.store.isInTransaction()) throw error;
      const reply = failed(error);
      return (request) => request.answer(reply);
    }
  }

  /** Something broke: what memory says of the catalog may no longer be what the tables say. */
  function failed(error: unknown): Buffer {
    onError(error);
    engine.catalog.load();
    return encode(errorReply(error));
  }

  return {
    add(request) {
      // Immediates run after all sockets that were readable in this turn have been read.
      if (requests.push(request) === 1) setImmediate(flush);
    },
    flush,
  };
}

type Outcome = (request: Request) => void;

function refused(error: CommandError): Outcome {
  const reply = encode(errorReply(error));
  return (request) => request.answer(reply);
}

/** Here, where a failure can still be reported, and not when the answer is sent. */
const encoded = (reply: Reply): Buffer => (Buffer.isBuffer(reply) ? reply : encode(reply));
