/**
 * A browser without script, as a story needs it: it keeps cookies, follows redirects, fills
 * forms by their stable names and stops at an app's door.
 */
import { type HTMLElement, parse } from 'node-html-parser';
import { CookieJar } from 'tough-cookie';

import { appCode, type Person } from './people.ts';

export type Visitor = ReturnType<typeof createVisitor>;

type Fields = Readonly<Record<string, string>>;

const MOST_REDIRECTS = 10;

/** `ask` is how requests travel; a story may put a proxy in between. */
export function createVisitor(issuer: string, person?: Person, ask: typeof fetch = fetch) {
  const jar = new CookieJar(undefined, {
    allowSpecialUseDomain: true,
    rejectPublicSuffixes: false,
  });
  let status = 0;
  let headers = new Headers();
  let html: HTMLElement = parse('');
  let at = new URL(issuer);
  let landed: URL | undefined;
  let network: string | undefined;

  /** One request and all its redirects; stops when they leave the house. */
  async function go(url: URL, init: RequestInit = {}): Promise<void> {
    landed = undefined;
    let next: URL | undefined = url;
    let request = init;
    for (let hops = 0; next && hops < MOST_REDIRECTS; hops += 1) {
      if (next.origin !== issuer) {
        landed = next;
        return;
      }
      const response = await raw(next, request);
      at = next;
      request = {};
      ({ status, headers } = response);
      html = parse(await response.text());
      const location = response.headers.get('location') ?? refreshIn(html);
      next = location === undefined ? undefined : new URL(location, at);
    }
    if (next) throw new Error(`too many redirects, the last to ${next.href}`);
  }

  /** Where a page leads at once by itself. */
  const refreshIn = (page: HTMLElement): string | undefined =>
    /^\d; url=(.+)$/.exec(
      page.querySelector('meta[http-equiv="refresh"]')?.getAttribute('content') ?? '',
    )?.[1];

  async function raw(url: URL | string, init: RequestInit = {}): Promise<Response> {
    const { href } = new URL(url, issuer);
    const response = await ask(href, {
      ...init,
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        'accept-language': 'en',
        cookie: await jar.getCookieString(href),
        ...(network !== undefined && { 'x-forwarded-for': network }),
        ...(init.headers as Fields | undefined),
      },
    });
    for (const cookie of response.headers.getSetCookie()) await jar.setCookie(cookie, href);
    return response;
  }

  const main = (): HTMLElement | null => html.querySelector('main');

  function formFor(selector: string): HTMLElement {
    const form = html.querySelector(selector);
    if (!form) throw new Error(`no ${selector} on ${seen()}: ${main()?.text ?? ''}`);
    return form;
  }

  function submit(form: HTMLElement, typed: Fields): Promise<void> {
    const fields = new URLSearchParams();
    for (const input of form.querySelectorAll('input, select')) {
      const { name = '', value = '', type, checked } = input.attributes;
      const isSent = type === 'radio' ? checked !== undefined : type !== 'checkbox';
      if (name && isSent) fields.set(name, value);
    }
    for (const [name, value] of Object.entries(typed)) fields.set(name, value);
    return post(form.getAttribute('action') ?? '', fields);
  }

  const post = (action: string, fields: URLSearchParams): Promise<void> =>
    go(new URL(action, at), {
      method: 'POST',
      body: fields,
      headers: { origin: issuer, 'sec-fetch-site': 'same-origin' },
    });

  const seen = (): string =>
    landed?.href ?? main()?.getAttribute('data-page') ?? `status ${status}`;

  return {
    jar,
    raw,
    submit,
    post,
    formFor,
    /** Says through which address it comes; a house believes it from its own proxies only. */
    comesFrom(address: string): void {
      network = address;
    },
    opens: (url: URL | string) => go(new URL(url, issuer)),
    reloads: () => go(at),

    /** The page's name, or where an app took over. */
    sees: seen,
    status: () => status,
    headers: () => headers,
    html: () => html,
    /** All that can be read, without what lies between words. */
    reads: (): string => (main()?.text ?? '').replaceAll(/\s+/g, ' ').trim(),
    title: (): string => html.querySelector('title')?.text ?? '',
    at: (): URL => at,
    /** Where the browser left the house. */
    landed(): URL {
      if (!landed) throw new Error(`still on ${seen()}: ${this.reads()}`);
      return landed;
    },

    /** Fills the page's main form; several forms are told apart by a field's value. */
    async says(typed: Fields): Promise<void> {
      const forms = html.querySelectorAll('form[data-step]');
      const form =
        forms.find((one) =>
          Object.entries(typed).every(([name, value]) =>
            one.querySelector(`input[name="${name}"][value="${value}"]`),
          ),
        ) ?? forms[0];
      if (!form) throw new Error(`no form on ${seen()}: ${main()?.text ?? ''}`);
      await submit(form, typed);
    },

    /** Presses a button that says one thing: `another-way`, `cancel`, `restart`, `again`. */
    presses: (act: string, typed: Fields = {}): Promise<void> =>
      submit(formFor(`form[action$="/${act}"]`), typed),

    /** Through user name and password, and no further. */
    async identifies(password?: string, { stay = false } = {}): Promise<void> {
      if (!person) throw new Error('nobody is here');
      await this.says({ identifier: person.username });
      await this.says({ password: password ?? person.password, ...(stay && { stay: 'true' }) });
    },

    code(): string {
      if (!person?.seed) throw new Error('this person has no authenticator app');
      return appCode(person.seed);
    },
  };
}
