// The page's parts: whatever is shown is in the page already or in one of its templates, so
// that scripts hold no words.
let copies = 0;

export const part = (name, root = document) => root.querySelector(`[data-part="${name}"]`);

/** A copy of a template's element; ids in it become its own. */
export function take(id) {
  const copy = document.getElementById(id).content.firstElementChild.cloneNode(true);
  copies += 1;
  for (const attribute of ['id', 'for', 'aria-describedby']) {
    for (const element of copy.querySelectorAll(`[${attribute}]`)) {
      element.setAttribute(attribute, `${element.getAttribute(attribute)}-${copies}`);
    }
  }
  return copy;
}

/** Puts texts into their places; a row without a text is not shown. */
export function fill(root, texts) {
  for (const [name, text] of Object.entries(texts)) {
    const place = root.querySelector(`[data-fill="${name}"]`);
    place.textContent = text ?? '';
    show(place.closest('[data-row]') ?? place, Boolean(text));
  }
}

/** Of what is said `about` something, shows only what is said about this value of it. */
export function choose(root, about, value) {
  for (const element of root.querySelectorAll(`[data-${about}]`)) {
    show(element, element.dataset[about].split(' ').includes(value));
  }
}

export function show(element, isShown) {
  element.hidden = !isShown;
}

export function on(root, act, does) {
  root.querySelector(`[data-act="${act}"]`).addEventListener('click', does);
}

/** For those who hear the page; words that are on it already. */
export function announce(heading) {
  part('heard').textContent = heading.innerText;
}

/** Whether somebody is in the middle of something that must not be taken from under their hands. */
export const isBusy = () =>
  document.activeElement?.closest('.request, .tile input, .tile button') != null;
