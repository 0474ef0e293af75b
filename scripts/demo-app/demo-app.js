/**
 * What is pleasanter with script on the demo app's pages, and works or is left out without:
 * copying a password, and the handset in a window beside this one.
 */
/* global document, navigator, open, screen, setTimeout */

const HANDSET_WIDTH = 440;
const COPIED_MS = 1500;

for (const button of document.querySelectorAll('[data-copy]')) {
  const word = button.querySelector('[data-word]');
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    word.textContent = 'Copied';
    setTimeout(() => (word.textContent = 'Copy'), COPIED_MS);
  });
}

for (const link of document.querySelectorAll('[data-handset]')) {
  link.addEventListener('click', (event) => {
    const place = {
      ...{ popup: 1, width: HANDSET_WIDTH, height: screen.availHeight },
      ...{ left: screen.availWidth - HANDSET_WIDTH, top: 0 },
    };
    const features = Object.entries(place).map(([name, value]) => `${name}=${value}`);
    // Where the browser opens no such window, the link opens a tab.
    const opened = open(link.href, link.target, features.join());
    if (!opened) return;
    event.preventDefault();
    opened.focus();
  });
}
