/**
 * The samples of the pages of "My account" beside Security info.
 */
import { page } from './gallery-samples-account.ts';

export const morePagesSamples = {
  'account/profile': {
    plain: { ...page, email: 'ada@example.org', isSaved: false },
    'just saved': { ...page, language: 'fr', isSaved: true },
  },
};
