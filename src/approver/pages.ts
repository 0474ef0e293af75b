/**
 * The page that a phone keeps: it says nothing about anybody, so that every phone may have the
 * same. Who is paired is known to the browser alone.
 */

export interface ApproverPage {
  /** The organisation's colour, for what a phone draws around the page. */
  readonly accent: string;
}

declare module '../web/page.ts' {
  interface Pages {
    'approver/app': ApproverPage;
  }
}
