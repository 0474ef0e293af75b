/**
 * Waits for an absent database once, not once for every question: when one operation has waited
 * in vain, the others fail at once until the server is heard of again. Otherwise a request that
 * asks twice would hang twice as long, and requests would pile up while it is away.
 */
import type { Connection, Schema } from 'mongoose';

const queries = [
  'countDocuments',
  'deleteMany',
  'deleteOne',
  'distinct',
  'find',
  'findOne',
  'findOneAndDelete',
  'findOneAndUpdate',
  'updateMany',
  'updateOne',
] as const;

/** What the operation that waited was told; missing while all is well. */
const missed = new WeakMap<Connection, Error>();

type Next = (error: Error) => void;

/** A plugin for every schema. */
export function waitOnce(schema: Schema): void {
  schema.pre([...queries], function () {
    refuse(this.model.db);
  });
  schema.pre('save', function () {
    refuse(this.db);
  });
  schema.post([...queries], function (error: Error, _result: unknown, next: Next) {
    remember(this.model.db, error);
    next(error);
  });
  schema.post('save', function (error: Error, _result: unknown, next: Next) {
    remember(this.db, error);
    next(error);
  });
}

/** Its heartbeat says within two seconds that a server is back. */
export function listenForReturn(connection: Connection): void {
  connection.getClient().on('serverHeartbeatSucceeded', () => missed.delete(connection));
}

function refuse(connection: Connection): void {
  const error = missed.get(connection);
  if (error) throw error;
}

function remember(connection: Connection, error: Error): void {
  if (hasWaited(error)) missed.set(connection, error);
}

/** Unlike one whose connection was cut, which says nothing about the next. */
const hasWaited = ({ name }: Error): boolean =>
  /(ServerSelection|NetworkTimeout|WaitQueueTimeout|PoolClearedOnNetwork)Error$/.test(name);
