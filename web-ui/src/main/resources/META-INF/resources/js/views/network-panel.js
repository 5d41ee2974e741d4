/** The network as blocks and layers, each in the colour of the gradient that it receives now. A click, or the keys, choose a layer for all figures. */
import { attribute, fill, h, svg, text } from '../dom.js';
import { BROKEN, css, gradient, isLight, shareOf } from '../charts/palette.js';
import { layoutNetwork, networkOf } from '../charts/network.js';
import { layerTitle } from '../charts/profile.js';
import { SCALE } from './health-strip.js';
import { FLOOR, gradientWords } from '../state/health.js';
import { integer, power, scientific } from '../format.js';

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * @param {import('../state/run-model.js').RunModel} model
 * @param {{selection: import('../state/layer-selection.js').LayerSelection, cut: () => {layer: number} | null, course: () => HTMLElement}} environment `course`: where the course of a chosen layer is
 */
export function networkPanel(model, { selection, cut, course }) {
  const place = h('div.network', { role: 'group', 'aria-label': 'Layers of the network; arrows move, Enter chooses, Escape gives back', onkeydown: keyed });
  const summary = h('p.note', { 'data-testid': 'network-summary' });
  const about = h('p.network-about', { 'data-testid': 'network-about' });
  const onward = h('button.button', { type: 'button', hidden: true, onclick: () => course().scrollIntoView({ block: 'center' }) }, 'Its course over time');
  const legend = h(
    'div.legend.network-legend',
    {},
    power(SCALE.range[0]),
    h('span.legend-bar', { style: { background: gradient() } }),
    power(SCALE.range[1]),
    h('span.legend-key', {}, h('span.swatch.swatch-dead'), `no gradient: below ${power(Math.log10(FLOOR))}`),
    h('span.legend-key', {}, h('span.swatch', { style: { background: BROKEN } }), 'NaN or ∞'),
    h('span.legend-key', { class: 'network-norms' }, h('span.swatch.swatch-norm'), 'batch norm behind it'),
    h('span.legend-key', { class: 'network-skips' }, h('span.swatch.swatch-skip'), 'skip connection'),
  );
  const element = h('section.card.panel.network-panel', { 'data-testid': 'network', 'aria-label': 'Network' }, h('header.panel-head', {}, h('div.panel-title', {}, h('h2', {}, 'Network'), summary)), place, legend, h('div.network-foot', {}, about, onward));
  /** By layer index. @type {Map<number, {group: SVGElement, box: SVGElement, word: SVGElement}>} */
  const cells = new Map();
  let built = '';
  let width = 0;
  let inView = true;
  /** The layer that Tab leads to. */
  let current = 0;
  const sizes = new ResizeObserver(([entry]) => {
    width = Math.floor(entry.contentRect.width);
    build();
  });
  const views = new IntersectionObserver((entries) => (inView = entries[entries.length - 1].isIntersecting), { rootMargin: '120px' });
  sizes.observe(place);
  views.observe(place);
  selection.addEventListener('change', paint);

  function build() {
    // before the first paint: what is below must not move
    if (width === 0) width = place.clientWidth;
    const key = `${width} ${model.layers.length} ${model.batchNorms.length} ${model.run?.configuration?.skip}`;
    if (key === built || width === 0 || model.layers.length === 0) return;
    built = key;
    cells.clear();
    const blocks = networkOf(model.layers, model.batchNorms, model.run?.configuration);
    const { height, blocks: placed, stages, ends, lines } = layoutNetwork(blocks, width);
    const word = (kind, x, y, words, more = {}) => svg('text', { class: kind, x, y, ...more }, words);
    fill(
      place,
      svg(
        'svg',
        { width, height, viewBox: `0 0 ${width} ${height}` },
        ...lines.map((d) => svg('path', { class: 'net-line', d })),
        ...stages.map(({ x, y, text: words }) => word('net-stage', x, y, words)),
        ...ends.map(({ x, y, text: words }) => word('net-end', x, y, words, { 'dominant-baseline': 'central' })),
        ...placed.map((block) =>
          svg(
            'g',
            {},
            svg('rect', { class: 'net-block', x: block.x, y: block.y, width: block.width, height: block.height, rx: 5 }),
            word('net-title', block.x + block.width / 2, block.y + 11.5, fitting(block.title, block.width), { 'text-anchor': 'middle' }),
            block.skip && svg('path', { class: 'net-skip', d: block.skip }),
            ...block.boxes.map(layerBox),
          ),
        ),
      ),
    );
    place.style.setProperty('min-height', `${height}px`);
    legend.querySelector('.network-norms')?.toggleAttribute('hidden', model.batchNorms.length === 0);
    legend.querySelector('.network-skips')?.toggleAttribute('hidden', !blocks.some(({ skip }) => skip));
    paint();
  }

  function layerBox({ x, y, width: w, height, layer }) {
    const box = svg('rect', { class: 'net-box', x, y, width: w, height, rx: 2 });
    const word = svg('text', { class: 'net-word', x: x + w / 2, y: y + height / 2, 'text-anchor': 'middle', 'dominant-baseline': 'central' }, String(layer.index));
    const group = svg(
      'g',
      { class: 'net-layer', role: 'button', tabindex: layer.index === current ? '0' : '-1', 'data-layer': layer.index, onclick: () => choose(layer.index), onfocus: () => tell(layer.index), onpointerenter: () => tell(layer.index), onpointerleave: () => tell(selection.layer) },
      box,
      svg('rect', { class: 'net-dead', x, y: y + height - 4, width: w, height: 4 }),
      svg('rect', { class: 'net-frame', x: x - 2.5, y: y - 2.5, width: w + 5, height: height + 5, rx: 3 }),
      layer.norm >= 0 && svg('rect', { class: 'net-norm', x: x + w - 3.5, y: y + 3, width: 2.5, height: height - 10 }),
      word,
    );
    cells.set(layer.index, { group, box, word });
    return group;
  }

  /** Colours, and what is said of each layer; only what differs is touched. */
  function paint() {
    const values = model.latest.get('gradient.mean_abs');
    const cutLayer = cut()?.layer ?? -1;
    for (const [index, { group, box, word }] of cells) {
      const value = values?.[index] ?? null;
      const known = value !== null && Number.isFinite(value);
      const share = known ? shareOf(/** @type {number} */ (value), SCALE) : 0;
      attribute(box, 'fill', value === null ? 'var(--sunken)' : known ? css(share) : BROKEN);
      attribute(word, 'fill', value === null ? 'var(--muted)' : known && !isLight(share) ? '#ffffff' : '#000000');
      const kinds = ['net-layer', known && value < FLOOR && 'is-dead', index === cutLayer && 'is-cut', index === selection.layer && 'is-chosen'].filter(Boolean).join(' ');
      attribute(group, 'class', kinds);
      attribute(group, 'aria-pressed', String(index === selection.layer));
      attribute(group, 'aria-label', `${layerTitle(model.layers[index], index)}: ${sayValue(value)}`);
    }
    text(summary, values ? `${gradientWords(values, model.layers)}; colour: mean |g| now` : 'Colour: mean |g| that a layer receives now');
    if (!place.matches(':hover, :focus-within')) tell(selection.layer);
    onward.hidden = selection.layer === null;
  }

  /** @param {number | null} index */
  function tell(index) {
    if (index === null) return text(about, 'Point at a layer; click it for its course over time');
    const layer = model.layers[index];
    if (!layer) return;
    const shape = (layer.shape ?? []).join(' × ');
    const count = (layer.shape ?? []).reduce((product, n) => product * n, 1);
    const norm = model.batchNorms.find((one) => one.layer === index);
    text(
      about,
      [layerTitle(layer, index), layer.type, shape && `weights ${shape} (${integer(count)})`, norm && `batch norm ${norm.name}`, sayValue(model.latest.get('gradient.mean_abs')?.[index] ?? null)].filter(Boolean).join(' · '),
    );
  }

  function choose(index) {
    current = index;
    for (const [at, { group }] of cells) attribute(group, 'tabindex', at === current ? '0' : '-1');
    selection.toggle(index);
  }

  function keyed(event) {
    const index = Number(event.target.closest?.('[data-layer]')?.dataset.layer ?? NaN);
    if (Number.isNaN(index) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') choose(index);
    else if (event.key === 'Escape' && selection.layer !== null) selection.clear();
    else if (event.key in STEPS || event.key === 'Home' || event.key === 'End') move(event.key === 'Home' ? 0 : event.key === 'End' ? model.layers.length - 1 : index + STEPS[event.key]);
    else return;
    event.preventDefault();
  }

  function move(index) {
    const next = cells.get(index);
    if (!next) return;
    attribute(/** @type {any} */ (cells.get(current)).group, 'tabindex', '-1');
    current = index;
    attribute(next.group, 'tabindex', '0');
    next.group.focus();
  }

  return {
    element,
    every: 240,
    visible: () => inView,
    draw() {
      build();
      paint();
    },
    dispose() {
      sizes.disconnect();
      views.disconnect();
      selection.removeEventListener('change', paint);
    },
  };
}

function sayValue(value) {
  if (value === null) return 'nothing measured yet';
  if (!Number.isFinite(value)) return 'its gradient is NaN or infinite';
  return `mean |g| ${scientific(value)}${value < FLOOR ? ', no gradient' : ''}`;
}

/** A title as long as there is room for. */
function fitting(title, width) {
  const most = Math.floor(width / 5.6);
  return title.length <= most ? title : title.length > most + 4 && / \d+$/.test(title) ? /** @type {any} */ (/\d+$/.exec(title))[0] : `${title.slice(0, Math.max(1, most - 1))}…`;
}
