/**
 * Whoever is called, and the provider that tells what they pressed.
 */
import { type Call, CALLBACK_SECRET } from './carrier.ts';
import type { Visitor } from './visitor.ts';
import { signedHeaders } from './webhook.ts';

interface More {
  readonly secret?: string;
  /** To another address than the call's own. */
  readonly at?: string;
  readonly signedAt?: Date;
  readonly body?: string;
}

/** What is shown on the page that waits for a call. */
export const digitsOn = (visitor: Visitor): string =>
  visitor.html().querySelector('.number')?.lastChild?.text.trim() ?? '';

/** Of as many digits, and none of them right. */
export const wrongDigits = (right: string): string => (right === '11' ? '22' : '11');

/** The provider's post: its status, and what it is told to say. */
async function tells(
  { answerAt = '' }: Call,
  said: object,
  { secret = CALLBACK_SECRET, at = answerAt, signedAt = new Date(), ...more }: More = {},
) {
  const { body = JSON.stringify({ answerAt, ...said }) } = more;
  const headers = {
    'content-type': 'application/json',
    ...signedHeaders(body, { secret, at: signedAt }),
  };
  const response = await fetch(at, { method: 'POST', headers, body });
  const isSaid = response.headers.get('content-type')?.includes('json') ?? false;
  const { text } = isSaid ? ((await response.json()) as { text: string }) : { text: '' };
  return { status: response.status, says: text };
}

export const presses = (call: Call, keys: string, more?: More) => tells(call, { keys }, more);

export const ends = (call: Call, ended = 'hung-up') => tells(call, { ended });
