/** The shared cursor on one chart: reports where the pointer is, and shows where it is on other charts. */
import { h, text } from '../dom.js';
import { integer } from '../format.js';

/**
 * @param {HTMLElement} area that holds the chart
 * @param {import('../charts/mount.js').Chart} chart
 * @param {import('../state/cursor.js').Cursor} cursor
 */
export function cursorLine(area, chart, cursor) {
  const stop = new AbortController();
  const { signal } = stop;
  const words = h('span');
  const line = h('div.cursor-line', { hidden: true, 'aria-hidden': 'true' }, words);
  let linked = false;
  let tips = false;
  let frame = 0;
  /** @type {{x: number, y: number} | null} */
  let pointer = null;
  area.append(line);

  const on = (type, listener) => area.addEventListener(type, listener, { signal, passive: true });
  on('pointermove', (event) => {
    if (!linked || event.pointerType === 'touch') return;
    pointer = { x: event.clientX, y: event.clientY };
    frame ||= requestAnimationFrame(report);
  });
  on('pointerleave', () => {
    if (pointer === null) return;
    pointer = null;
    cursor.set(null, area);
  });
  cursor.addEventListener('change', (event) => show(/** @type {CustomEvent} */ (event).detail), { signal });

  function report() {
    frame = 0;
    if (pointer === null) return;
    // between two plots of a chart it points at both
    const place = chart.plotX(pointer.x, pointer.y);
    cursor.set(place !== null && chart.plotOf(place.x) !== null ? Math.round(place.x) : null, area);
  }

  /** @param {unknown} [source] who pointed */
  function show(source = null) {
    if (!linked || !chart.visible()) return;
    const left = cursor.iteration === null ? null : chart.plotOf(cursor.iteration);
    // a chart that is pointed at has its own
    if (tips && source !== area && pointer === null) chart.tip(left);
    const visible = left !== null && !tips;
    if (visible && line.hidden) {
      const { top, height } = chart.plotRows(left);
      line.style.setProperty('top', `${top}px`);
      line.style.setProperty('height', `${height}px`);
    }
    line.hidden = !visible;
    if (left === null) return;
    line.style.setProperty('transform', `translateX(${left}px)`);
    line.classList.toggle('is-right', left > chart.width() / 2);
    text(words, pointer === null ? integer(cursor.iteration) : '');
  }

  return {
    /** A drawing was made: whether it is over iterations, and shows values at the cursor by itself. @param {{overIterations: boolean, tooltip: boolean}} drawing */
    drawn({ overIterations, tooltip }) {
      linked = overIterations;
      tips = tooltip;
      if (cursor.iteration !== null && pointer === null) show();
      else if (!linked) line.hidden = true;
    },
    dispose() {
      stop.abort();
      cancelAnimationFrame(frame);
      if (pointer !== null) cursor.set(null, area);
    },
  };
}
