/**
 * What an approver's phone talks to, played by a test: every signature is verified by
 * node:crypto, and stories say what is asked, what is gone, and when nobody answers.
 */
import { createPublicKey, type KeyObject, randomBytes, verify } from 'node:crypto';
import { PassThrough } from 'node:stream';

import type { Context, Middleware } from 'koa';

import { formOf, readForm } from '../../src/web/forms.ts';

/** What a story asks; the rest is filled in. */
export interface Asked {
  readonly number: string;
  readonly purpose?: string;
  readonly client?: string;
  readonly text?: string;
  readonly browser?: string;
  readonly address?: string;
  readonly isKnownNetwork?: boolean;
  readonly secondsLeft?: number;
}

interface Device {
  readonly id: string;
  readonly account: string;
  readonly key: KeyObject;
  readonly endpoints: string[];
  counter: number;
  isConfirmed: boolean;
  notifications: 'on' | 'off' | 'lost';
}

interface Open extends Required<Pick<Asked, 'number' | 'purpose'>> {
  readonly device: Device;
  readonly shown: Readonly<Record<string, unknown>> & { nonce: string };
  outcome?: string;
}

type Form = Readonly<Record<string, string>>;
type Answer = readonly [status: number, body: Readonly<Record<string, unknown>>];

const SECOND = 1000;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const refused = (status: number, error: string): Answer => [status, { error, requestId: 'r1' }];

