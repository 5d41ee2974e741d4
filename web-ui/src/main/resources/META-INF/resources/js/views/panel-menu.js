/** The menu of a chart: its scale, its smoothing, and its picture or data to take along. */
import { attribute, fill, h, icon } from '../dom.js';
import { SCALES } from '../charts/scale.js';
import { plural } from '../format.js';

/** @type {Record<string, string>} */
const SCALE_WORDS = { linear: 'Linear', log: 'Log', symlog: 'Symlog' };
/** Half-lives that are offered, in iterations. */
const HALF_LIVES = [5, 20, 100, 500];
const FORMATS = [
  ['png', 'PNG'],
  ['svg', 'SVG'],
  ['csv', 'CSV'],
];

/**
 * @param {string} title of the chart
 * @param {{scale: () => {own: string | null, now: string | null}, onScale: (scale: string) => void, smoothing: () => string | null | undefined,
 *   onSmoothing: (halfLife: string | null) => void, save: (format: string) => Promise<void> | void, ready: () => boolean}} what
 *   `smoothing` answers undefined where nothing is smoothed
 */
export function panelMenu(title, { scale, onScale, smoothing, onSmoothing, save, ready }) {
  const stop = new AbortController();
  const { signal } = stop;
  const list = h('div.panel-menu-list', { role: 'group', 'aria-label': `Menu of ${title}`, hidden: true });
  const button = h('button.icon-button.panel-menu-button', { type: 'button', 'aria-label': `Menu of ${title}`, 'aria-expanded': 'false', title: 'Scale, smoothing, export (m)', 'data-testid': 'panel-menu', onclick: () => (list.hidden ? open() : close()) }, icon('more'));
  const element = h('div.panel-menu', {}, button, list);

  function open() {
    build();
    list.hidden = false;
    attribute(button, 'aria-expanded', 'true');
    /** @type {HTMLElement | null} */ (list.querySelector('[aria-pressed="true"]') ?? list.querySelector('select, button'))?.focus();
    document.addEventListener('pointerdown', outside, { signal });
  }

  /** @param {{back?: boolean}} [more] `back`: the focus returns to the button */
  function close({ back = true } = {}) {
    list.hidden = true;
    attribute(button, 'aria-expanded', 'false');
    document.removeEventListener('pointerdown', outside);
    if (back) button.focus();
  }

  function outside(event) {
    if (!element.contains(event.target)) close({ back: false });
  }

  function build() {
    const { own, now } = scale();
    const smooth = smoothing();
    fill(
      list,
      own !== null && h('div.menu-part', { role: 'group', 'aria-label': 'Scale' }, h('span.menu-words', {}, 'Scale'), h('div.segments', {}, ...SCALES.map((one) => h('button.segment', { type: 'button', 'aria-pressed': String(one === now), 'data-testid': `scale-${one}`, onclick: () => choose(one) }, SCALE_WORDS[one])))),
      smooth !== undefined && h('label.menu-part', {}, h('span.menu-words', {}, 'Smoothing'), h('span.select', {}, smoothingSelect(smooth))),
      h('div.menu-part', { role: 'group', 'aria-label': 'Save as' }, h('span.menu-words', {}, 'Save as'), h('div.segments', {}, ...FORMATS.map(([format, words]) => h('button.segment', { type: 'button', disabled: !ready(), 'data-testid': `save-${format}`, onclick: () => (close(), save(format)) }, words)))),
    );
  }

  function choose(one) {
    onScale(one);
    for (const segment of list.querySelectorAll('[data-testid^="scale-"]')) attribute(segment, 'aria-pressed', String(/** @type {HTMLElement} */ (segment).dataset.testid === `scale-${one}`));
  }

  function smoothingSelect(smooth) {
    const option = (value, words) => h('option', { value, selected: value === (smooth ?? '') }, words);
    const offered = HALF_LIVES.map(String);
    const other = smooth !== null && smooth !== '0' && !offered.includes(smooth) ? [smooth] : [];
    return h(
      'select',
      { 'data-testid': 'smoothing', onchange: (event) => onSmoothing(event.target.value === '' ? null : event.target.value) },
      option('', 'by length'),
      option('0', 'none'),
      ...[...offered, ...other].map((halfLife) => option(halfLife, `half-life ${plural(Number(halfLife), 'iteration')}`)),
    );
  }

  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || list.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    close();
  });
  return { element, dispose: () => stop.abort() };
}
