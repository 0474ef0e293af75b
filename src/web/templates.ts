/**
 * Every EJS template below views/, read and compiled once, so that a broken one stops the
 * start. What a template may see is listed here; who gives it that is page.ts and messages.ts.
 */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import ejs from 'ejs';

export type Templates = ReadonlyMap<string, (locals: object) => string>;

const SEEN = [
  ...[
    'asset',
    'countries',
    'day',
    'dir',
    'duration',
    'head',
    'called',
    'here',
    'knows',
    'languages',
    'locale',
    'organisation',
    'page',
    'region',
    'said',
    't',
    'view',
    'withHint',
  ],
  'values',
];

/** Keys are paths below the directory, without `.ejs`: `sign-in/identify`. */
export function loadTemplates(directory: string): Templates {
  const root = resolve(directory);
  return new Map(
    globSync('**/*.ejs', { cwd: root }).map((path) => {
      const filename = join(root, path);
      const template = ejs.compile(readFileSync(filename, 'utf8'), {
        filename,
        root,
        cache: true,
        strict: true,
        destructuredLocals: SEEN,
        // Only what is read as HTML is escaped as HTML; in a text, &amp; would be seen.
        ...(isPlainText(path) && { escape: String }),
      });
      // Where EJS looks for what is included: from now on it reads no file.
      ejs.cache.set(filename, template);
      return [path.slice(0, -'.ejs'.length).replaceAll('\\', '/'), template];
    }),
  );
}

const isPlainText = (path: string): boolean => /\.(txt|subject)\.ejs$/.test(path);
