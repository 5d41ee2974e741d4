/** The list of keys, as a dialog: it keeps the focus until Escape or its button closes it. */
import { fill, h } from '../dom.js';
import { keyGroups } from './keys.js';

/** @type {Record<string, string>} */
const NAMES = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', ' ': 'Space', '-': '−' };

/** @returns {() => void} opens it */
export function keyHelp() {
  const body = h('div.key-groups');
  const close = h('button.button', { type: 'button', onclick: () => dialog.close() }, 'Close');
  const dialog = /** @type {HTMLDialogElement} */ (h('dialog.key-help', { 'aria-labelledby': 'key-help-title', 'data-testid': 'key-help' }, h('h2', { id: 'key-help-title' }, 'Keys'), body, h('form', { method: 'dialog' }, close)));
  document.body.append(dialog);
  dialog.addEventListener('keydown', (event) => {
    // nothing else in it takes the focus, so that it has nowhere to go
    if (event.key === 'Tab') event.preventDefault();
    if (event.key === '?') dialog.close();
  });
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  const open = () => {
    if (dialog.open) return;
    fill(body, ...[...keyGroups()].map(([group, shortcuts]) => h('section', {}, h('h3', {}, group), h('dl.key-list', {}, ...shortcuts.map(entry)))));
    dialog.showModal();
    close.focus();
  };
  const button = document.getElementById('keys');
  button?.addEventListener('click', open);
  return open;
}

/** @param {import('./keys.js').Shortcut} shortcut */
function entry({ keys, words }) {
  return h('div', {}, h('dt', {}, ...keys.flatMap((key, i) => [i > 0 && ' ', h('kbd', {}, NAMES[key] ?? key)])), h('dd', {}, words));
}
