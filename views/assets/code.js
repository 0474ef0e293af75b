// Sends a code by itself that was pasted or filled in as a whole, by the browser or from a text
// message; one that is typed waits for the button, so that a slip can be mended.
for (const input of document.querySelectorAll('input[data-digits]')) {
  let before = input.value;
  let isSent = false;

  input.addEventListener('input', () => {
    const added = input.value.length - before.length;
    before = input.value;
    const digits = input.value.replaceAll(/[\s\p{Dash}]/gu, '');
    const isWhole = added > 1 && /^\d+$/.test(digits);
    if (isSent || !isWhole || digits.length !== Number(input.dataset.digits)) return;
    isSent = true;
    input.form.requestSubmit();
  });
}
