// Says while it is typed that an extension is left out: nobody can be called beyond a switchboard.
const EXTENSION =
  /(?:x|ext|extn|extension|durchwahl|poste|;ext=)[\s.:=]*\d+\s*$|\d\s*#\s*\d+\s*$/iu;

for (const input of document.querySelectorAll('input[data-extension]')) {
  const said = document.createElement('p');
  said.className = 'hint';
  said.setAttribute('role', 'status');
  input.closest('.field').append(said);
  const say = () => {
    const words = EXTENSION.test(input.value) ? input.dataset.extension : '';
    if (said.textContent !== words) said.textContent = words;
  };
  input.addEventListener('input', say);
  say();
}
