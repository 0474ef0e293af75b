/**
 * What the handset remembers: texts, calls, mails and authenticator entries, newest first, in one
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

/** What a call provider is given; see src/channels/voice/http.ts. */
export const Call = Text.omit({ purpose: true }).extend({
  language: z.string().max(40),
  answerAt: z.string().max(2_000).exactOptional(),
});

const KeptCall = z.object({
  id: z.string(),
  to: z.string(),
  receivedAt: z.string(),
  /** Nothing, where nobody answered. */
  became: z.enum(['answered', 'declined']).exactOptional(),
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
  // A file that was written before there were calls has none.
  calls: z.array(KeptCall).default([]),
  mails: z.array(ReceivedMail),
  entries: z.array(Entry),
});

type Kept = z.infer<typeof Kept>;
export type Call = z.infer<typeof Call>;
export type KeptCall = z.infer<typeof KeptCall>;
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

    /** False where it was already given. */
    addCall(call: Pick<KeptCall, 'id' | 'to'>, now: Date): boolean {
      if (kept.calls.some(({ id }) => id === call.id)) return false;
      const received = { ...call, receivedAt: now.toISOString() };
      change({ calls: [received, ...kept.calls].slice(0, MOST_MESSAGES) });
      return true;
    },

    changeCall(id: string, became: KeptCall['became'] & string): void {
      change({ calls: kept.calls.map((call) => (call.id === id ? { ...call, became } : call)) });
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
  const nothing: Kept = { texts: [], calls: [], mails: [], entries: [] };
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
