/** The heads of the run list: what to sort by, and all rows at once. */
import { attribute, fill, h } from '../dom.js';

/** What is sorted upwards at first: a figure is wanted from its top, a name from its beginning. */
const UPWARDS = ['name', 'state'];
/** What a screen without heads offers. */
const CHOICES = [
  ['', 'newest first'],
  ['-seen', 'last data'],
  ['-firing', 'most alerts'],
  ['-best_accuracy', 'best accuracy'],
  ['loss', 'lowest loss'],
  ['name', 'name'],
];

/** The order after a click on a column: one way, the other, and none again. @param {string} sort @param {string} field */
export function nextSort(sort, field) {
  const first = UPWARDS.includes(field) ? field : `-${field}`;
  const other = first === field ? `-${field}` : field;
  return sort === first ? other : sort === other ? '' : first;
}

/** @param {(field: string) => void} onSort @param {(chosen: boolean) => void} onAll */
export function listHead(onSort, onAll) {
  /** @type {[HTMLElement, string][]} */
  const sortable = [];
  const column = (name, more = '', field = '') => {
    if (field === '') return h(`th${more}`, { scope: 'col' }, name);
    const cell = h(`th${more}`, { scope: 'col' }, h('button.sort', { type: 'button', 'data-testid': `sort-${field}`, onclick: () => onSort(field) }, name));
    sortable.push([cell, field]);
    return cell;
  };
  const all = /** @type {HTMLInputElement} */ (h('input', { type: 'checkbox', 'aria-label': 'Choose all rows', 'data-testid': 'select-all' }));
  all.addEventListener('change', () => onAll(all.checked));
  const element = h('thead', {}, h('tr', {}, h('th.run-select', { scope: 'col' }, h('label.check', {}, all)), column('Run', '', 'name'), column('State', '', 'state'), column('Progress', '', 'iteration'), column('Loss', '', 'loss'), column('Accuracy', '.number', 'accuracy'), column('Layers'), column('Alerts', '', 'firing'), column('Last data', '.number', 'seen')));
  return {
    element,
    /** @param {string} sort */
    update(sort) {
      for (const [cell, field] of sortable) attribute(cell, 'aria-sort', sort === field ? 'ascending' : sort === `-${field}` ? 'descending' : null);
    },
    /** @param {'none' | 'some' | 'all'} how */
    choose(how) {
      all.checked = how === 'all';
      all.indeterminate = how === 'some';
    },
  };
}

/** The same for screens on which the heads have no room. @param {(sort: string) => void} onSort */
export function sortChoice(onSort) {
  const select = /** @type {HTMLSelectElement} */ (h('select', { 'data-testid': 'sort-choice', onchange: () => onSort(select.value) }));
  const element = h('label.select.sort-choice', {}, h('span', {}, 'Sort: '), select);
  return {
    element,
    /** @param {string} sort */
    update(sort) {
      const known = CHOICES.some(([value]) => value === sort);
      fill(select, ...(known ? CHOICES : [...CHOICES, [sort, sort]]).map(([value, label]) => h('option', { value, selected: value === sort }, label)));
    },
  };
}
