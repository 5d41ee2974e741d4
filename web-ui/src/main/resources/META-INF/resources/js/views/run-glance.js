/** The two small pictures of a run in the list: its layers as a strip of cells, its loss as a line. */
import { attribute, h } from '../dom.js';
import { BROKEN, css, gradient, shareOf } from '../charts/palette.js';
import { power } from '../format.js';
import { sparkline, stripCells, stripWords } from '../state/overview.js';

/** Decades of the colours: those of the strip on a run's page. @type {{log: boolean, range: [number, number]}} */
const SCALE = { log: true, range: [-12, -1] };
const BOX = { width: 120, height: 32 };
const SVG = 'http://www.w3.org/2000/svg';

/** One cell a layer. What is dead or broken has a mark besides its colour. */
export function smallStrip() {
  const cells = h('div.glance-strip', { role: 'img', 'data-testid': 'row-strip', 'aria-label': stripWords([]) });
  let shown = '';
  return {
    element: cells,
    /** @param {import('../state/overview.js').Layers | null} layers */
    update(layers) {
      const states = stripCells(layers);
      const key = states.map(({ kind, value }) => `${kind}${value}`).join();
      if (key === shown) return;
      shown = key;
      const words = stripWords(states);
      attribute(cells, 'aria-label', words);
      attribute(cells, 'title', words);
      while (cells.children.length > states.length) cells.lastChild?.remove();
      while (cells.children.length < states.length) cells.append(h('span.glance-cell'));
      states.forEach(({ kind, value }, i) => {
        const cell = /** @type {HTMLElement} */ (cells.children[i]);
        cell.className = `glance-cell is-${kind}`;
        if (kind === 'unknown') cell.style.removeProperty('background-color');
        else cell.style.setProperty('background-color', kind === 'broken' ? BROKEN : css(shareOf(/** @type {number} */ (value), SCALE)));
      });
    },
  };
}

/** What the colours of the strips mean. */
export function stripLegend() {
  return h(
    'div.glance-legend',
    { 'data-testid': 'strip-legend' },
    h('span', {}, 'Layers: mean |g| now'),
    h('span.glance-scale', {}, power(SCALE.range[0]), h('span.legend-bar', { style: { background: gradient() } }), power(SCALE.range[1])),
    h('span.glance-key', {}, h('span.glance-cell.is-dead', { style: { 'background-color': css(0.1) } }), `below Adam’s ε, ${power(-8)}`),
    h('span.glance-key', {}, h('span.glance-cell.is-broken', { style: { 'background-color': BROKEN } }), 'NaN or infinity'),
  );
}

/** A line without axes: the course, not the figures. */
export function smallLoss() {
  const line = part('path', 'spark-line');
  const band = part('path', 'spark-band');
  const marks = part('g', 'spark-broken');
  const svg = part('svg', 'spark');
  svg.setAttribute('viewBox', `0 0 ${BOX.width} ${BOX.height}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(band, line, marks);
  let shown = '';
  return {
    element: svg,
    /** @param {import('../state/overview.js').Loss | null} loss */
    update(loss) {
      const drawn = loss === null ? { line: '', band: '', broken: [] } : sparkline(loss, BOX);
      const key = drawn.line + drawn.broken.join();
      if (key === shown) return;
      shown = key;
      line.setAttribute('d', drawn.line);
      band.setAttribute('d', drawn.band);
      marks.replaceChildren(
        ...drawn.broken.map((x) => {
          const mark = part('path', '');
          mark.setAttribute('d', `M${x} ${BOX.height}v-6`);
          return mark;
        }),
      );
    },
  };
}

function part(name, className) {
  const element = document.createElementNS(SVG, name);
  if (className) element.setAttribute('class', className);
  return element;
}
