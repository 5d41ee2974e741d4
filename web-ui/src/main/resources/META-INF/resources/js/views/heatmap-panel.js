/** The heat map with its metric selector, legend and the tooltip of the cell under the pointer. */
import { fill, h, text } from '../dom.js';
import { chartPanel } from './panel.js';
import { noIterations } from './states.js';
import { heatmapOption, scaleOf } from '../charts/heatmap.js';
import { HeatmapImage } from '../charts/heatmap-image.js';
import { gradient, BROKEN } from '../charts/palette.js';
import { theme } from '../theme.js';
import { viewOptions } from '../state/view-options.js';
import { GRID_METRICS } from '../state/run-model.js';
import { integer, iterations, percent, power, scientific } from '../format.js';

const DEFAULT = GRID_METRICS[0];

/**
 * @param {import('../state/run-model.js').RunModel} model
 * @param {{cut: () => {layer: number} | null, needGrid: (metric: string) => void, invalidate: () => void, selectable?: boolean,
 *   sharedScale?: (() => any) | null, to?: () => number, level?: number, zoom?: import('../state/zoom.js').Zoom | null}} more
 */
export function heatmapPanel(model, { cut, needGrid, invalidate, selectable = true, sharedScale = null, to = () => model.iteration + 1, level, zoom = null }) {
  let metric = (selectable && GRID_METRICS.find(({ name }) => name === viewOptions.get('metric'))) || DEFAULT;
  const gridNow = () => (zoom?.shown() ?? model).grid(metric.name);
  const image = new HeatmapImage();
  const select = selectable ? metricSelect(metric.name, (name) => viewOptions.set('metric', name === DEFAULT.name ? null : name)) : null;
  const choose = (/** @type {any} */ { detail }) => {
    if (!selectable || !detail.includes('metric')) return;
    metric = GRID_METRICS.find(({ name }) => name === viewOptions.get('metric')) ?? DEFAULT;
    select?.show(metric.name);
    needed();
    invalidate();
  };
  const needed = () => {
    needGrid(metric.name);
    zoom?.needGrid(metric.name);
  };
  viewOptions.addEventListener('change', choose);
  if (metric !== DEFAULT) needed();
  const legend = legendBar();
  const tip = h('div.cell-tip', { hidden: true, 'aria-hidden': 'true' });
  const panel = chartPanel({
    title: 'Layers over time',
    note: selectable ? 'Every layer (input on top) by iteration; point at a cell for its values' : 'Mean |g|: input on top, loss at the bottom',
    testid: 'chart-heatmap',
    size: 'medium',
    every: 480,
    level,
    controls: select?.element,
    legend: legend.element,
    option: () => {
      const grid = gridNow();
      if (!grid || grid.length === 0) return null;
      const scale = sharedScale?.() ?? scaleOf(grid, metric.log);
      image.paint(grid, scale);
      legend.update(scale);
      select?.limit(model.batchNorms.length > 0);
      const cutLayer = metric.bn ? null : cut()?.layer ?? null;
      return heatmapOption({ rows: grid.rows, over: metric.bn ? 'batch norm' : 'layer', shown: zoom?.range ?? to(), columns: grid.length, origin: grid.origin, columnWidth: grid.width, cut: cutLayer, marks: model.commandMarks, image: (w, height) => image.at(w, height) }, theme());
    },
    layers: () => model.layers,
    zoom,
    zoomKey: () => metric.name,
    exact: () => zoom?.shown().isExact?.(metric.name) === true,
    table: (kept) => cellsOf(gridNow(), metric.bn ? model.batchNorms : model.layers, metric.bn ? null : kept),
    points: () => (gridNow()?.length ?? 0) * (gridNow()?.rows ?? 0),
    iteration: () => model.iteration,
    label: () => `${metric.label}, ${model.grid(metric.name)?.rows ?? 0} layers over ${integer(model.iteration + 1)} iterations.`,
    empty: () => (metric.bn && model.batchNorms.length === 0 ? 'This network has no batch-normalisation layers' : noIterations(model)),
    onReady: (chart) => chart.onMove((place) => showTip(tip, place, model, metric, gridNow())),
  });
  panel.area.append(tip);
  return { ...panel, dispose: () => (viewOptions.removeEventListener('change', choose), panel.dispose()) };
}

