/** Keys that every page has. */
import { toggleTheme } from '../theme.js';

/** @param {{root: HTMLElement, help: () => void}} environment @returns {import('./keys.js').Shortcut[]} */
export function commonKeys({ root, help }) {
  const inPanel = (button) => () => {
    const panel = document.activeElement?.closest('.panel') ?? null;
    return /** @type {HTMLElement | null} */ (panel?.querySelector(button) ?? null);
  };
  const menu = inPanel('.panel-menu-button');
  return [
    { group: 'Everywhere', keys: ['?'], words: 'this list', act: help },
    { group: 'Everywhere', keys: ['h'], words: 'all runs', act: () => (location.hash = '#/') },
    { group: 'Everywhere', keys: ['n'], words: 'notifications', act: () => (location.hash = '#/notifications') },
    { group: 'Everywhere', keys: ['/'], words: 'search runs', act: search },
    { group: 'Everywhere', keys: ['t'], words: 'light or dark', act: toggleTheme },
    { group: 'Charts', keys: [']'], words: 'next chart', when: () => areas(root).length > 0, act: () => go(root, 1) },
    { group: 'Charts', keys: ['['], words: 'previous chart', when: () => areas(root).length > 0, act: () => go(root, -1) },
    { group: 'Charts', keys: ['m'], words: 'menu of the chart: scale, smoothing, export', when: () => menu() !== null, act: () => menu()?.click() },
    { group: 'Chart over iterations, with the focus', keys: ['+', '-'], words: 'closer, farther' },
    { group: 'Chart over iterations, with the focus', keys: ['ArrowLeft', 'ArrowRight'], words: 'earlier, later' },
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

/** Charts that can be walked through. @param {HTMLElement} root @returns {HTMLElement[]} */
function areas(root) {
  return /** @type {any} */ ([...root.querySelectorAll('.chart[tabindex]')].filter((area) => /** @type {HTMLElement} */ (area).offsetParent !== null));
}

/** @param {HTMLElement} root @param {number} step */
function go(root, step) {
  const all = areas(root);
  const here = all.indexOf(/** @type {any} */ (document.activeElement?.closest('.panel')?.querySelector('.chart[tabindex]')));
  const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : (here + step + all.length) % all.length;
  all[next].focus();
  all[next].scrollIntoView({ block: 'center' });
}
