/**
 * What the handset remembers: texts, mails and authenticator entries, newest first, in one
 * small file, so that a restart of the demo loses nothing.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { z } from 'zod';

const MOST_MESSAGES = 50;

/** What a carrier is given; see src/channels/sms/http.ts. */
export const Text = z.object({
  to: z.string().max(40),
  purpose: z.string().max(40),
  text: z.string().max(2_000),
  messageId: z.string().max(200),
});

const ReceivedText = Text.extend({ receivedAt: z.string() });

const ReceivedMail = z.object({
  id: z.string(),
  to: z.string(),
  from: z.string(),
  subject: z.string(),
  text: z.string(),
  receivedAt: z.string(),
});

const Entry = z.object({
  id: z.string(),
  issuer: z.string(),
  account: z.string(),
  seed: z.string(),
});

const Kept = z.object({
  texts: z.array(ReceivedText),
  mails: z.array(ReceivedMail),
  entries: z.array(Entry),
});

type Kept = z.infer<typeof Kept>;
export type ReceivedMail = z.infer<typeof ReceivedMail>;
export type Entry = z.infer<typeof Entry>;
export type Store = ReturnType<typeof createStore>;

/** Without a file nothing is kept over a restart. */
export function createStore(file?: string) {
  let kept = read(file);

  function change(changes: Partial<Kept>): void {
    kept = { ...kept, ...changes };
    if (file) write(file, kept);
  }

  return {
    all: (): Readonly<Kept> => kept,

    /** A carrier drops what it was already given: the sender may have missed our answer. */
    addText(text: z.infer<typeof Text>, now: Date): void {
      if (kept.texts.some(({ messageId }) => messageId === text.messageId)) return;
      const received = { ...text, receivedAt: now.toISOString() };
      change({ texts: [received, ...kept.texts].slice(0, MOST_MESSAGES) });
    },

    addMail(mail: ReceivedMail): void {
      if (kept.mails.some(({ id }) => id === mail.id)) return;
      change({ mails: [mail, ...kept.mails].slice(0, MOST_MESSAGES) });
    },

    /** One entry per seed: pasting it twice changes its name only. */
    addEntry(entry: Entry): void {
      const others = kept.entries.filter(({ seed }) => seed !== entry.seed);
      change({ entries: [entry, ...others].slice(0, MOST_MESSAGES) });
    },

    removeEntry(id: string): void {
      change({ entries: kept.entries.filter((entry) => entry.id !== id) });
    },
  };
}

function read(file: string | undefined): Kept {
  const nothing: Kept = { texts: [], mails: [], entries: [] };
  if (!file || !existsSync(file)) return nothing;
  const kept = Kept.safeParse(parse(readFileSync(file, 'utf8')));
  // A file of another version is no reason for the demo not to start.
  return kept.success ? kept.data : nothing;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function write(file: string, kept: Kept): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
