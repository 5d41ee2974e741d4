/** One cell per layer of the main path, coloured by the mean gradient it receives now: a run's health at a glance. */
import { attribute, fill, h } from '../dom.js';
import { BROKEN, css, gradient, shareOf } from '../charts/palette.js';
import { power, scientific } from '../format.js';
import { FLOOR } from '../state/health.js';

/** Decades of the strip's colours: fixed, so that two runs can be compared. @type {{log: boolean, range: [number, number]}} */
export const SCALE = { log: true, range: [-12, -1] };

/** @param {import('../state/run-model.js').RunModel} model @param {{cut: () => {layer: number} | null, legend?: boolean}} more */
export function healthStrip(model, { cut, legend = false }) {
  const cells = h('div.strip', { role: 'img', 'aria-label': 'Nothing measured yet', 'data-testid': 'health-strip' });
  const element = h('div.strip-box', {}, h('span.strip-end', {}, 'input'), cells, h('span.strip-end', {}, 'loss'), legend && h('span.strip-legend', {}, power(SCALE.range[0]), h('span.legend-bar', { style: { background: gradient() } }), power(SCALE.range[1])));
  let count = -1;
  /** Layers of the main path. @type {any[]} */
  let shown = [];

  return {
    element,
    every: 240,
    visible: () => true,
    draw() {
      const values = model.latest.get('gradient.mean_abs');
      if (count !== model.layers.length) {
        count = model.layers.length;
        shown = model.layers.filter((layer) => layer.mainPath !== false);
        fill(cells, ...shown.map(() => h('span.strip-cell')));
      }
      if (!values) return;
      const cutLayer = cut()?.layer ?? -1;
      shown.forEach(({ index: i, name }, place) => {
        const cell = /** @type {HTMLElement} */ (cells.children[place]);
        const share = shareOf(values[i], SCALE);
        cell.style.setProperty('background-color', Number.isFinite(values[i]) ? css(share) : BROKEN);
        cell.classList.toggle('is-dead', values[i] < FLOOR);
        cell.classList.toggle('is-cut', i === cutLayer);
        attribute(cell, 'title', `layer ${i} · ${name}: ${scientific(values[i])}`);
      });
      const dead = shown.filter(({ index }) => values[index] < FLOOR).length;
      attribute(cells, 'aria-label', `${shown.length} layers, ${dead} of them with a gradient below 1e-8`);
    },
  };
}
