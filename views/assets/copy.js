// Adds buttons that copy what is to be used elsewhere, and print it where a place for that is
// kept. Without script, or where the clipboard is closed, there are none, and all can be read.
const CONFIRMED_MS = 3000;

function button(label, look, name) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = look;
  made.textContent = label;
  if (name) made.setAttribute('aria-label', name);
  return made;
}

for (const shown of navigator.clipboard ? document.querySelectorAll('[data-copy]') : []) {
  const { copy, copyLabel, copyName, copied, copyInto } = shown.dataset;
  const made = button(copyLabel, copyInto ? 'secondary' : 'link copy', copyName);
  const said = document.createElement('span');
  said.className = 'unseen';
  said.setAttribute('role', 'status');
  made.addEventListener('click', async () => {
    await navigator.clipboard.writeText(copy);
    made.textContent = copied;
    said.textContent = copied;
    setTimeout(() => {
      made.textContent = copyLabel;
      said.textContent = '';
    }, CONFIRMED_MS);
  });
  if (copyInto) document.getElementById(copyInto).append(made);
  else shown.after(' ', made);
  made.after(said);
}

for (const place of document.querySelectorAll('[data-print]')) {
  const made = button(place.dataset.print, 'secondary');
  made.addEventListener('click', () => print());
  place.append(made);
}
