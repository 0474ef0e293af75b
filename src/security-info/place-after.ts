/**
 * Which page of "My account" tells what came of a change: the one that it was begun on.
 */
import type { Wish } from './flow.ts';

const places: Partial<Readonly<Record<Wish['act'], string>>> = {
  move: 'new-phone',
  'end-session': 'sessions',
  'end-sessions': 'sessions',
  'end-trust': 'sessions',
  'end-trusts': 'sessions',
  'end-app': 'apps',
};

export const addressAfter = (act: Wish['act'], uid: string): string =>
  `/account/${places[act] ?? 'security-info'}?change=${uid}`;
