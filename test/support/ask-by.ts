/**
 * A request that travels as `fetch` cannot send it: from another address, or to another place
 * than its own URL says. For the `ask` of a visitor.
 */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';

export interface Travel {
  readonly to?: URL;
  readonly localAddress?: string;
  /** Besides its own, or in their place. */
  readonly headers?: Readonly<Record<string, string>>;
}

export async function askBy(
  { url, method, headers, body }: Request,
  { to = new URL(url), localAddress, headers: more }: Travel,
): Promise<Response> {
  const onward = request(to, {
    method,
    headers: { ...Object.fromEntries(headers), ...more },
    ...(localAddress !== undefined && { localAddress, family: 4 }),
  });
  onward.end(body && (await new Response(body).text()));
  const [answer] = (await once(onward, 'response')) as [IncomingMessage];
  const answered = new Headers();
  for (const [name, values = []] of Object.entries(answer.headersDistinct)) {
    for (const value of values) answered.append(name, value);
  }
  return new Response(Readable.toWeb(answer) as ReadableStream, {
    status: answer.statusCode ?? 0,
    headers: answered,
  });
}
