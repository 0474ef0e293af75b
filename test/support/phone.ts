/**
 * A phone with an approver, as a story needs it: its keys are node:crypto's, and what it says
 * is what the web app in views/assets/approver/ says. Requests reach both processes in turn.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';

import { appCode, people } from './people.ts';

export type Phone = ReturnType<typeof createPhone>;

type Fields = Readonly<Record<string, string>>;

/** A question as the phone hears it. */
export interface Asked {
  readonly challenge: string;
  readonly device: string;
  readonly nonce: string;
  readonly account: string;
  readonly purpose: string;
  readonly client: string;
  readonly digits: number;
  readonly secondsLeft: number;
  readonly [more: string]: unknown;
}

export interface Said {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
}

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

/** Dan's own: paired before the story begins. */
export async function dansPhone(issuer: string): Promise<Phone> {
  const key = Buffer.from(people.dan.approver, 'base64url');
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  const phone = createPhone(issuer, { privateKey, device: 'id-dan.app', seed: people.dan.seed });
  await phone.wakes();
  return phone;
}

/** No two answers of any phone share one. */
let counter = 0;

export function createPhone(
  issuer: string,
  { privateKey = newKey(), device = '', seed = '', userAgent = 'Chrome/147 Android' } = {},
) {
  const publicKey = createPublicKey(privateKey);
  const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64url');
  const heldBy = { device, seed, ticket: '' };

  const signed = (...lines: readonly string[]): string =>
    sign('sha256', Buffer.from(lines.join('\n')), {
      key: privateKey,
      dsaEncoding: 'ieee-p1363',
    }).toString('base64url');

  const ask = (path: string, fields: Fields): Promise<Response> =>
    fetch(`${issuer}/approver/${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { accept: 'application/json', 'user-agent': userAgent },
    });

  async function says(path: string, fields: Fields): Promise<Said> {
    const response = await ask(path, fields);
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Fields) };
  }

  return {
    key,
    signed,
    says,
    device: (): string => heldBy.device,
    ticket: (): string => heldBy.ticket,
    /** What it shows without any network. */
    code: (at = new Date()): string => appCode(heldBy.seed, at),

    async pairs(code: string, name?: string): Promise<Said> {
      const signature = signed('doorstep/pair', code, key);
      const said = await says('pair', { code, key, signature, ...(name && { name }) });
      if (said.status === 200) Object.assign(heldBy, said.body);
      return said;
    },

    /** Comes back later, as after it was closed. */
    async wakes(device = heldBy.device): Promise<Said> {
      const { body } = await says('nonce', {});
      const { nonce = '' } = body;
      const signature = signed('doorstep/hello', device, nonce);
      const said = await says('hello', { device, nonce, signature });
      if (said.status === 200) heldBy.ticket = said.body.ticket ?? '';
      return said;
    },

    /** The questions that wait for it now. */
    async hears(tickets = heldBy.ticket): Promise<readonly Asked[]> {
      const response = await ask('hear', { tickets });
      if (!response.ok) throw new Error(`the phone was told ${response.status}`);
      const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
      let text = '';
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        text += Buffer.from(read.value).toString();
        const [, data] = /^data: (.*)$/m.exec(text) ?? [];
        if (data === undefined) continue;
        await reader.cancel();
        return JSON.parse(data) as Asked[];
      }
      throw new Error('the stream ended without a word');
    },

    /** The body of an answer, to be sent once or often; a new one each time. */
    answer(asked: Asked, { number = '', decision = 'approve', ...more }: Fields = {}): Fields {
      counter += 1;
      const { challenge, nonce } = asked;
      const lines = ['doorstep/answer', challenge, nonce, decision, number, String(counter)];
      const body = { challenge, decision, number, counter: String(counter) };
      return { ticket: heldBy.ticket, ...body, signature: signed(...lines), ...more };
    },

    /** Hears of one question and approves it with this number. */
    async approves(number: string): Promise<Said> {
      const [asked] = await this.hears();
      if (!asked) throw new Error('nothing to approve');
      return says('answer', this.answer(asked, { number }));
    },

    async denies(): Promise<Said> {
      const [asked] = await this.hears();
      if (!asked) throw new Error('nothing to refuse');
      return says('answer', this.answer(asked, { decision: 'deny' }));
    },
  };
}
