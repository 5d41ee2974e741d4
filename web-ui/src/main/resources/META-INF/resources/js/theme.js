/**
 * Light and dark: follows the system until the reader chooses; the choice is kept. Colours live in css/tokens.css; charts get them from here.
 *
 * @typedef {{dark: boolean, text: string, muted: string, faint: string, line: string, card: string, accent: string, second: string,
 *   critical: string, warning: string, good: string, broken: string, font: string}} Theme
 */
const KEY = 'gradwatch.theme';
const system = () => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

/** Event 'change' when colours change. */
export const themeEvents = new EventTarget();

/** @returns {'light' | 'dark'} */
export function themeName() {
  const chosen = document.documentElement.dataset.theme;
  return chosen === 'dark' || chosen === 'light' ? chosen : system();
}

/** @type {Theme | null} */
let current = null;

/** The colours now; read from the style sheet once, until they change. @returns {Theme} */
export function theme() {
  current ??= read();
  return current;
}

function changed() {
  current = null;
  themeEvents.dispatchEvent(new Event('change'));
}

/** @returns {Theme} */
function read() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    dark: themeName() === 'dark',
    text: colour('text'),
    muted: colour('muted'),
    faint: colour('faint'),
    line: colour('line'),
    card: colour('card'),
    accent: colour('accent'),
    second: colour('second'),
    critical: colour('critical'),
    warning: colour('warning'),
    good: colour('good'),
    broken: colour('broken'),
    font: colour('font'),
  };
}

export function toggleTheme() {
  const next = themeName() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // storage is off: the choice holds until the page is closed
  }
  changed();
}

/** Paper is white: charts are drawn in light colours while the page is printed. */
export function printInLight() {
  const { dataset } = document.documentElement;
  /** @type {string | undefined} */
  let before;
  // capture: before the charts listen
  addEventListener('beforeprint', () => {
    before = dataset.theme;
    dataset.theme = 'light';
    current = null;
  }, { capture: true });
  addEventListener('afterprint', () => {
    if (before === undefined) delete dataset.theme;
    else dataset.theme = before;
    current = null;
  }, { capture: true });
}

/** Tells the charts when the system changes its mind. */
export function followSystem() {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
}
