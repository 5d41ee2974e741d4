/** A button that copies a text, and says so. */
import { h, icon, text } from '../dom.js';

const COPIED_MS = 2000;

/** @param {string} label @param {() => string} what @param {{small?: boolean, of?: Element | null}} [more] `small`: the picture alone; `of`: what is marked where nothing may be copied */
export function copyButton(label, what, { small = false, of = null } = {}) {
  const words = h(small ? 'span.visually-hidden' : 'span', {}, label);
  const button = h(small ? 'button.copy-small' : 'button.button', { type: 'button', title: label, onclick: copy }, icon('copy'), words);

  async function copy(event) {
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(what());
      say('Copied');
    } catch {
      if (of) getSelection()?.selectAllChildren(of);
      say(of ? 'Selected' : 'Not copied');
    }
  }

  function say(word) {
    text(words, word);
    button.dataset.said = word;
    setTimeout(() => (text(words, label), delete button.dataset.said), COPIED_MS);
  }

  return button;
}
