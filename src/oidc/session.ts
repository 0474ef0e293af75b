/**
 * Who is signed in, with which proofs. The library's session has fixed fields, so the proofs
 * stand beside its payload in the record and are found again through the request's context.
 *
 * Why so: a session has a fixed end, counted from its password, because sliding would never
 * end (NIST SP 800-63B-4 §2.1.3); its second step fades earlier, and also when the browser
 * was not seen for a while (§2.2.3, §2.3.3). What has faded is dropped when the session is next
 * saved, so that coming back does not revive it.
 */
import { isDeepStrictEqual } from 'node:util';

import type { AdapterPayload, KoaContextWithOIDC, Session } from 'oidc-provider';
import { z } from 'zod';

import { amrOf } from '../assurance/amr.ts';
import { lasting, type Spans } from '../assurance/freshness.ts';
import { countingFor, levelOf, type TrustRules } from '../assurance/levels.ts';
import { proofShape } from '../assurance/proof-shape.ts';
import type { Proof } from '../assurance/proof.ts';
import { isTrust, stillHeld } from '../assurance/trusted-browser.ts';
import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { OidcRecord } from '../models/oidc-record.ts';
import { trustedIn } from '../models/trusted-browser.ts';

export type Sessions = ReturnType<typeof createSessions>;

/** Figures and ceilings: config/default.yaml. */
export interface SessionLengths extends Spans {
  /** "Stay signed in". */
  readonly sessionSeconds: number;
  /** Without it, for browsers that are never closed. */
  readonly unrememberedSessionSeconds: number;
}

const DAY_SECONDS = 24 * 60 * 60;
/** A session without an account only carries what the sign-out page needs. */
const ANONYMOUS_SECONDS = 60 * 60;
/** How exactly it is known when the browser was last here: a write for each request would be dear. */
const SEEN_EVERY_SECONDS = 60;

/** In the library's own record of a result, a date is a text. */
const date = z.coerce.date();
const Proofs = z.array(proofShape.extend({ at: date, provedAt: date.exactOptional() }));

interface Loaded {
  readonly record: OidcRecord;
  readonly payload: AdapterPayload;
  readonly proofs: readonly Proof[];
}

export interface SessionsDeps {
  readonly clock: Clock;
  readonly lengths: SessionLengths;
  /** The longest that policy lets anybody stay signed in; 0: nobody does. */
  readonly rememberDays: () => number;
  readonly trust: () => TrustPolicy;
}

/** What policy says of browsers that are trusted. */
export interface TrustPolicy extends TrustRules {
  /** For how long; 0: none is. */
  readonly days: number;
}

/** As much of an account as says which of them it holds. */
type TrustHolder = Parameters<typeof trustedIn>[0] & { readonly _id: string };

