/**
 * Reads posted forms: urlencoded only, small, and nothing but named strings. Routes then pick
 * the fields they know; an object, a list or a number cannot be sent at all.
 */
import type { Context, Middleware } from 'koa';
import getRawBody from 'raw-body';

import type { Form } from '../lib/form.ts';
import { Problem } from '../lib/problem.ts';

const FORM_BYTES = 16 * 1024;
const MOST_FIELDS = 100;
const LONGEST_NAME = 100;
const LONGEST_VALUE = 4096;

/** What a key's maker says of it: certificates, and for Windows' own a good deal more. */
const LONGEST_ATTESTATION = 64 * 1024;
const ATTESTATION_BYTES = LONGEST_ATTESTATION + FORM_BYTES;

const read = new WeakMap<Context, Form>();

const readFormOf =
  (longest: number, bytes = FORM_BYTES): Middleware =>
  async (ctx, next) => {
    const isPosted = ctx.method === 'POST';
    if (isPosted) read.set(ctx, parseForm(await readUrlencoded(ctx, bytes), longest));
    await next();
  };

/** Reads the form of a POST; `formOf` then gives it. Other methods pass. */
export const readForm = readFormOf(LONGEST_VALUE);

/** The same, for a field that may fill nearly all of the form. */
export const readLongForm = readFormOf(FORM_BYTES);

/** For the one form by which a new key comes. */
export const readAttestation = readFormOf(LONGEST_ATTESTATION, ATTESTATION_BYTES);

export function formOf(ctx: Context): Form {
  const form = read.get(ctx);
  if (!form) throw new Error('readForm did not run before formOf');
  return form;
}

/** The body's text. Throws Problem for another type, a longer body, or bytes that are no UTF-8. */
export async function readUrlencoded(ctx: Context, limit: number): Promise<string> {
  if (!ctx.is('application/x-www-form-urlencoded')) throw new Problem('form-invalid');
  return readText(ctx, limit);
}

/** The same, of whatever type it says to be. */
export async function readText(ctx: Context, limit: number): Promise<string> {
  if (ctx.get('Content-Encoding')) throw new Problem('form-invalid');
  const length = ctx.get('Content-Length');
  try {
    const body = await getRawBody(ctx.req, { limit, ...(length && { length }) });
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    const isTooLarge =
      cause instanceof Error && 'type' in cause && cause.type === 'entity.too.large';
    throw new Problem(isTooLarge ? 'form-too-large' : 'form-invalid', { cause });
  }
}

export function parseForm(text: string, longest = LONGEST_VALUE): Form {
  // Undecodable escapes become U+FFFD in URLSearchParams; here they are an error.
  if (!isDecodable(text)) throw new Problem('form-invalid');
  const fields = [...new URLSearchParams(text)];
  if (fields.length > MOST_FIELDS) throw new Problem('form-invalid');

  const form = Object.create(null) as Record<string, string>;
  for (const [name, value] of fields) {
    if (name in form || !isPlain(name, LONGEST_NAME) || !isPlain(value, longest)) {
      throw new Problem('form-invalid');
    }
    form[name] = value;
  }
  return Object.freeze(form);
}

const isPlain = (text: string, longest: number): boolean =>
  text.length <= longest && !text.includes('\0') && text.isWellFormed();

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
