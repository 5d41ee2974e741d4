/** What people say about a run: its name, tags, labels and notes, changed where they stand. Enter keeps a change, Escape takes it back. */
import { attribute, fill, h, text } from '../dom.js';
import { patchRun } from '../net/api.js';
import { tagLink } from './badges.js';

const NAME_LIMIT = 200;
const NOTES_LIMIT = 10_000;
const WORD_LIMIT = 64;
/** Suggested; any other word may be given, too. */
const LABELS = ['healthy', 'vanishing', 'exploding'];

/**
 * @param {import('../state/run-model.js').RunModel} model
 * @param {{onChange: (run: any) => void, patch?: typeof patchRun}} environment
 */
export function annotations(model, { onChange, patch = patchRun }) {
  const fault = h('p.field-fault', { role: 'alert', 'data-testid': 'annotation-fault', hidden: true });
  const kept = h('span.note', { role: 'status' });
  const name = nameField((value) => save({ name: value }));
  const tags = wordsField('Tags', 'run-tags', [], tagLink, (add, remove) => save({ addTags: add, removeTags: remove }));
  const labels = wordsField('Labels', 'run-labels', LABELS, (word) => h('span.tag', { dir: 'auto' }, word), (add, remove) => save({ addLabels: add, removeLabels: remove }));
  const notes = notesField((value) => save({ notes: value }));
  const element = h('section.card.annotations', { 'data-testid': 'annotations' }, h('header', {}, h('h2', {}, 'Name, tags and notes'), kept), fault, h('div.annotation-grid', {}, name.element, tags.element, labels.element, notes.element));

  /** @returns {Promise<boolean>} whether the service has taken it */
  async function save(change) {
    const shown = Object.fromEntries(Object.entries(change).filter(([, value]) => !Array.isArray(value) || value.length > 0));
    text(kept, 'Saving');
    try {
      const run = await patch(model.id, shown);
      fault.hidden = true;
      text(kept, run === null ? 'Saved; it shows in a moment' : 'Saved');
      if (run !== null) onChange(run);
      update();
      return true;
    } catch (error) {
      text(kept, '');
      text(fault, `Not saved. ${error.message}`);
      fault.hidden = false;
      return false;
    }
  }

  function update() {
    const { run } = model;
    if (run === null) return;
    name.show(run.name ?? run.id);
    tags.show(run.tags ?? []);
    labels.show(run.labels ?? []);
    notes.show(run.notes ?? '');
  }

  return { element, update };
}

/** A text field that shows what is stored until somebody types. */
function editable(input, keep, { enter }) {
  let stored = '';
  const changed = () => input.value !== stored;
  const settle = async () => {
    if (!changed()) return;
    const value = input.value;
    input.readOnly = true;
    const taken = await keep(value);
    input.readOnly = false;
    attribute(input, 'aria-invalid', taken ? null : 'true');
    if (taken) stored = value;
  };
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      input.value = stored;
      attribute(input, 'aria-invalid', null);
      input.blur();
    } else if (event.key === 'Enter' && enter(event)) {
      event.preventDefault();
      settle();
    }
  });
  return {
    settle,
    /** @param {string} value */
    show(value) {
      const untouched = !changed();
      stored = value;
      if (untouched && input.value !== value) input.value = value;
    },
  };
}

function nameField(keep) {
  const input = /** @type {HTMLInputElement} */ (h('input.field', { id: 'run-name', 'data-testid': 'name-input', maxlength: String(NAME_LIMIT), dir: 'auto', autocomplete: 'off' }));
  const edit = editable(input, keep, { enter: () => true });
  return { element: h('div', {}, h('label', { for: 'run-name' }, 'Name'), input, h('p.note', {}, 'Enter keeps it, Escape takes it back; empty: the trainer’s name')), show: edit.show };
}

function notesField(keep) {
  const input = /** @type {HTMLTextAreaElement} */ (h('textarea.field', { id: 'run-notes', 'data-testid': 'notes-input', rows: '4', maxlength: String(NOTES_LIMIT), dir: 'auto' }));
  const edit = editable(input, keep, { enter: (event) => event.ctrlKey || event.metaKey });
  const button = h('button.button', { type: 'button', 'data-testid': 'notes-save', onclick: () => edit.settle() }, 'Save notes');
  return { element: h('div.annotation-notes', {}, h('label', { for: 'run-notes' }, 'Notes'), input, h('div.field-actions', {}, button, h('p.note', {}, 'or Ctrl + Enter'))), show: edit.show };
}

function wordsField(title, id, suggestions, chip, change) {
  const list = h('div.words');
  const input = /** @type {HTMLInputElement} */ (h('input.field', { id, 'data-testid': `${id}-input`, maxlength: String(WORD_LIMIT), dir: 'auto', autocomplete: 'off', placeholder: 'add', list: suggestions.length > 0 ? `${id}-list` : null }));
  let shown = '';
  input.addEventListener('keydown', async (event) => {
    if (event.key === 'Escape') {
      input.value = '';
      input.blur();
    }
    const word = input.value.trim();
    if (event.key !== 'Enter' || word === '') return;
    event.preventDefault();
    const taken = await change([word], []);
    attribute(input, 'aria-invalid', taken ? null : 'true');
    if (taken) input.value = '';
  });
  const options = suggestions.length > 0 && h('datalist', { id: `${id}-list` }, ...suggestions.map((value) => h('option', { value })));
  return {
    element: h('div', {}, h('label', { for: id }, title), list, input, options),
    /** @param {string[]} words */
    show(words) {
      const key = JSON.stringify(words);
      if (key === shown) return;
      shown = key;
      fill(list, ...words.map((word) => h('span.word', {}, chip(word), h('button.word-remove', { type: 'button', 'aria-label': `Remove ${word}`, onclick: () => change([], [word]) }, '×'))));
    },
  };
}
