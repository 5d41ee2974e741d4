/** One cell per layer, coloured by the mean gradient it receives now: a run's health at a glance. */
import { attribute, fill, h } from '../dom.js';
import { BROKEN, css, gradient, shareOf } from '../charts/palette.js';
import { power, scientific } from '../format.js';
import { FLOOR } from '../state/health.js';

/** Decades of the strip's colours: fixed, so that two runs can be compared. @type {{log: boolean, range: [number, number]}} */
const SCALE = { log: true, range: [-12, -1] };

/** @param {import('../state/run-model.js').RunModel} model @param {{cut: () => {layer: number} | null, legend?: boolean}} more */
export function healthStrip(model, { cut, legend = false }) {
  const cells = h('div.strip', { role: 'img', 'data-testid': 'health-strip' });
  const element = h('div.strip-box', {}, h('span.strip-end', {}, 'input'), cells, h('span.strip-end', {}, 'loss'), legend && h('span.strip-legend', {}, power(SCALE.range[0]), h('span.legend-bar', { style: { background: gradient() } }), power(SCALE.range[1])));
  let count = -1;

  return {
    element,
    every: 240,
    visible: () => true,
    draw() {
      const values = model.latest.get('gradient.mean_abs');
      const layers = model.layers.length;
      if (count !== layers) {
        count = layers;
        fill(cells, ...Array.from({ length: layers }, () => h('span.strip-cell')));
      }
      if (!values) return;
      const cutLayer = cut()?.layer ?? -1;
      for (let i = 0; i < layers; i++) {
        const cell = /** @type {HTMLElement} */ (cells.children[i]);
        const share = shareOf(values[i], SCALE);
        cell.style.setProperty('background-color', Number.isFinite(values[i]) ? css(share) : BROKEN);
        cell.classList.toggle('is-dead', values[i] < FLOOR);
        cell.classList.toggle('is-cut', i === cutLayer);
        attribute(cell, 'title', `layer ${i} · ${model.layers[i]?.name ?? ''}: ${scientific(values[i])}`);
      }
      const dead = values.reduce((n, value) => n + (value < FLOOR ? 1 : 0), 0);
      attribute(cells, 'aria-label', `${layers} layers, ${dead} of them with a gradient below 1e-8`);
    },
  };
}
