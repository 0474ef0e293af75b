/**
 * Every page there is, with the properties its view receives, and how one becomes HTML.
 *
 * Each flow adds its own pages by declaration merging, so this file imports no flow:
 *   declare module '../web/page.ts' { interface Pages { 'sign-in/identify': {...} } }
 * A folder with a layout of its own has its pages drawn in it.
 */
import type { Context, Middleware } from 'koa';

import { type Language, type Languages, regionIn } from './language.ts';
import { wishesOf } from './language-wishes.ts';
import { type Organisation, organisationIn } from './organisation.ts';
import type { Templates } from './templates.ts';

/** Page name (its path under views/) → what the view gets. */
export interface Pages {
  home: HomePage;
  help: HelpPage;
  problem: ProblemPage;
  'sign-out/confirm': SignOutPage;
  'sign-out/done': SignedOutPage;
  'sign-out/leave': SignOutLeavePage;
  'sign-in/leave': LeavePage;
}

export type PageName = keyof Pages;

/** Empty for whoever is not signed in here. */
export interface HomePage {
  readonly person?: { readonly username: string; readonly name?: string };
  readonly signOutAt?: string;
  readonly apps?: readonly (AppHome & { readonly logo?: string })[];
}

export interface HelpPage {
  /** The sign-in that they came from. */
  readonly back?: string;
  /** Ids of methods that anybody here may meet. */
  readonly methods: readonly string[];
}

/** An app, and where it is opened. */
export interface AppHome {
  readonly name: string;
  readonly home: string;
}

/** Where a person can go on, and how that is called: back, unless the start or the same page is meant. */
export interface WayBack {
  readonly href: string;
  readonly words?: 'home' | 'again';
  /** The app that it leads to. */
  readonly client?: string;
}

export interface ProblemPage {
  /** The key of its words; one without words is told as a fault of ours. */
  readonly code: string;
  readonly details: Readonly<Record<string, string | number>>;
  readonly requestId: string;
  /** For whoever develops the app, in English. */
  readonly why?: string;
  readonly retryInSeconds?: number;
  readonly back?: WayBack;
  /** What may be done about it: its words, and a button where there is an act. */
  readonly help?: {
    readonly words: string;
    readonly act?: string;
    readonly at: string;
    readonly csrf: string;
  };
}

export interface SignOutPage {
  /** The provider's own address, and the value by which it knows its own form. */
  readonly action: string;
  readonly xsrf: string;
  /** What the app asked, for when the answer comes too late. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  readonly client?: { readonly name: string };
}

export interface SignedOutPage {
  readonly client?: { readonly name: string };
  /** Whoever asked, if it has a home. */
  readonly app?: AppHome;
}

/** The last page of ours on the way to somewhere else; the browser goes on by itself. */
export interface LeavePage {
  readonly href: string;
  readonly client?: { readonly name: string; readonly logo?: string };
  /** Into an app of the phone, which takes a tap. */
  readonly isByHand: boolean;
  /** What the browser is told of the passkeys that it lists (AllAcceptedCredentialsOptions). */
  readonly acceptedKeys?: object;
}

export interface SignOutLeavePage extends LeavePage {
  /** They may as well have said no. */
  readonly isSignedOut: boolean;
}

/** Whom a page is for. */
export interface Reader {
  readonly locale: string;
  /** Where their browser says that they are (ISO 3166). */
  readonly region?: string | undefined;
  /** The address at which they would see the page again, in another language. */
  readonly here?: string | undefined;
}

export interface PagesDeps {
  readonly templates: Templates;
  readonly languages: Languages;
  readonly organisation: Organisation;
  /** The address of a file in views/assets/. */
  readonly asset: (name: string) => string;
}

/** What a view says about itself before it prints anything. */
interface Head {
  title: string;
  lead?: string;
  /** What went wrong: shown above the form and, for screen readers, at the front of the title. */
  failure?: string;
  /** Where the browser goes at once, without anybody's doing; or so many seconds later. */
  refresh?: string;
  refreshAfter?: number;
}

type ShowPage = <Name extends PageName>(name: Name, props: Pages[Name]) => void;

declare module 'koa' {
  interface ExtendableContext {
    /** Answers with a page; the status stays what it is. */
    page: ShowPage;
    /** The app's wish (OpenID Connect Core §3.1.2.1), set by the flow that knows it. */
    uiLocales?: string | undefined;
  }
}

export function createPages({ templates, languages, organisation, asset }: PagesDeps) {
  function render<Name extends PageName>(
    name: Name,
    props: Pages[Name],
    { locale, region = '', here }: Reader,
  ): string {
    const said: Head = { title: '' };
    const language = languages.choose([locale]);
    const locals = {
      ...language,
      organisation: organisationIn(organisation, language.locale),
      ...{ asset, region, view: name, page: props, said },
      ...{ here, languages: languages.named, called: calledIn(language) },
      head: (more: Head) => Object.assign(said, more),
    };
    // The layout prints what the view says about itself before it includes the view.
    template(name)(locals);
    const [folder = ''] = name.split('/');
    return (templates.get(`${folder}/layout`) ?? template('layout'))(locals);
  }

  function template(name: string) {
    const found = templates.get(name);
    if (!found) throw new Error(`No view ${name}`);
    return found;
  }

  /** Gives every request its `ctx.page`. */
  const middleware: Middleware = async (ctx, next) => {
    ctx.page = (name, props) => {
      const wishes = wishesOf(ctx);
      ctx.set('Cache-Control', 'no-store');
      ctx.type = 'html';
      ctx.body = render(name, props, {
        locale: languages.choose(wishes).locale,
        region: regionIn(wishes),
        here: hereOf(ctx),
      });
    };
    await next();
  };

  return { render, middleware };
}

/** A method, or the thing that several are, as a text that other words may stand around. */
interface Called {
  readonly method: string;
  readonly kind?: string;
  readonly variant?: string;
}

const calledIn =
  ({ t, knows }: Language) =>
  ({ method, kind, variant }: Called): string => {
    const name = kind === undefined ? `methods/${method}.name` : `kinds/${kind}.name`;
    const own = `${name}-${variant}`;
    return t(knows(own) ? own : name);
  };

const LONGEST = 2000;
/** What may be said to be a path and names another host is none. */
const PATH = /^\/(?![/\\])/;

/** What answers a form could not be shown again: its language was chosen before. */
const hereOf = ({ method, originalUrl }: Context): string | undefined =>
  method === 'GET' && originalUrl.length <= LONGEST && PATH.test(originalUrl)
    ? originalUrl
    : undefined;