export function createSessions({ clock, lengths, rememberDays, trust }: SessionsDeps) {
  const known = new WeakMap<object, Loaded>();
  const holders = new WeakMap<object, TrustHolder>();
  const seenEverySeconds = Math.min(SEEN_EVERY_SECONDS, lengths.phrhIdleSeconds / 10);

  /** What still counts in this request: just proved, or remembered by the session. */
  function proofsOf(ctx: KoaContextWithOIDC | undefined): readonly Proof[] {
    const theirs = everyProofOf(ctx);
    return ctx && theirs.some(isTrust) ? heldBy(theirs, holders.get(ctx)) : theirs;
  }

  /** Whether or not its browser is trusted yet. */
  function everyProofOf(ctx: KoaContextWithOIDC | undefined): readonly Proof[] {
    const login = ctx?.oidc.result?.login;
    if (login) return countingFor(login.accountId, {}, proofsIn(login.proofs));
    return (ctx && known.get(ctx)?.proofs) ?? [];
  }

  /** No browser is trusted in a request that has not read its account. */
  function heldBy(proofs: readonly Proof[], holder: TrustHolder | undefined): readonly Proof[] {
    return stillHeld(
      proofs,
      holder ? trustedIn(holder, { now: clock.now(), days: trust().days }) : [],
    );
  }

  /** What was proved in a session and still counts, as it is stored. */
  function proofsOfRecord(record: OidcRecord, { accountId }: AdapterPayload): readonly Proof[] {
    const now = clock.now();
    const awaySeconds =
      record.seenAt instanceof Date
        ? (now.getTime() - record.seenAt.getTime()) / 1000
        : Number.POSITIVE_INFINITY;
    const theirs = countingFor(accountId, {}, proofsIn(record.proofs));
    return lasting(theirs, lengths, { now, awaySeconds });
  }

  /** When a session that began with this proof is over; a second step alone begins none. */
  function endOf({ factor, traits: has = [], at }: Proof, isTransient: boolean): number[] {
    if (factor !== 'knowledge' && !has.includes('stands-alone')) return [];
    const length = isTransient ? lengths.unrememberedSessionSeconds : rememberedSeconds();
    const seconds = factor === 'knowledge' ? length : Math.min(length, lengths.mfaSeconds);
    return [secondsAfter(at, seconds).getTime()];
  }

  /** Whoever stayed before policy forbade it has what everybody has. */
  function rememberedSeconds(): number {
    const days = rememberDays();
    if (days === 0) return lengths.unrememberedSessionSeconds;
    return Math.min(lengths.sessionSeconds, days * DAY_SECONDS);
  }

  return {
    proofsOf,

    /** Told by the adapter what the browser's session was when this request began. */
    loaded(ctx: KoaContextWithOIDC | undefined, record: OidcRecord, payload: AdapterPayload) {
      const proofs = proofsOfRecord(record, payload);
      if (ctx) known.set(ctx, { record, payload, proofs });
    },

    proofsOfRecord,

    /** Which browsers it trusts is only looked at where that matters. */
    accountRead(ctx: KoaContextWithOIDC, account: TrustHolder): void {
      holders.set(ctx, account);
    },

    /** Makes the session say what its proofs say now, so that no token claims a faded level. */
    reassess(ctx: KoaContextWithOIDC): void {
      const { session } = ctx.oidc;
      const proofs = proofsOf(ctx);
      if (session?.accountId === undefined || proofs.every(isTrust)) return;
      const now = clock.now();
      const claimed = {
        acr: levelOf(proofs, now, trust()),
        amr: amrOf(proofs, now),
        loginTs: authTime(proofs),
      };
      // Every assignment marks the session as changed.
      if (session.acr !== claimed.acr) session.acr = claimed.acr;
      if (!isDeepStrictEqual(session.amr, claimed.amr)) session.amr = claimed.amr;
      if (session.loginTs !== claimed.loginTs) session.loginTs = claimed.loginTs;
    },

    /** How long the session may still live, in whole seconds. */
    secondsLeft(ctx: KoaContextWithOIDC, session: Session): number {
      const ends = proofsOf(ctx).flatMap((proof) => endOf(proof, session.transient === true));
      if (ends.length === 0 || session.accountId === undefined) return ANONYMOUS_SECONDS;
      const left = Math.max(...ends) - clock.now().getTime();
      return Math.max(1, Math.ceil(left / 1000));
    },

    /** What belongs into the record besides the payload. */
    beside: (ctx: KoaContextWithOIDC | undefined): Pick<OidcRecord, 'proofs' | 'seenAt'> => ({
      // What was not looked at is kept for whoever looks at it.
      proofs: [...(ctx && holders.has(ctx) ? proofsOf(ctx) : everyProofOf(ctx))],
      seenAt: clock.now(),
    }),

    /** The uid of the session that this request found by this id. */
    uidOf(ctx: KoaContextWithOIDC | undefined, id: string): string | undefined {
      const before = ctx && known.get(ctx);
      return before?.payload.jti === id ? before.payload.uid : undefined;
    },

    /** The payload of this record as this request read it, as text; undefined for a new session. */
    read(ctx: KoaContextWithOIDC | undefined, id: string): string | undefined {
      const before = ctx && known.get(ctx);
      return before?.record._id === id ? before.record.payload : undefined;
    },

    /** Whether saving would change nothing: most silent sign-ons do not. */
    isStored(ctx: KoaContextWithOIDC | undefined, id: string, payload: AdapterPayload): boolean {
      const before = ctx && known.get(ctx);
      if (before?.record._id !== id || !before.record.seenAt) return false;
      const isRecent = clock.now() < secondsAfter(before.record.seenAt, seenEverySeconds);
      return isRecent && isDeepStrictEqual(told(before.payload), told(payload));
    },
  };
}

/** Reads proofs that were stored; what cannot be read proves nothing. */
function proofsIn(stored: unknown): readonly Proof[] {
  return Proofs.safeParse(stored).data ?? [];
}

/** `auth_time`: the latest step that still counts, in seconds since 1970. */
export const authTime = (proofs: readonly Proof[]): number =>
  Math.floor(
    Math.max(...proofs.filter((proof) => !isTrust(proof)).map(({ at }) => at.getTime())) / 1000,
  );

/** The end of a session is fixed, so a payload is the same whenever the rest is. */
const told = ({ iat: _iat, exp: _exp, ...rest }: AdapterPayload): Partial<AdapterPayload> => rest;