export function createFakeApproverApi({ vapidKey }: { vapidKey?: string } = {}) {
  const codes = new Map<string, { account: string; seed: string }>();
  const devices = new Map<string, Device>();
  const tickets = new Map<string, Device>();
  const nonces = new Set<string>();
  const open = new Map<string, Open>();
  const streams = new Map<PassThrough, readonly Device[]>();
  const received: { act: string; form: Form }[] = [];
  let isAway = false;
  let losesAnswers = 0;
  let hasNoTriesLeft = false;

  const acts: Readonly<Record<string, (form: Form) => Answer>> = {
    pair({ code = '', key = '', signature = '' }) {
      const known = codes.get(code);
      const spki = { key: Buffer.from(key, 'base64url'), format: 'der', type: 'spki' } as const;
      const publicKey = known && createPublicKey(spki);
      if (!publicKey || !isSigned(publicKey, signature, 'doorstep/pair', code, key)) {
        return refused(410, 'pairing-over');
      }
      codes.delete(code);
      const { account, seed } = known;
      const id = random();
      const fresh = { counter: 0, isConfirmed: false, notifications: 'off' } as const;
      const device: Device = { id, account, key: publicKey, ...fresh, endpoints: [] };
      devices.set(id, device);
      const names = { account, organisation: 'Doorstep' };
      return [200, { device: id, seed, ...names, ticket: giveTicket(device), vapidKey }];
    },

    nonce() {
      const nonce = random();
      nonces.add(nonce);
      return [200, { nonce }];
    },

    hello({ device: id = '', nonce = '', signature = '' }) {
      const device = devices.get(id);
      if (!device?.isConfirmed) return refused(410, 'device-gone');
      if (!nonces.has(nonce)) return refused(400, 'form-invalid');
      if (!isSigned(device.key, signature, 'doorstep/hello', id, nonce)) {
        return refused(400, 'form-invalid');
      }
      const { account, notifications } = device;
      const names = { account, organisation: 'Doorstep' };
      return [200, { ticket: giveTicket(device), ...names, vapidKey, notifications }];
    },

    answer(form) {
      const { ticket = '', challenge = '', decision = '', number = '', counter = '' } = form;
      const device = tickets.get(ticket);
      if (!device) return refused(401, 'ticket-over');
      if (hasNoTriesLeft) return refused(429, 'too-many-tries');
      const asked = open.get(challenge);
      if (asked?.outcome === 'approved' && decision === 'approve')
        return [200, { outcome: 'approved' }];
      if (asked?.device !== device || asked.outcome) return refused(410, 'request-over');
      const signed = ['doorstep/answer', challenge, asked.shown.nonce, decision, number, counter];
      const isNew = Number(counter) > device.counter;
      if (!isNew || !isSigned(device.key, form.signature ?? '', ...signed)) {
        return refused(400, 'form-invalid');
      }
      device.counter = Number(counter);
      const isRight = number === asked.number;
      asked.outcome = decision === 'deny' ? 'denied' : isRight ? 'approved' : 'wrong-number';
      if (asked.outcome === 'approved') device.isConfirmed = true;
      tellAll();
      return [200, { outcome: asked.outcome }];
    },

    subscribe({ ticket = '', endpoint = '' }) {
      const device = tickets.get(ticket);
      if (!device) return refused(401, 'ticket-over');
      if (endpoint.startsWith('http:')) return refused(400, 'push-address-refused');
      device.endpoints.push(endpoint);
      device.notifications = endpoint === '' ? 'off' : 'on';
      return [204, {}];
    },
  };

  function hear(ctx: Context, form: Form): void {
    const listening = (form.tickets ?? '').split(' ').map((ticket) => tickets.get(ticket));
    if (!listening.every((each) => each !== undefined)) {
      [ctx.status, ctx.body] = refused(401, 'ticket-over');
      return;
    }
    const stream = new PassThrough();
    streams.set(stream, listening);
    const beat = setInterval(() => stream.write(': beat\n\n'), 15 * SECOND);
    ctx.res.on('close', () => {
      clearInterval(beat);
      streams.delete(stream);
    });
    ctx.status = 200;
    ctx.type = 'text/event-stream';
    ctx.body = stream;
    stream.write(listFor(listening));
  }

  function listFor(listening: readonly Device[]): string {
    const pending = [...open.values()].filter(
      ({ device, outcome }) => outcome === undefined && listening.includes(device),
    );
    return `event: requests\ndata: ${JSON.stringify(pending.map(({ shown }) => shown))}\n\n`;
  }

  function tellAll(): void {
    for (const [stream, listening] of streams) stream.write(listFor(listening));
  }

  function giveTicket(device: Device): string {
    const ticket = random();
    tickets.set(ticket, device);
    return ticket;
  }

  const middleware: Middleware = async (ctx, next) => {
    const act = /^\/approver\/([a-z]+)$/.exec(ctx.path)?.[1] ?? '';
    if (ctx.method !== 'POST' || !(act === 'hear' || act in acts)) {
      await next();
      return;
    }
    if (isAway) {
      ctx.req.socket.destroy();
      return;
    }
    await readForm(ctx, async () => undefined);
    const form = formOf(ctx);
    received.push({ act, form });
    if (act === 'hear') {
      hear(ctx, form);
      return;
    }
    [ctx.status, ctx.body] = acts[act]?.(form) ?? refused(404, 'not-found');
    if (ctx.status === 204) ctx.body = null;
    if (act === 'answer' && losesAnswers > 0) {
      losesAnswers -= 1;
      ctx.req.socket.destroy();
    }
  };

  return {
    middleware,
    /** Every form that came, oldest first. */
    received,
    formsOf: (act: string): readonly Form[] =>
      received.filter((each) => each.act === act).map(({ form }) => form),

    /** The code that a computer would show now. */
    offersCode(account: string, seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'): string {
      const code = Array.from(randomBytes(26), (byte) => LETTERS[byte % 32]).join('');
      codes.set(code, { account, seed });
      return code;
    },

    /** Asks the newest phone of an account; returns the challenge. */
    asks(account: string, { number, purpose = 'sign-in', ...more }: Asked): string {
      const device = deviceOf(account);
      const challenge = random();
      const shown = {
        ...{ challenge, device: device.id, nonce: random(), account, purpose },
        ...{ client: 'Tea Shop', browser: 'Firefox on Windows', address: '192.0.2.7' },
        ...{ isKnownNetwork: true, askedAt: new Date().toISOString(), secondsLeft: 120 },
        digits: number.length,
        ...more,
      };
      open.set(challenge, { device, number, purpose, shown });
      tellAll();
      return challenge;
    },
    /** As when the person cancels on the sign-in page. */
    ends(challenge: string): void {
      open.delete(challenge);
      tellAll();
    },
    outcomeOf: (challenge: string) => open.get(challenge)?.outcome,

    deviceOf,
    /** As when its owner or an administrator deletes it. */
    removes(account: string): void {
      const device = deviceOf(account);
      devices.delete(device.id);
      for (const [ticket, of] of tickets) if (of === device) tickets.delete(ticket);
      cut();
    },
    /** As when ten minutes pass. */
    endsTickets(): void {
      tickets.clear();
      cut();
    },
    goesAway(): void {
      isAway = true;
      cut();
    },
    comesBack(): void {
      isAway = false;
    },
    hasNoTriesLeft(): void {
      hasNoTriesLeft = true;
    },
    /** The next answer is judged, but the phone does not hear how. */
    losesAnswers(count: number): void {
      losesAnswers = count;
    },
    /** Waits until a phone listens. */
    isOpen: (): boolean => streams.size > 0,
    async isHeard(): Promise<void> {
      while (streams.size === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    cut,
  };

  function cut(): void {
    for (const stream of streams.keys()) stream.end();
    streams.clear();
  }

  function deviceOf(account: string): Device {
    const found = [...devices.values()].findLast((device) => device.account === account);
    if (!found) throw new Error(`${account} has no phone`);
    return found;
  }
}

const random = (): string => randomBytes(16).toString('base64url');

function isSigned(key: KeyObject, signature: string, ...lines: readonly string[]): boolean {
  const sent = Buffer.from(signature, 'base64url');
  return verify('sha256', Buffer.from(lines.join('\n')), { key, dsaEncoding: 'ieee-p1363' }, sent);
}
