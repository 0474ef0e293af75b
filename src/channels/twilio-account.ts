/**
 * An account at Twilio, for texts and for calls: its settings, the library as it is opened for
 * the first of them, and what the errors of Twilio mean.
 *
 * Why so: the library writes requests and reads answers, and does not send. It would count only
 * silence as slow, read an answer without end, and take half of its settings from variables.
 */
import type twilio from 'twilio';
import { z } from 'zod';

import { beginningOf, createExchange, isAccountRefused, isTemporary } from './ask.ts';
import { ChannelError } from './channel.ts';

const sid = (begin: 'AC' | 'MG') =>
  z
    .string()
    .regex(new RegExp(`^${begin}[0-9a-f]{32}$`), `must be ${begin} and 32 signs of 0-9 and a-f`);

export const twilioSettings = z.strictObject({
  accountSid: sid('AC').exactOptional(),
  authToken: z.string().min(1).exactOptional(),
  /** Who texts and calls: a number; for texts a short code or a name will do. */
  from: z
    .string()
    .regex(
      /^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/,
      'must be a number such as +14255550100 (in quotes), a short code, or a name of 11 signs at most',
    )
    .exactOptional(),
  messagingServiceSid: sid('MG').exactOptional(),
  url: z
    .url()
    .refine(
      (url) => /^https:\/\/[^/@]+\/?$|^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/?$/.test(url),
      'must be an address such as https://api.dublin.ie1.twilio.com',
    )
    .default('https://api.twilio.com'),
});

export interface TwilioAccount {
  readonly accountSid: string;
  readonly authToken: string;
  readonly url: string;
  /** For one message or call. */
  readonly timeoutSeconds: number;
}

const WHOM = 'Twilio';

type Library = typeof twilio;
type Client = InstanceType<Library['Twilio']>;

/** Loaded when it is first needed: it costs 140 ms and 10 MB. */
export const loadTwilio = async (): Promise<Library> => (await import('twilio')).default;

/** What comes back asks the account something; throws ChannelError. */
export function openAccount(account: TwilioAccount) {
  let opening: Promise<Client> | undefined;
  return async function ask<T>(question: (client: Client) => Promise<T>): Promise<T> {
    const client = await (opening ??= openClient(account));
    return question(client).catch(fail);
  };
}

async function openClient({ accountSid, authToken, ...where }: TwilioAccount): Promise<Client> {
  const library = await loadTwilio();
  const httpClient = Object.assign(new library.RequestClient(), { request: sender(where) });
  return library(accountSid, authToken, { httpClient });
}

type Request = Parameters<InstanceType<Library['RequestClient']>['request']>[0];

function sender({ url, timeoutSeconds }: Pick<TwilioAccount, 'url' | 'timeoutSeconds'>) {
  const exchange = createExchange({ whom: WHOM, timeoutSeconds }, async (response) => ({
    statusCode: response.status,
    body: await beginningOf(response),
    headers: response.headers,
  }));
  return ({ method, uri, username = '', password = '', headers = {}, data }: Request) => {
    const credentials = Buffer.from(`${username}:${password}`).toString('base64');
    return exchange(new URL(new URL(uri).pathname, url).href, {
      method,
      headers: { ...(headers as Record<string, string>), authorization: `Basic ${credentials}` },
      ...(data ? { body: new URLSearchParams(fieldsOf(data)) } : {}),
    });
  };
}

/** A list is said field by field. */
const fieldsOf = (data: object): [string, string][] =>
  Object.entries(data).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  );

const OPTED_OUT = 21610;
/** Too many waiting calls or texts of this sender. */
const BUSY = [10004, 14107, 20429, 21611];
/** Closed, unpaid, on trial, or not allowed to send so, from there, or to that country. */
const REFUSED_ACCOUNT = [
  10001, 10002, 20003, 20005, 20006, 20008, 20404, 21210, 21212, 21215, 21219, 21408, 21603, 21606,
  21608, 21659, 21660, 21661, 21701, 21703, 21704, 21705, 63038,
];

function fail(error: unknown): never {
  if (error instanceof ChannelError) throw error;
  // It is not told what could not be read: that may quote the message.
  if (error instanceof SyntaxError) {
    throw new ChannelError(`${WHOM} gave no answer of its own`, { isTemporary: true });
  }
  const { status, code } = error as { status?: number; code?: number }; // RestException
  if (status === undefined) throw error;
  const isOptedOut = code === OPTED_OUT;
  const refused = isAccountRefused(status) || REFUSED_ACCOUNT.includes(code ?? 0);
  throw new ChannelError(`${WHOM} answered ${status}, code ${code ?? 'none'}`, {
    isTemporary: !refused && !isOptedOut && (isTemporary(status) || BUSY.includes(code ?? 0)),
    isOptedOut,
    isAccountRefused: refused && !isOptedOut,
    code: String(code ?? status),
  });
}

/** Any answer but a failure of its own will do. */
export async function reach(
  ask: ReturnType<typeof openAccount>,
  accountSid: string,
): Promise<void> {
  await ask((client) => client.api.v2010.accounts(accountSid).fetch()).catch((error: unknown) => {
    if (!(error instanceof ChannelError) || error.isTemporary) throw error;
  });
}
