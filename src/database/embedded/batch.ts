/**
 * Group commit: the writes that arrive in one turn of the event loop run in one transaction, and
 * are answered once it is on the disk. So one write to the disk serves many, and nothing that was
 * acknowledged can be lost. Reads run before it: they tell only what is on the disk, and go on
 * where that is full.
 */
import { encode } from './document.ts';
import type { Doc } from './document.ts';
import { CommandError, errorReply, MalformedInput } from './errors.ts';
import { runCommand, writes } from './commands/run.ts';
import type { Reply } from './commands/command.ts';
import type { Engine } from './engine/engine.ts';
import { isDiskFull } from './engine/sqlite-error.ts';

export interface Request {
  /** May throw like a command that is refused. */
  readonly read: () => Doc;
  /** False if its sender does not wait for an answer. */
  readonly answered: boolean;
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

interface Job {
  readonly request: Request;
  readonly command: Doc;
}

export function createBatch(engine: Engine, onError: (error: unknown) => void): Batch {
  let requests: Request[] = [];

  function flush(): void {
    const waiting = requests;
    requests = [];
    const { true: changing = [], false: looking = [] } = Object.groupBy(
      waiting.flatMap(read),
      ({ command }) => String(writes(command)) as 'true' | 'false',
    );
    for (const job of looking) job.request.answer(run(job));
    if (changing.length > 0) writeTogether(changing);
  }

  function read(request: Request): readonly Job[] {
    try {
      return [{ request, command: request.read() }];
    } catch (error) {
      if (error instanceof MalformedInput) request.reject(error);
      else request.answer(refusal(error));
      return [];
    }
  }

  function writeTogether(jobs: readonly Job[]): void {
    const replies = inTransaction(jobs);
    for (const [index, { request }] of jobs.entries()) {
      const reply = replies[index];
      if (reply !== undefined) request.answer(reply);
    }
  }

  function inTransaction(jobs: readonly Job[]): readonly Buffer[] {
    try {
      engine.store.begin();
      const replies = jobs.map(run);
      engine.store.commit();
      return replies;
    } catch (error) {
      engine.store.rollback();
      // What memory says of the catalog is no longer what the tables say.
      engine.catalog.load();
      const reply = refusal(error);
      return jobs.map(() => reply);
    }
  }

  function run({ command }: Job): Buffer {
    const isWrite = engine.store.isInTransaction();
    try {
      return encoded(runCommand(engine, command));
    } catch (error) {
      // Where the transaction itself is gone, as on a full disk, what ran before is undone, too.
      if (isWrite && !engine.store.isInTransaction()) throw error;
      if (!(error instanceof CommandError)) engine.catalog.load();
      return refusal(error);
    }
  }

  function refusal(error: unknown): Buffer {
    if (isDiskFull(error))
      return encode(errorReply(new CommandError(14031, (error as Error).message)));
    if (!(error instanceof CommandError)) onError(error);
    return encode(errorReply(error));
  }

  return {
    add(request) {
      requests.push(request);
      // Its sender may send what builds on it at once, and this must not overtake it.
      if (!request.answered) flush();
      // Immediates run after all sockets that were readable in this turn have been read.
      else if (requests.length === 1) setImmediate(flush);
    },
    flush,
  };
}

/** Here, where a failure can still be reported, and not when the answer is sent. */
const encoded = (reply: Reply): Buffer => (Buffer.isBuffer(reply) ? reply : encode(reply));
