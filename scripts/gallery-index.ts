/**
 * The index of the gallery: a heading for each folder of views, and each state as a small picture
 * of itself with links to it in every house and language.
 */
export interface Drawn {
  /** `sign-in/identify`. */
  readonly page: string;
  readonly state: string;
  /** `plain, en`. */
  readonly variant: string;
  readonly file: string;
}

export interface Link {
  readonly title: string;
  readonly file: string;
}

/** The first variant of each state is the one that is seen at once. */
export function indexOf(drawn: readonly Drawn[], messages: readonly Link[]): string {
  const folders = Object.entries(Object.groupBy(drawn, ({ page }) => folderOf(page)));
  const names = [...folders.map(([name]) => name), MESSAGES];
  const jumps = names.map((name) => `<a href="#${idOf(name)}">${name}</a>`).join(' ');
  const sections = folders.map(([name, all = []]) => section(name, cards(all)));
  const texts = `<p>${messages.map(anchor).join(' · ')}</p>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Gallery</title>
<style>${STYLE}</style>
<h1>Gallery</h1>
<nav>${jumps}</nav>
${[...sections, section(MESSAGES, texts)].join('\n')}
</html>
`;
}

const MESSAGES = 'messages';
const ALONE = 'pages of their own';

/** `methods/text` of `methods/text/answer`. */
const folderOf = (page: string): string => page.split('/').slice(0, -1).join('/') || ALONE;

const section = (name: string, content: string): string =>
  `<section id="${idOf(name)}"><h2>${name}</h2>${content}</section>`;

const idOf = (name: string): string => name.replaceAll(/\W+/g, '-');

function cards(drawn: readonly Drawn[]): string {
  const states = Object.values(Object.groupBy(drawn, ({ page, state }) => `${page} ${state}`));
  return `<ul>${states.map((all = []) => card(all)).join('')}</ul>`;
}

/** Loaded when it comes into view; its scripts stay still, and it takes neither focus nor clicks. */
function card(variants: readonly Drawn[]): string {
  const [first] = variants;
  if (!first) return '';
  const links = variants.map(({ variant, file }) => anchor({ title: variant, file }));
  return `<li><a class="picture" href="${first.file}" tabindex="-1" aria-hidden="true">
<iframe src="${first.file}" loading="lazy" sandbox="allow-same-origin" tabindex="-1"></iframe></a>
<h3>${first.page.split('/').at(-1) ?? ''}</h3><p>${first.state}</p><p>${links.join(' · ')}</p></li>`;
}

const anchor = ({ title, file }: Link): string => `<a href="${file}">${title}</a>`;

/** A page of 1120 by 840 pixels at a quarter of its size. */
const STYLE = `
:root { color-scheme: light dark; font: 16px/1.4 system-ui, sans-serif; }
body { max-width: 1560px; margin: 2rem auto; padding: 0 1rem; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; }
ul { display: grid; grid-template-columns: repeat(auto-fill, 280px); gap: 1.5rem; padding: 0; list-style: none; }
h2 { margin: 2.5rem 0 1rem; }
h3, p { margin: 0; font-size: 0.875rem; }
.picture { display: block; width: 280px; height: 210px; margin-bottom: 0.5rem; overflow: hidden; border: 1px solid #8886; border-radius: 6px; }
iframe { width: 1120px; height: 840px; border: 0; transform: scale(0.25); transform-origin: 0 0; pointer-events: none; }
`;
