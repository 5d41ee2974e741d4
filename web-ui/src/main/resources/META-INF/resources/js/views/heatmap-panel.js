/** The heat map with its metric selector, legend and the tooltip of the cell under the pointer. */
import { fill, h, text } from '../dom.js';
import { chartPanel } from './panel.js';
import { heatmapOption, scaleOf } from '../charts/heatmap.js';
import { HeatmapImage } from '../charts/heatmap-image.js';
import { gradient, BROKEN } from '../charts/palette.js';
import { theme } from '../theme.js';
import { wordsNear } from '../state/marks.js';
import { LAYER_METRICS, hasMetric, layerMetric, layerOf, rowOf } from '../state/layer-metrics.js';
import { integer, iterations, percent, power, scientific } from '../format.js';

const DEFAULT = LAYER_METRICS[0];

/**
 * @param {import('../state/run-model.js').RunModel} model
 * @param {{cut: () => {layer: number} | null, needGrid: (metric: string) => void, invalidate: () => void, selectable?: boolean,
 *   sharedScale?: (() => any) | null, to?: () => number, level?: number, zoom?: import('../state/zoom.js').Zoom | null,
 *   keepGrid?: (metric: string) => void, selection?: import('../state/layer-selection.js').LayerSelection | null}} more `selection`: a row can be chosen
 */
export function heatmapPanel(model, { cut, needGrid, keepGrid = () => {}, invalidate, selectable = true, selection = null, sharedScale = null, to = () => model.iteration + 1, level, zoom = null }) {
  let metric = DEFAULT;
  const chosenRow = () => (selection?.layer == null ? -1 : rowOf(metric, selection.layer, model.batchNorms));
  const gridNow = () => (zoom?.shown() ?? model).grid(metric.name);
  const image = new HeatmapImage();
  const select = selectable ? metricSelect((name) => {
    metric = layerMetric(name);
    needGrid(metric.name);
    zoom?.needGrid(metric.name);
    tip.hidden = true;
    invalidate();
  }) : null;
  const legend = legendBar();
  const tip = h('div.cell-tip', { hidden: true, 'aria-hidden': 'true' });
  const panel = chartPanel({
    title: 'Layers over time',
    note: selection ? 'Every layer (input on top) by iteration; click a row, or press ↑ ↓, for its course' : selectable ? 'Every layer (input on top) by iteration; point at a cell for its values' : 'Mean |g|: input on top, loss at the bottom',
    testid: 'chart-heatmap',
    size: 'medium',
    every: 480,
    level,
    controls: select?.element,
    legend: legend.element,
    option: () => {
      select?.limit(model);
      keepGrid(metric.name);
      const grid = gridNow();
      if (!grid || grid.length === 0) return null;
      const scale = sharedScale?.() ?? scaleOf(grid, metric.log);
      image.paint(grid, scale, { hold: metric.sampled !== undefined, gaps: metric.gaps });
      legend.update(scale);
      const cutLayer = metric.bn ? null : cut()?.layer ?? null;
      return heatmapOption({ rows: grid.rows, shown: zoom?.range ?? to(), columns: grid.length, origin: grid.origin, columnWidth: grid.width, cut: cutLayer, selected: chosenRow() < 0 ? null : chosenRow(), marks: model.marks, image: (w, height) => image.at(w, height) }, theme());
    },
    zoom,
    zoomKey: () => metric.name,
    exact: () => zoom?.shown().isExact?.(metric.name) === true,
    points: () => (gridNow()?.length ?? 0) * (gridNow()?.rows ?? 0),
    iteration: () => model.iteration,
    label: () => `${metric.label}, ${model.grid(metric.name)?.rows ?? 0} layers over ${integer(model.iteration + 1)} iterations.`,
    empty: () => (!hasMetric(metric, model.run, model.batchNorms) ? 'This run does not have that metric' : model.iteration < 0 ? (model.run?.state === 'running' ? 'Waiting for the first iteration' : 'This run has no iterations') : metric.sampled ? 'No sample yet' : 'Loading the cells'),
    onReady: (chart) => {
      chart.onMove((place) => showTip(tip, place, model, metric, gridNow()));
      chart.onClick(({ y }) => {
        const layer = layerOf(metric, Math.floor(y), model.batchNorms);
        if (layer >= 0 && layer < model.layers.length) selection?.toggle(layer);
      });
    },
  });
  panel.area.append(tip);
  if (selection !== null) chooseByKeys(panel.area, { selection, step });
  return { ...panel, metric: () => metric };

  /** To the next row that there is. @param {number} by */
  function step(by) {
    const rows = gridNow()?.rows ?? 0;
    const row = chosenRow() < 0 ? (by > 0 ? 0 : rows - 1) : Math.max(0, Math.min(rows - 1, chosenRow() + by));
    if (rows > 0) selection?.choose(layerOf(metric, row, model.batchNorms));
  }
}

/** Up and down choose a row, Escape gives it back: before it means the whole run. */
function chooseByKeys(area, { selection, step }) {
  area.setAttribute('aria-label', `${area.getAttribute('aria-label') ?? 'Layers over time'}; up and down choose a layer, Escape gives it back`);
  area.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'ArrowUp') step(-1);
      else if (event.key === 'ArrowDown') step(1);
      else if (event.key === 'Escape' && selection.layer !== null) selection.clear();
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
}

function metricSelect(onChange) {
  const options = LAYER_METRICS.map((metric) => ({ metric, option: /** @type {HTMLOptionElement} */ (h('option', { value: metric.name }, metric.label)) }));
  const groups = [...new Set(LAYER_METRICS.map(({ group }) => group))].map((group) => /** @type {HTMLOptGroupElement} */ (h('optgroup', { label: group }, ...options.filter(({ metric }) => metric.group === group).map(({ option }) => option))));
  const element = h('label.select', {}, h('span.visually-hidden', {}, 'Metric of the heat map'), h('select', { 'data-testid': 'heatmap-metric', onchange: (event) => onChange(event.target.value) }, ...groups));
  let offered = '';
  return {
    element,
    /** Offers what the run has. @param {import('../state/run-model.js').RunModel} model */
    limit({ run, batchNorms }) {
      const key = `${batchNorms.length > 0} ${run?.sampled}`;
      if (key === offered) return;
      offered = key;
      for (const { metric, option } of options) option.hidden = option.disabled = !hasMetric(metric, run, batchNorms);
      for (const group of groups) group.hidden = [...group.children].every((option) => /** @type {HTMLOptionElement} */ (option).hidden);
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

/** The cell under the pointer; of what is sampled the newest sample before it. */
function cellAt(grid, column, row, hold) {
  let at = Math.min(column, grid.length);
  let cell = grid.cell(at, row);
  while (hold && cell === null && at > 0) cell = grid.cell(--at, row);
  return cell;
}

function showTip(tip, place, model, metric, grid) {
  const row = place ? Math.floor(place.y) : -1;
  const cell = place && grid ? cellAt(grid, Math.floor((place.x - grid.origin) / grid.width), row, metric.sampled !== undefined) : null;
  tip.hidden = cell === null;
  if (cell === null) return;
  const layer = (metric.bn ? model.batchNorms : model.layers)[row];
  const show = metric.log ? scientific : metric.share ? percent : scientific;
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
