/**
 * Mails on their way: stored before they leave, sealed, because they name people and what
 * they did. A mail that was sent stays until it expires, so that whatever promised it may
 * promise it again without sending it twice.
 */
import type { Connection } from 'mongoose';

import { isDuplicate } from './duplicate.ts';
import { createLeased, type Leased } from './leased.ts';

/** Its id follows from what it is about: the same promise has the same id. A sent one is not due. */
export interface Message extends Leased {
  readonly sealed: string;
}

export type Messages = ReturnType<typeof createStoredMessages>;

export function createStoredMessages(connection: Connection) {
  const leased = createLeased<Message>(connection, {
    name: 'Message',
    collection: 'messages',
    fields: { sealed: String },
    emptied: { sealed: '' },
  });

  return {
    ...leased,

    /** False when the same was promised before. */
    async promise(message: Message): Promise<boolean> {
      try {
        await leased.model.insertOne(message);
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },
  };
}
