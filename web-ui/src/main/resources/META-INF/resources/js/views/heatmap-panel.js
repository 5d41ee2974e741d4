/** The heat map with its metric selector, legend and the tooltip of the cell under the pointer. */
import { fill, h, text } from '../dom.js';
import { chartPanel } from './panel.js';
import { heatmapOption, scaleOf } from '../charts/heatmap.js';
import { HeatmapImage } from '../charts/heatmap-image.js';
import { gradient, BROKEN } from '../charts/palette.js';
import { theme } from '../theme.js';
import { wordsNear } from '../state/marks.js';
import { GRID_METRICS } from '../state/run-model.js';
import { integer, iterations, percent, power, scientific } from '../format.js';

const DEFAULT = GRID_METRICS[0];

/**
 * @param {import('../state/run-model.js').RunModel} model
 * @param {{cut: () => {layer: number} | null, needGrid: (metric: string) => void, invalidate: () => void, selectable?: boolean,
 *   sharedScale?: (() => any) | null, to?: () => number, level?: number, zoom?: import('../state/zoom.js').Zoom | null}} more
 */
export function heatmapPanel(model, { cut, needGrid, invalidate, selectable = true, sharedScale = null, to = () => model.iteration + 1, level, zoom = null }) {
  let metric = DEFAULT;
  const gridNow = () => (zoom?.shown() ?? model).grid(metric.name);
  const image = new HeatmapImage();
  const select = selectable ? metricSelect((name) => {
    metric = GRID_METRICS.find((one) => one.name === name) ?? DEFAULT;
    needGrid(metric.name);
    zoom?.needGrid(metric.name);
    invalidate();
  }) : null;
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
      return heatmapOption({ rows: grid.rows, shown: zoom?.range ?? to(), columns: grid.length, origin: grid.origin, columnWidth: grid.width, cut: cutLayer, marks: model.marks, image: (w, height) => image.at(w, height) }, theme());
    },
    zoom,
    zoomKey: () => metric.name,
    exact: () => zoom?.shown().isExact?.(metric.name) === true,
    points: () => (gridNow()?.length ?? 0) * (gridNow()?.rows ?? 0),
    iteration: () => model.iteration,
    label: () => `${metric.label}, ${model.grid(metric.name)?.rows ?? 0} layers over ${integer(model.iteration + 1)} iterations.`,
    empty: () => (metric.bn && model.batchNorms.length === 0 ? 'This network has no batch-normalisation layers' : 'Waiting for the first iteration'),
    onReady: (chart) => chart.onMove((place) => showTip(tip, place, model, metric, gridNow())),
  });
  panel.area.append(tip);
  return panel;
}

function metricSelect(onChange) {
  const options = GRID_METRICS.map(({ name, label, bn }) => h('option', { value: name, dataset: { bn: String(bn) } }, label));
  const element = h('label.select', {}, h('span.visually-hidden', {}, 'Metric of the heat map'), h('select', { 'data-testid': 'heatmap-metric', onchange: (event) => onChange(event.target.value) }, ...options));
  return {
    element,
    /** @param {boolean} withBatchNorm */
    limit(withBatchNorm) {
      for (const option of options) if (option.dataset.bn === 'true') /** @type {any} */ (option).hidden = !withBatchNorm;
    },
  };
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
    ...wordsNear(model.marks, place.x, Math.max(0.5, (cell.to - cell.from) * 2)).map((line) => h('span', {}, line)),
    cell.nan + cell.inf > 0 && h('span.bad', {}, `${integer(cell.nan)} × NaN, ${integer(cell.inf)} × infinite`),
  );
  const width = tip.parentElement?.clientWidth ?? 0;
  const left = place.left + 16 + tip.offsetWidth > width ? place.left - tip.offsetWidth - 12 : place.left + 16;
  tip.style.setProperty('transform', `translate(${Math.max(0, left)}px, ${Math.max(0, place.top - 40)}px)`);
}
