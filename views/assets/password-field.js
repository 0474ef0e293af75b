// Adds a button that shows what was typed, and says when Caps Lock is on. Without script there is
// neither, and all works.
for (const input of document.querySelectorAll('input[data-show]')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'link reveal';
  button.setAttribute('aria-controls', input.id);

  const say = (isShown) => {
    input.type = isShown ? 'text' : 'password';
    const { show, showName, hide, hideName } = input.dataset;
    button.textContent = isShown ? hide : show;
    button.setAttribute('aria-label', isShown ? hideName : showName);
  };
  button.addEventListener('click', () => say(input.type === 'password'));
  // A password manager and the browser's history must see a password, whatever was shown.
  input.form.addEventListener('submit', () => say(false));

  say(false);
  input.closest('.field').append(button);

  const capsLock = document.createElement('p');
  capsLock.className = 'hint caps-lock';
  capsLock.setAttribute('role', 'status');
  input.closest('.field').after(capsLock);
  input.addEventListener('keyup', (event) => {
    // Some keys, as those of a password manager, are none.
    const isOn = event.getModifierState?.('CapsLock') ?? false;
    const text = isOn ? input.dataset.capsLock : '';
    if (capsLock.textContent !== text) capsLock.textContent = text;
  });
}
