/**
 * The pages of "My account", and those on which something is changed: what each view is given.
 */
import type { AddPage } from '../flow/adding-pages.ts';
import type { ChoiceLine, FlowPage } from '../flow/pages.ts';
import type { Changed, Removed } from './flow.ts';
import type { Called } from './method-of.ts';

/** What every page with the navigation has. */
export interface AccountPage {
  readonly person: { readonly name: string; readonly username: string };
  readonly csrf: string;
  /** Where one signs out. */
  readonly signOutAt: string;
}

/** A method, or several that belong to one phone or app. */
export interface MethodRow {
  /** Of the credential. */
  readonly id: string;
  /** The first of them, by which it is called. */
  readonly method: string;
  /** Where several methods are one thing to people, as a phone. */
  readonly kind?: string;
  readonly variant?: string;
  /** In full: nobody else sees this page. */
  readonly value?: string;
  /** ISO 8601. */
  readonly addedAt: string;
  readonly lastUsedAt?: string;
  /** Policy has switched it off, or it cannot be read: nobody can verify by it. */
  readonly isOff: boolean;
  /** Its owner said that it is not theirs: nobody can verify by it until that is lifted. */
  readonly isSuspended: boolean;
  /** From when until when it can be used, where that is not for good. */
  readonly good?: { readonly from?: string; readonly until: string };
  /** It is no second step: sign-in never asks for it. */
  readonly isForResets?: true;
  readonly mayRename: boolean;
  readonly mayReplace: boolean;
  readonly mayRemove: boolean;
}

/** One that is on a phone, as it is listed for whoever has a new one. */
export interface MovableRow extends Omit<MethodRow, 'mayRemove'> {
  /** Whether policy lets something be set up in its place. */
  readonly mayMove: boolean;
}

/** "I have a new phone". */
export interface NewPhonePage extends AccountPage {
  readonly methods: readonly MovableRow[];
  readonly done?: Changed & { readonly mayUndo: false };
}

/** One that its owner says they did not delete. */
export interface DeletedRow extends Called {
  readonly id: string;
  /** ISO 8601. */
  readonly removedAt: string;
}

export interface SecurityInfoPage extends AccountPage {
  readonly methods: readonly MethodRow[];
  readonly deleted: readonly DeletedRow[];
  /** What sign-in begins with; absent where nothing could be it. */
  readonly begins?: Pick<ChoiceLine, 'method' | 'hint'>;
  /** Whether there is something else that it could begin with. */
  readonly mayChangeDefault: boolean;
  readonly mayAdd: boolean;
  /** Whether one of them is on a phone, which may be an old one. */
  readonly isOnPhone: boolean;
  /** How many recovery codes are left; absent where there are none. */
  readonly codesLeft?: number;
  /** One method alone: whoever loses it is locked out. */
  readonly isOnlyOne: boolean;
  /** An administrator changed what they have, and they have set up nothing since. */
  readonly wasHelped: boolean;
  readonly hasPassword: boolean;
  /** Where they say that they are, for times of day. */
  readonly zone?: string;
  readonly done?: (Changed | Removed) & { readonly mayUndo: boolean };
}

/** "Add a method": those that the organisation allows, strongest first. */
export interface ChooseMethodPage extends FlowPage {
  readonly username: string;
  readonly methods: readonly { readonly method: string; readonly kind?: string }[];
  /** For the new phone, in place of what is on the old one. */
  readonly isMoving: boolean;
}

/** It is set up. */
export interface AddedPage extends FlowPage {
  readonly username: string;
  readonly method: string;
  readonly hint?: string;
  /** It takes the place of what is on the old phone. */
  readonly isMoved: boolean;
}

/** "Delete this method?" */
export interface RemovePage extends FlowPage, Pick<AddPage, 'username'> {
  readonly method: string;
  readonly kind?: string;
  readonly variant?: string;
  readonly value?: string;
  /** Policy needs it. */
  readonly isNeeded: boolean;
  /** It can be brought back for a while. */
  readonly mayUndo: boolean;
  /** What they will be asked for instead; absent where nothing is left, or it changes nothing. */
  readonly instead?: Pick<ChoiceLine, 'method' | 'hint'>;
}

export interface RenamePage extends FlowPage {
  readonly username: string;
  readonly method: string;
  readonly name: string;
}

export interface DefaultPage extends FlowPage {
  readonly username: string;
  readonly choices: readonly (ChoiceLine & { readonly isDefault: boolean })[];
}

export interface NewPasswordPage extends FlowPage {
  readonly username: string;
  /** How many characters it must have. */
  readonly fewest: number;
  readonly flaw?: string;
}

export interface MakeCodesPage extends FlowPage {
  readonly username: string;
  /** How many there are, which are void then. */
  readonly left?: number;
}

/** It took too long, or the session in which it was begun has ended. */
export type ChangeExpiredPage = Readonly<Record<string, never>>;

declare module '../web/page.ts' {
  interface Pages {
    'account/security-info': SecurityInfoPage;
    'account/new-phone': NewPhonePage;
    'security-info/choose-method': ChooseMethodPage;
    'security-info/added': AddedPage;
    'security-info/remove': RemovePage;
    'security-info/rename': RenamePage;
    'security-info/default': DefaultPage;
    'security-info/make-codes': MakeCodesPage;
    'security-info/old-password': FlowPage & { readonly username: string };
    'security-info/new-password': NewPasswordPage;
    'security-info/continue': FlowPage;
    'security-info/expired': ChangeExpiredPage;
  }
}
