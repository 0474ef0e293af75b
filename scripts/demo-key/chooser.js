/**
 * The window in which people choose between the demo key and what their browser has. In a shadow
 * root with a style sheet of its own, so that neither the page nor its policy is touched.
 */
/* global document, CSSStyleSheet, DOMException */
import { language, words } from './words.js';

const STYLE = `
  dialog {
    box-sizing: border-box;
    width: min(26rem, calc(100vw - 2rem));
    padding: 1.25rem;
    border: 2px dashed light-dark(#8a5a00, #ffc966);
    border-radius: 1rem;
    background: light-dark(#fff8e6, #2b2412);
    color: light-dark(#2b2000, #fff3d6);
    color-scheme: light dark;
    font: 1rem/1.5 system-ui, sans-serif;
  }
  dialog::backdrop { background: rgb(0 0 0 / 0.45); }
  h2 { margin: 0; font-size: 1.15rem; }
  p { margin: 0.25rem 0 1rem; font-size: 0.95rem; }
  form { display: grid; gap: 0.6rem; }
  button {
    min-height: 2.75rem;
    padding: 0.4rem 1rem;
    border: 2px solid light-dark(#8a5a00, #ffc966);
    border-radius: 0.6rem;
    background: none;
    color: inherit;
    cursor: pointer;
    font: inherit;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  button.demo { background: light-dark(#8a5a00, #ffc966); color: light-dark(#fff, #2b2000); }
  button:hover { text-decoration: underline; }
  button:focus-visible { outline: 3px solid light-dark(#2b2000, #fff3d6); outline-offset: 2px; }
`;

/** The value of what was chosen. Throws as browsers do, when nothing was or the page gave up. */
export async function choose(choices, signal) {
  signal?.throwIfAborted();
  const host = document.createElement('div');
  const dialog = draw(host.attachShadow({ mode: 'open' }), choices);
  document.body.append(host);
  const giveUp = () => dialog.close();
  signal?.addEventListener('abort', giveUp);
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
  signal?.removeEventListener('abort', giveUp);
  host.remove();
  signal?.throwIfAborted();
  if (dialog.returnValue === '') throw new DOMException('nothing was chosen', 'NotAllowedError');
  return dialog.returnValue;
}

function draw(root, choices) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  const form = element('form', { method: 'dialog' });
  for (const [value, said] of Object.entries(choices)) {
    form.append(element('button', { value, className: 'demo', textContent: said }));
  }
  form.append(
    element('button', { value: 'real', textContent: words.real }),
    element('button', { value: '', textContent: words.cancel }),
  );
  const dialog = element('dialog', { lang: language });
  dialog.setAttribute('aria-labelledby', 'title');
  dialog.setAttribute('aria-describedby', 'toy');
  dialog.append(
    element('h2', { id: 'title', textContent: words.title }),
    element('p', { id: 'toy', textContent: words.toy }),
    form,
  );
  root.append(dialog);
  return dialog;
}

const element = (name, properties) => Object.assign(document.createElement(name), properties);
