/** A card with a chart in it: title, a line of explanation, the chart, and what to say while there is nothing to draw. */
import { attribute, h, text } from '../dom.js';
import { mountChart } from '../charts/mount.js';
import { zoomable } from './zoomable.js';

/**
 * @param {{title: string, note?: string, testid?: string, size?: string, every?: number, controls?: HTMLElement | null, legend?: HTMLElement | null,
 *   option: (width: number) => any, points: () => number, iteration: () => number, label: () => string, empty: () => string,
 *   onReady?: (chart: import('../charts/mount.js').Chart) => void, level?: number, zoom?: import('../state/zoom.js').Zoom | null, exact?: () => boolean, zoomKey?: () => string | null}} description
 *   `option` may answer null: nothing to draw, `empty` says why; `zoom`: for charts over iterations, `exact`: whether they show exact data of the range;
 *   `zoomKey`: metric whose exact data it draws, null for none
 */
export function chartPanel({ title, note = '', testid, size = 'medium', every = 90, controls = null, legend = null, option, points, iteration, label, empty, onReady, level = 2, zoom = null, exact = () => false, zoomKey = () => null }) {
  const canvas = h(`div.chart-canvas`, { role: 'img' });
  const nothing = h('p.chart-empty', {}, 'Waiting for data');
  const area = h(`div.chart.chart-${size}`, { 'data-testid': testid, 'data-points': '0', 'data-iteration': '' }, canvas, nothing);
  const element = h('section.card.panel', {}, h('header.panel-head', {}, h('div.panel-title', {}, h(`h${level}`, {}, title), note && h('p.note', {}, note)), controls), area, legend);
  let labelledAt = -Infinity;
  /** @type {() => void} */
  let request = () => {};
  const chart = mountChart(canvas, () => request());
  onReady?.(chart);
  const disposeZoom = zoom === null ? null : zoomable(area, chart, zoom, title);
  return {
    element,
    area,
    every,
    zoomKey,
    visible: () => chart.visible(),
    /** @param {() => void} redraw */
    onRequest(redraw) {
      request = redraw;
    },
    draw() {
      const drawing = option(chart.width());
      area.classList.toggle('is-empty', drawing === null);
      attribute(area, 'data-points', String(drawing === null ? 0 : points()));
      attribute(area, 'data-iteration', String(iteration()));
      const range = zoom?.range ?? null;
      attribute(area, 'data-range', range !== null && exact() ? `${range.from}-${range.to}` : null);
      if (drawing === null) text(nothing, empty());
      else chart.draw(drawing);
      // a description that changes ten times a second helps nobody
      if (performance.now() - labelledAt > 5000) {
        labelledAt = performance.now();
        attribute(canvas, 'aria-label', `${title}. ${drawing === null ? empty() : label()}`);
      }
    },
    dispose: () => {
      disposeZoom?.();
      chart.dispose();
    },
  };
}
