/** A command to type, with a button that copies it. */
import { h, icon, text } from '../dom.js';

const SHOWN_MS = 2000;

/** @param {string} line @param {string} [testid] */
export function copyable(line, testid) {
  const words = h('span', {}, 'Copy');
  const code = h('code', {}, line);
  const button = h('button.button', { type: 'button', 'data-testid': testid, 'aria-label': `Copy ${line}`, onclick: copy }, icon('copy'), words);
  let timer = /** @type {any} */ (0);

  async function copy() {
    try {
      await navigator.clipboard.writeText(line);
      text(words, 'Copied');
    } catch {
      // without a secure connection the browser keeps the clipboard to itself: what is selected can be copied by hand
      getSelection()?.selectAllChildren(code);
      text(words, 'Selected');
    }
    clearTimeout(timer);
    timer = setTimeout(() => text(words, 'Copy'), SHOWN_MS);
  }

  return h('div.copyable', {}, code, button);
}
