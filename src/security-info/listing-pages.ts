/**
 * The pages of "My account" beside Security info: what each view is given.
 */
import type { FlowPage } from '../flow/pages.ts';
import type { Ended } from './flow.ts';
import type { AccountPage } from './pages.ts';

/** A browser, as far as it is known. */
interface BrowserRow {
  readonly id: string;
  readonly browser?: string;
  /** The one in which this page is looked at. */
  readonly isHere: boolean;
  /** ISO 8601. */
  readonly since?: string;
  readonly seenAt?: string;
}

export interface SessionRow extends BrowserRow {
  readonly address?: string;
  /** By name. */
  readonly apps: readonly string[];
}

export interface TrustRow extends BrowserRow {
  readonly until: string;
}

export interface SessionsPage extends AccountPage {
  readonly sessions: readonly SessionRow[];
  readonly browsers: readonly TrustRow[];
  /** In which times are told. */
  readonly zone?: string;
  readonly done?: Ended;
}

export interface ActivityRow {
  /** The name of the event, or what it is more exactly. */
  readonly what: string;
  /** ISO 8601. */
  readonly at: string;
  readonly result: 'done' | 'failed' | 'refused';
  /** Neither they nor a stranger: somebody who may, and of whom nothing else is said. */
  readonly isByOthers: boolean;
  readonly methods: readonly string[];
  readonly app?: string;
  readonly browser?: string;
  readonly address?: string;
}

export interface ActivityPage extends AccountPage {
  readonly rows: readonly ActivityRow[];
  readonly older?: string;
  /** Whether there are newer ones before these. */
  readonly isOlder: boolean;
  /** In which times are told. */
  readonly zone?: string;
}

export interface AppRow {
  readonly id: string;
  readonly name: string;
  /** The organisation's own, which never asks. */
  readonly isFirstParty: boolean;
  readonly scopes: readonly string[];
  /** Also while nobody is there. */
  readonly isOffline: boolean;
  /** ISO 8601. */
  readonly since?: string;
}

export interface AppsPage extends AccountPage {
  readonly apps: readonly AppRow[];
  readonly done?: Ended;
}

/** "Take back access?" */
export interface EndAppPage extends FlowPage {
  readonly username: string;
  readonly app: string;
  readonly isFirstParty: boolean;
}

export interface ProfilePage extends AccountPage {
  readonly email?: string;
  /** One of our languages; absent where the browser's is meant. */
  readonly language?: string;
  readonly isSaved: boolean;
}

declare module '../web/page.ts' {
  interface Pages {
    'account/sessions': SessionsPage;
    'account/activity': ActivityPage;
    'account/apps': AppsPage;
    'security-info/end-app': EndAppPage;
    'account/profile': ProfilePage;
  }
}
