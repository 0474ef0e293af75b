/**
 * Who runs this house: what pages and messages show of it. What may be said per language is one
 * text, or several by the tag of their language.
 */
import { z } from 'zod';

import { isTimeZone } from '../lib/time-zone.ts';

const text = z.string().trim().min(1).max(200);
const COLOUR = 'must be a colour such as "#1a5fb4", in quotes';
const PER_LANGUAGE =
  'must be a text, or one for each language such as { en: ..., fr: ... }; ' +
  'what looks like a number needs quotes in YAML';
const LINK =
  'must be an address such as https://example.org/imprint, or one for each language such as ' +
  '{ en: https://..., fr: https://... }';

const picture = z
  .httpUrl('must be an address such as https://example.org/logo.svg')
  .exactOptional();

const perLanguage = <One extends z.ZodType<string>>(one: One, error: string) => {
  const each = z.record(z.string().regex(/^[a-z]{2,3}$/), one, error);
  return z.union([one, each.refine((texts) => Object.keys(texts).length > 0, error)], error);
};

const address = z.url({ protocol: /^https$/, hostname: z.regexes.domain, error: LINK });
const link = perLanguage(address, LINK).exactOptional();

export const organisation = z.strictObject({
  name: text,
  logo: picture,
  logoDark: picture,
  favicon: picture,
  accent: z.string(COLOUR).regex(/^#[0-9a-f]{6}$/i, COLOUR),
  helpContact: perLanguage(text, PER_LANGUAGE).exactOptional(),
  links: z.strictObject({ imprint: link, privacy: link, terms: link }),
  timeZone: z.string().refine(isTimeZone, 'must be a time zone such as Europe/Berlin'),
  alertsTo: z.email('must be a mail address such as security@example.org').exactOptional(),
});
