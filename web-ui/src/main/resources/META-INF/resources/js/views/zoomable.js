/**
 * Choosing a range on a chart over iterations: drag across it, or with the keyboard: + and − for closer and farther, the arrows for earlier and
 * later, comma and full stop for the cursor, Escape (or a double click) for the whole run.
 */
import { h } from '../dom.js';
import { cursor } from '../state/cursor.js';

/** Pixels below which a drag is a click. */
const LEAST_DRAG = 6;
const STEP = 0.25;
/** Keys that move the cursor, by so many iterations; the latter two are the same keys with Shift. @type {Record<string, number>} */
const STEPS = { ',': -1, '.': 1, ';': -10, ':': 10, '<': -10, '>': 10 };

/**
 * @param {HTMLElement} area that holds the chart
 * @param {import('../charts/mount.js').Chart} chart
 * @param {import('../state/zoom.js').Zoom} zoom
 * @param {string} title of the chart
 * @returns {() => void} disposer
 */
export function zoomable(area, chart, zoom, title) {
  const stop = new AbortController();
  const { signal } = stop;
  const band = h('div.zoom-band', { hidden: true, 'aria-hidden': 'true' });
  /** @type {{pointer: number, from: number, left: number} | null} */
  let drag = null;
  area.classList.add('is-zoomable');
  area.tabIndex = 0;
  area.setAttribute('role', 'group');
  area.setAttribute('aria-label', `${title}, zoomable: plus and minus for closer and farther, arrows to move, comma and full stop for the cursor, Escape for the whole run`);
  area.append(band);

  const on = (type, listener) => area.addEventListener(type, listener, { signal });
  on('pointerdown', (event) => {
    const place = chart.plotX(event.clientX, event.clientY);
    if (event.button !== 0 || !place?.inside || zoom.end <= 0) return;
    drag = { pointer: event.pointerId, from: place.x, left: event.clientX };
  });
  on('pointermove', (event) => {
    if (drag === null || drag.pointer !== event.pointerId) return;
    if (Math.abs(event.clientX - drag.left) >= LEAST_DRAG && !area.hasPointerCapture(event.pointerId)) area.setPointerCapture(event.pointerId);
    show(event.clientX);
  });
  on('pointerup', (event) => {
    if (drag === null || drag.pointer !== event.pointerId) return;
    const place = chart.plotX(event.clientX, event.clientY);
    const { from, left } = drag;
    end();
    if (place !== null && Math.abs(event.clientX - left) >= LEAST_DRAG) choose(from, place.x);
  });
  on('pointercancel', end);
  on('blur', () => cursor.set(null, area));
  on('dblclick', () => zoom.reset());
  on('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && drag !== null) end();
    else if (event.key === '+' || event.key === '=') zoom.scale(2);
    else if (event.key === '-' || event.key === '_') zoom.scale(0.5);
    else if (event.key === 'ArrowLeft') zoom.move(-STEP);
    else if (event.key === 'ArrowRight') zoom.move(STEP);
    else if (event.key === 'Escape') zoom.reset();
    else if (STEPS[event.key]) cursor.move(STEPS[event.key], zoom.range ?? { from: 0, to: zoom.end });
    else return;
    event.preventDefault();
  });

  function show(clientX) {
    const { left } = /** @type {any} */ (drag);
    const box = area.getBoundingClientRect();
    const from = Math.max(box.left, Math.min(left, clientX));
    const to = Math.min(box.right, Math.max(left, clientX));
    band.hidden = to - from < LEAST_DRAG;
    band.style.setProperty('left', `${from - box.left}px`);
    band.style.setProperty('width', `${to - from}px`);
  }

  function choose(a, b) {
    const shown = zoom.range ?? { from: 0, to: zoom.end };
    const from = Math.max(shown.from, Math.floor(Math.min(a, b)));
    const to = Math.min(shown.to, Math.ceil(Math.max(a, b)) + 1);
    zoom.choose({ from, to });
  }

  function end() {
    drag = null;
    band.hidden = true;
  }

  return () => stop.abort();
}