function metricSelect(chosen, onChange) {
  const options = GRID_METRICS.map(({ name, label, bn }) => h('option', { value: name, selected: name === chosen, dataset: { bn: String(bn) } }, label));
  const select = /** @type {HTMLSelectElement} */ (h('select', { 'data-testid': 'heatmap-metric', onchange: () => onChange(select.value) }, ...options));
  const element = h('label.select', {}, h('span.visually-hidden', {}, 'Metric of the heat map'), select);
  return {
    element,
    /** @param {string} name */
    show: (name) => void (select.value = name),
    /** @param {boolean} withBatchNorm */
    limit(withBatchNorm) {
      for (const option of options) if (option.dataset.bn === 'true') /** @type {any} */ (option).hidden = !withBatchNorm;
    },
  };
}

/** Every cell with something in it. @param {import('../state/grid.js').LayerGrid | null} grid @param {any[]} layers @param {Set<number> | null} kept rows between these; null: all */
function cellsOf(grid, layers, kept) {
  const [first, last] = kept === null ? [0, Infinity] : [Math.min(...kept), Math.max(...kept)];
  const rows = [];
  for (let row = first; grid !== null && row < Math.min(grid.rows, last + 1); row++) {
    for (let column = 0; column < grid.length; column++) {
      const cell = grid.cell(column, row);
      if (cell) rows.push([row, layers[row]?.name ?? '', cell.from, cell.to - 1, cell.mean, cell.min, cell.max, cell.nan, cell.inf]);
    }
  }
  return { columns: ['layer', 'name', 'first iteration', 'last iteration', 'mean', 'min', 'max', 'nan', 'infinite'], rows };
}

function legendBar() {
  const low = h('span.legend-end');
  const high = h('span.legend-end');
  const bar = h('span.legend-bar', { style: { background: gradient() } });
  const element = h('div.legend', {}, low, bar, high, h('span.legend-key', {}, h('span.swatch', { style: { background: BROKEN } }), 'NaN or ∞'), h('span.legend-key', {}, h('span.swatch.swatch-none'), 'no data'));
  return {
    element,
    update({ log, range: [from, to] }) {
      text(low, log ? power(from) : scientific(from));
      text(high, log ? power(to) : scientific(to));
    },
  };
}

function showTip(tip, place, model, metric, grid) {
  const row = place ? Math.floor(place.y) : -1;
  const cell = place && grid ? grid.cell(Math.floor((place.x - grid.origin) / grid.width), row) : null;
  tip.hidden = cell === null;
  if (cell === null) return;
  const layer = (metric.bn ? model.batchNorms : model.layers)[row];
  const show = metric.log ? scientific : metric.name.endsWith('fraction') ? percent : scientific;
  fill(
    tip,
    h('strong', {}, `${metric.bn ? 'batch norm' : 'layer'} ${row}${layer ? ` · ${layer.name}` : ''}`),
    h('span', {}, iterations(cell.from, Math.min(cell.to, model.iteration + 1))),
    h('span', {}, `mean ${show(cell.mean)}`),
    cell.to - cell.from > 1 && h('span', {}, `min ${show(cell.min)} · max ${show(cell.max)}`),
    cell.nan + cell.inf > 0 && h('span.bad', {}, `${integer(cell.nan)} × NaN, ${integer(cell.inf)} × infinite`),
  );
  const width = tip.parentElement?.clientWidth ?? 0;
  const left = place.left + 16 + tip.offsetWidth > width ? place.left - tip.offsetWidth - 12 : place.left + 16;
  tip.style.setProperty('transform', `translate(${Math.max(0, left)}px, ${Math.max(0, place.top - 40)}px)`);
}
