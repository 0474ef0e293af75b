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

/** What is overtaken by what came after it. */
export function withdraw(name) {
  document.querySelector(`.outcome[data-name="${name}"]`)?.remove();
}
