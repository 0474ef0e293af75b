/**
 * Turns whatever is thrown into a page, or into JSON for whoever asks for it. People are told
 * what they may know; the rest goes to the log under the request's id.
 */
import type { Context, Middleware } from 'koa';
import { ZodError } from 'zod';

import { type Clock, secondsAfter } from '../lib/clock.ts';
import { isDatabaseAway } from '../lib/database-away.ts';
import { isDiskFull } from '../lib/disk-full.ts';
import { Problem } from '../lib/problem.ts';
import type { AppHome, ProblemPage, WayBack } from './page.ts';
import { statusOf } from './problems.ts';
import { requestIdOf } from './request-id.ts';

export interface ErrorLog {
  error(fields: Readonly<Record<string, unknown>>, event: string): void;
}

export interface ErrorsDeps {
  readonly log: ErrorLog;
  /** Told of what is refused, but for faults of ours. */
  readonly refused: (ctx: Context, problem: Problem) => void;
  /** Why, where the page may say so. */
  readonly explained?: (ctx: Context) => string | undefined;
  /** Says why itself, once for all that fail. */
  readonly disk: { isToBlame(error: unknown): boolean };
  readonly clock: Clock;
}

/** Statuses that Koa and its router throw or leave behind, as problems. */
const codeByStatus: Readonly<Record<number, string>> = {
  400: 'form-invalid',
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'form-too-large',
  414: 'uri-too-long',
  501: 'method-not-allowed',
};

export function createErrors({ log, refused, explained, disk, clock }: ErrorsDeps): Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body == null) throw new Problem('not-found');
    } catch (error) {
      const problem = problemOf(error, clock.now());
      const isOurs = statusOf(problem.code) === 500 || problem.code === 'unavailable';
      if (isOurs && !disk.isToBlame(error)) {
        log.error({ err: error, requestId: requestIdOf(ctx) }, 'request.failed');
      } else refused(ctx, problem);
      tell(ctx, problem);
    }
  };

  function tell(ctx: Context, { code, details, retryAt }: Problem): void {
    ctx.status = statusOf(code);
    // What failed may have been about to send the browser on, with a code that is worth nothing.
    ctx.remove('Location');
    const retryInSeconds = retryAt && secondsUntil(retryAt);
    if (retryInSeconds !== undefined) ctx.set('Retry-After', String(retryInSeconds));
    const why = explained?.(ctx);
    const back = backFrom(ctx, code);
    const props: ProblemPage = {
      code,
      details,
      requestId: requestIdOf(ctx),
      ...(why !== undefined && { why }),
      ...(retryInSeconds !== undefined && { retryInSeconds }),
      ...(back && { back }),
      ...(ctx.help && { help: ctx.help }),
    };

    // An app that speaks to an endpoint may accept anything, and was being answered in JSON.
    if (ctx.response.is('json') || ctx.accepts('html', 'json') === 'json') {
      ctx.body = { error: code, requestId: props.requestId };
      return;
    }
    try {
      ctx.page('problem', props);
    } catch (error) {
      // The page itself is broken; something must still be said.
      log.error({ err: error, requestId: props.requestId }, 'page.failed');
      ctx.type = 'text/plain';
      ctx.body = `${code} (${props.requestId})`;
    }
  }

  function secondsUntil(instant: Date): number {
    return Math.max(1, Math.ceil((instant.getTime() - clock.now().getTime()) / 1000));
  }
}

const PASSING: ReadonlySet<string> = new Set(['busy', 'internal', 'unavailable']);

/** Into the flow, unless that is over; to the app; or to the same page, if that may work soon. */
function backFrom({ appHome, method, url, wayBack }: Context, code: string): WayBack | undefined {
  if (wayBack && code !== 'flow-expired') return wayBack;
  if (appHome) return { href: appHome.home, client: appHome.name };
  return method === 'GET' && PASSING.has(code) ? { href: url, words: 'again' } : undefined;
}

const AWAY_SECONDS = 5;

function problemOf(error: unknown, now: Date): Problem {
  if (error instanceof Problem) return error;
  // Forms are the only thing that is parsed while a request waits and may fail by its fault.
  if (error instanceof ZodError) return new Problem('form-invalid', { cause: error });
  if (isDatabaseAway(error) || isDiskFull(error)) {
    return new Problem('unavailable', { cause: error, retryAt: secondsAfter(now, AWAY_SECONDS) });
  }
  return new Problem(codeByStatus[statusIn(error)] ?? 'internal', { cause: error });
}

/** Of http-errors, and only where they say that the client is to blame or may know. */
function statusIn(error: unknown): number {
  if (!(error instanceof Error) || !('expose' in error) || !('status' in error)) return 500;
  const isToldAnyway = error.status === 501;
  return typeof error.status === 'number' && (error.expose === true || isToldAnyway)
    ? error.status
    : 500;
}

/** Went away, or said what is no HTTP, while the answer was on its way: nothing for our log. */
export const isClientsFault = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  /^(HPE_\w+|ECONNRESET|ECONNABORTED|EPIPE|ERR_HTTP_REQUEST_TIMEOUT|ERR_STREAM_PREMATURE_CLOSE)$/.test(
    String(error.code),
  );

declare module 'koa' {
  interface ExtendableContext {
    /** Where a person can go on from a problem; set by the flow that it happened in. */
    wayBack?: WayBack;
    /** The app that it is about, where it is known and has a home. */
    appHome?: AppHome | undefined;
    /** What they may do about it, where there is something. */
    help?: ProblemPage['help'];
  }
}
