/**
 * The pages of "My account" beside Security info: what each view is given.
 */
import type { AccountPage } from './pages.ts';

export interface ProfilePage extends AccountPage {
  readonly email?: string;
  /** One of our languages; absent where the browser's is meant. */
  readonly language?: string;
  readonly isSaved: boolean;
}

declare module '../web/page.ts' {
  interface Pages {
    'account/profile': ProfilePage;
  }
}
