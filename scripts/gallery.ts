/**
 * Renders every page in every sample state, and every message, into build/gallery/: what
 * the product looks like, without starting it. `npm run gallery`, then open what it names.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { brandCss } from '../src/web/accent.ts';
import { loadLanguages } from '../src/web/language.ts';
import { createMessages } from '../src/web/messages.ts';
import { createPages } from '../src/web/page.ts';
import { loadTemplates } from '../src/web/templates.ts';
import { type Drawn, indexOf, type Link } from './gallery-index.ts';
import { messageSamples, sampleLogo, pageSamples } from './gallery-samples.ts';

const OUT = 'build/gallery';
/** Two houses: as it comes, and with a name, a colour and a contact of its own. */
const HOUSES = [
  { id: 'plain', organisation: { name: 'Doorstep' }, accent: '#1f5fbf' },
  {
    id: 'branded',
    organisation: {
      name: 'Gardeners’ Guild',
      logo: sampleLogo,
      helpContact: {
        en: 'the guild office, +49 30 123456',
        de: 'das Büro der Gilde, +49 30 123456',
        fr: 'le bureau de la guilde, +49 30 123456',
      },
      links: { imprint: 'https://example.org/imprint', privacy: 'https://example.org/privacy' },
    },
    accent: '#2e7d32',
  },
] as const;

const templates = loadTemplates('views');
const languages = loadLanguages('views/words');
const usual = languages.choose([]).locale;
const locales = [usual, ...languages.available.filter((locale) => locale !== usual)];

rmSync(OUT, { recursive: true, force: true });
const drawn = HOUSES.flatMap(pagesOf);
write('index.html', indexOf(drawn, locales.map(messagesIn)));
process.stdout.write(`${drawn.length} pages: ${resolve(OUT, 'index.html')}\n`);

function pagesOf({ id, organisation, accent }: (typeof HOUSES)[number]): Drawn[] {
  const { render } = createPages({ templates, languages, organisation, asset: (name) => name });
  return locales.flatMap((locale) => {
    const folder = `${id}-${locale}`;
    cpSync('views/assets', join(OUT, folder), { recursive: true });
    write(`${folder}/brand.css`, brandCss(accent));
    return pageSamples.flatMap(([name, states]) =>
      Object.entries(states).map(([state, props]) => {
        const file = `${folder}/${`${name} ${state}`.replaceAll(/\W+/g, '-')}.html`;
        write(file, render(name, props, { locale, here: '/' }));
        return { page: name, state, variant: `${id}, ${locale}`, file };
      }),
    );
  });
}

function messagesIn(locale: string): Link {
  const host = 'id.example.org';
  const messages = createMessages({
    templates,
    languages,
    host,
    organisation: { name: 'Doorstep' },
  });
  const rendered = Object.entries(messageSamples).map(([title, [message, channel, values]]) =>
    [title, ...Object.values(messages.render({ message, channel, values, locale }))].join('\n\n'),
  );
  write(`messages-${locale}.txt`, rendered.join('\n\n\n'));
  return { title: locale, file: `messages-${locale}.txt` };
}

function write(file: string, content: string): void {
  const path = join(OUT, file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
}
