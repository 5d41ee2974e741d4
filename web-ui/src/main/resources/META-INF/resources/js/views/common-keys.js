/** Keys that every page has. */
import { toggleTheme } from '../theme.js';

const REPLAY = '[data-testid="replay-button"], [data-testid="replay-live"]';

/** @param {{root: HTMLElement, help: () => void}} environment @returns {import('./keys.js').Shortcut[]} */
export function commonKeys({ root, help }) {
  const inPanel = (button) => () => {
    const panel = document.activeElement?.closest('.panel') ?? null;
    return /** @type {HTMLElement | null} */ (panel?.querySelector(button) ?? null);
  };
  const there = (selector) => /** @type {HTMLElement | null} */ ([...root.querySelectorAll(selector)].find(shown) ?? null);
  const box = () => /** @type {HTMLElement | null} */ (document.activeElement?.closest('.run-row')?.querySelector('input[type="checkbox"]') ?? null);
  const menu = inPanel('.panel-menu-button');
  return [
    { group: 'Everywhere', keys: ['?'], words: 'this list', act: help },
    { group: 'Everywhere', keys: ['h'], words: 'all runs', act: () => (location.hash = '#/') },
    { group: 'Everywhere', keys: ['n'], words: 'notifications', act: () => (location.hash = '#/notifications') },
    { group: 'Everywhere', keys: ['/'], words: 'search runs', act: search },
    { group: 'Everywhere', keys: ['t'], words: 'light or dark', act: toggleTheme },
    { group: 'List of runs', keys: ['j', 'k'], words: 'next, previous run', when: () => links(root).length > 0, act: ({ key }) => next(links(root), 'tr', key === 'j' ? 1 : -1) },
    { group: 'List of runs', keys: ['x'], words: 'choose the run', when: () => box() !== null, act: () => box()?.click() },
    { group: 'List of runs', keys: ['c'], words: 'compare the chosen ones', when: () => there('[data-testid="compare-link"][href]') !== null, act: () => there('[data-testid="compare-link"][href]')?.click() },
    { group: 'Run', keys: ['r'], words: 'replay, and back to live', when: () => there(REPLAY) !== null, act: () => there(REPLAY)?.click() },
    { group: 'Charts', keys: [']'], words: 'next chart', when: () => areas(root).length > 0, act: () => go(root, 1) },
    { group: 'Charts', keys: ['['], words: 'previous chart', when: () => areas(root).length > 0, act: () => go(root, -1) },
    { group: 'Charts', keys: ['m'], words: 'menu of the chart: scale, smoothing, export', when: () => menu() !== null, act: () => menu()?.click() },
    { group: 'Chart over iterations, with the focus', keys: ['+', '-'], words: 'closer, farther' },
    { group: 'Chart over iterations, with the focus', keys: ['ArrowLeft', 'ArrowRight'], words: 'earlier, later' },
    { group: 'Chart over iterations, with the focus', keys: ['ArrowUp', 'ArrowDown'], words: 'on the heat map: choose a layer' },
    { group: 'Chart over iterations, with the focus', keys: [',', '.'], words: 'move the cursor by one iteration; with Shift by ten' },
    { group: 'Chart over iterations, with the focus', keys: ['Escape'], words: 'the whole run' },
    { group: 'Replay', keys: [' '], words: 'play, pause' },
    { group: 'Replay', keys: ['ArrowLeft', 'ArrowRight'], words: 'one iteration back, on; with Shift ten' },
    { group: 'Replay', keys: ['Home', 'End'], words: 'first, last iteration' },
  ];
}

/** Goes to the list of runs first where there is no search. */
function search() {
  const field = () => /** @type {HTMLInputElement | null} */ (document.getElementById('run-search'));
  if (field()) return void field()?.focus();
  addEventListener('hashchange', () => field()?.focus(), { once: true });
  location.hash = '#/';
}

/** @param {Element} element */
function shown(element) {
  return /** @type {HTMLElement} */ (element).offsetParent !== null || getComputedStyle(element).position === 'fixed';
}

/** Charts that can be walked through. @param {HTMLElement} root @returns {HTMLElement[]} */
function areas(root) {
  return /** @type {any} */ ([...root.querySelectorAll('.chart[tabindex]')].filter(shown));
}

/** Runs that can be. @param {HTMLElement} root @returns {HTMLElement[]} */
function links(root) {
  return /** @type {any} */ ([...root.querySelectorAll('.run-row .run-link')].filter(shown));
}

/** @param {HTMLElement} root @param {number} step */
function go(root, step) {
  next(areas(root), '.panel', step);
}

/** The focus goes on, around the end; what has it may be anything in the same part. @param {HTMLElement[]} all @param {string} part @param {number} step */
function next(all, part, step) {
  const own = document.activeElement?.closest(part) ?? null;
  const here = own === null ? -1 : all.findIndex((one) => own.contains(one));
  const target = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : (here + step + all.length) % all.length];
  target.focus();
  target.scrollIntoView({ block: 'nearest' });
}
