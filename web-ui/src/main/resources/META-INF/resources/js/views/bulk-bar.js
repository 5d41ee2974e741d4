/** What can be done with the chosen runs; at the foot of the list while some are. */
import { attribute, fill, h, icon, text } from '../dom.js';
import { plural } from '../format.js';
import { compareHref, TABLE_LIMIT } from '../router.js';

/** Why these cannot be compared; empty when they can. @param {number} count */
export function compareFault(count) {
  if (count < 2) return 'Choose at least two to compare';
  return count > TABLE_LIMIT ? `At most ${TABLE_LIMIT} can be compared` : '';
}

/** @param {{onTag: () => void, onDelete: () => void, onClear: () => void}} actions */
export function bulkBar({ onTag, onDelete, onClear }) {
  const words = h('span.bulk-count', { role: 'status' });
  const why = h('span.note');
  const compare = h('a.button.button-primary', { 'data-testid': 'compare-link' }, icon('compare'), 'Compare');
  const element = h(
    'div.compare-bar',
    { hidden: true, role: 'region', 'aria-label': 'Chosen runs', 'data-testid': 'bulk-bar' },
    h('div.bulk-words', {}, words, why),
    h(
      'div.bulk-actions',
      {},
      h('button.button', { type: 'button', 'data-testid': 'bulk-tags', onclick: onTag }, 'Tags'),
      h('button.button.button-quiet-danger', { type: 'button', 'data-testid': 'bulk-delete', onclick: onDelete }, 'Delete'),
      compare,
      h('button.icon-button', { type: 'button', 'aria-label': 'Choose none', title: 'Choose none', onclick: onClear }, h('span', { 'aria-hidden': 'true' }, '×')),
    ),
  );
  return {
    element,
    /** @param {string[]} ids */
    update(ids) {
      element.hidden = ids.length === 0;
      const fault = compareFault(ids.length);
      text(words, `${plural(ids.length, 'run')} chosen`);
      if (fault === '') fill(why);
      else text(why, fault);
      attribute(compare, 'href', fault === '' ? compareHref(ids) : null);
      attribute(compare, 'aria-disabled', fault === '' ? null : 'true');
      attribute(compare, 'role', fault === '' ? null : 'link');
    },
  };
}
