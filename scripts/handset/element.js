/**
 * What the phone is drawn with. Everything shown was written by others, so it only ever goes
 * into text nodes.
 */
/* global document, navigator, setTimeout */

const COPIED_MS = 1500;

export const byId = (id) => document.getElementById(id);

export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** `more` is for those who do not see where the button stands; its words come first. */
export function button(words, more, act, className = '') {
  const label = element('span', '', words);
  const made = element('button', className, label, element('span', 'unseen', ` ${more}`));
  made.type = 'button';
  made.addEventListener('click', () => act(label));
  return made;
}

export const copyButton = (text, what, className) =>
  button(
    'Copy',
    what,
    async (label) => {
      await navigator.clipboard.writeText(text);
      label.textContent = 'Copied';
      setTimeout(() => (label.textContent = 'Copy'), COPIED_MS);
    },
    className,
  );
