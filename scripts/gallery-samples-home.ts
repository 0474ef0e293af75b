/**
 * The start page, for strangers and for whoever is signed in.
 */
import type { Pages } from '../src/web/page.ts';
import { longName } from './gallery-samples-messages.ts';

const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 32"><rect width="96" height="32" rx="8" fill="#7a4"/><circle cx="16" cy="16" r="9" fill="#fff"/></svg>`;
export const sampleLogo = `data:image/svg+xml,${encodeURIComponent(drawing)}`;

export const homeSamples: Readonly<Record<string, Pages['home']>> = {
  'nobody signed in': {},
  'signed in, no apps': {
    person: { username: 'ada@example.org' },
    signOutAt: '/session/end',
    apps: [],
  },
  'signed in': {
    person: { username: 'ada', name: 'Ada Ekberg' },
    signOutAt: '/session/end',
    apps: [
      { name: 'A Partner', home: 'https://partner.example/' },
      { name: longName, home: 'https://long.example/', logo: sampleLogo },
      { name: 'Tea Shop', home: 'https://shop.example/', logo: sampleLogo },
    ],
  },
};
