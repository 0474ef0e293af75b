// What came of something: a card that stays until it was read.
import { announce, choose, fill, on, part, take } from './page.js';

/** `instead` is what it takes the place of; who had the focus there keeps it. */
export function outcome(name, { about = '', instead, hadFocus = false } = {}) {
  const card = take('outcome');
  card.dataset.name = name;
  choose(card, 'outcome', name);
  fill(card, { about });
  on(card, 'done', () => {
    const next = card.nextElementSibling ?? card.previousElementSibling;
    card.remove();
    (next?.querySelector('h2') ?? document.querySelector('h1')).focus();
  });
  if (instead) instead.replaceWith(card);
  else part('requests').prepend(card);
  const heading = card.querySelector('h2');
  announce(heading);
  if (hadFocus) heading.focus();
}

/** What came of earlier requests is overtaken by the next; what became of an account is not. */
export function withdraw() {
  const lasting = ':not([data-name="device-gone"], [data-name="unpaired"])';
  for (const card of document.querySelectorAll(`.outcome${lasting}`)) card.remove();
}
