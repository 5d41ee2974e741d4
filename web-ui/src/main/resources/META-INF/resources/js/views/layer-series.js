/** Below the heat map: the chosen layer's course, exact, and the way to the next layer or to none. */
import { attribute, h, icon, text } from '../dom.js';
import { chartPanel } from './panel.js';
import { brokenIn, layerSeriesOption, stepsOf } from '../charts/layer-series.js';
import { layerTitle } from '../charts/profile.js';
import { ExactSeries } from '../state/exact-series.js';
import { rowOf } from '../state/layer-metrics.js';
import { theme } from '../theme.js';
import { integer, scientific } from '../format.js';

const MOST_BUCKETS = 1200;

/**
 * @param {import('../state/run-model.js').RunModel} model
 * @param {{selection: import('../state/layer-selection.js').LayerSelection, metric: () => import('../state/layer-metrics.js').LayerMetric, zoom: import('../state/zoom.js').Zoom | null,
 *   urge: (panel: any) => void, arrived: (panel: any) => void}} environment `metric`: that of the heat map
 */
export function layerSeries(model, { selection, metric, zoom, urge, arrived }) {
  const series = new ExactSeries(model, { onChange: () => arrived(whole) });
  const step = (by, name, words) => h('button.icon-button', { type: 'button', 'aria-label': words, title: words, onclick: () => move(by) }, icon(name));
  const clear = h('button.button', { type: 'button', title: 'Escape', 'data-testid': 'layer-clear', onclick: () => selection.clear() }, 'Clear');
  const said = h('span.visually-hidden', { role: 'status' });
  let width = 800;

  const shown = () => zoom?.shown() ?? model;
  const row = () => (selection.layer === null ? -1 : rowOf(metric(), selection.layer, model.batchNorms));
  const steps = () => stepsOf(series.buckets(metric().name) ?? []);

  const panel = chartPanel({
    title: 'Chosen layer',
    note: ' ',
    testid: 'chart-layer-series',
    size: 'small',
    level: 3,
    every: 400,
    controls: h('div.layer-steps', {}, step(-1, 'up', 'Previous layer'), step(1, 'down', 'Next layer'), clear),
    option: (now) => {
      width = now || width;
      if (selection.layer === null || row() < 0) return null;
      const buckets = Math.max(200, Math.min(MOST_BUCKETS, Math.round(width)));
      series.want({ metrics: [metric().name], layer: row(), range: zoom?.range ?? null, buckets });
      say();
      return series.answer === null ? null : layerSeriesOption({ steps: steps(), metric: metric(), model: shown() }, theme());
    },
    zoom,
    exact: () => series.answer !== null,
    points: () => steps().length,
    iteration: () => model.iteration,
    label: () => {
      const last = steps().at(-1);
      return `${metric().label} of ${layerTitle(model.layers[selection.layer ?? 0], selection.layer ?? 0)}, now ${scientific(last?.mean ?? null)}.`;
    },
    empty: () => {
      if (series.problem !== null) return `The values of this layer did not come: ${series.problem.message}`;
      return row() < 0 ? 'There is no batch normalisation behind this layer' : 'Loading the values of this layer';
    },
  });
  const title = /** @type {HTMLElement} */ (panel.element.querySelector('h3'));
  const note = /** @type {HTMLElement} */ (panel.element.querySelector('.note'));
  panel.element.classList.add('layer-series');
  panel.element.append(said);

  function move(by) {
    const layer = Math.max(0, Math.min(model.layers.length - 1, (selection.layer ?? 0) + by));
    selection.choose(layer);
  }

  function follow() {
    const { layer } = selection;
    const opened = layer !== null && panel.element.hidden;
    panel.element.hidden = layer === null;
    // who chose it in the heat map looks there: the course may lie below the edge of the window
    if (opened && panel.element.parentElement?.matches(':hover, :focus-within')) panel.element.scrollIntoView({ block: 'nearest' });
    if (layer === null) series.forget();
    else urge(whole);
    attribute(panel.element, 'data-layer', layer === null ? null : String(layer));
    text(said, layer === null ? 'No layer chosen' : `${layerTitle(model.layers[layer], layer)} chosen`);
  }

  function say() {
    const layer = /** @type {number} */ (selection.layer);
    const norm = metric().bn ? model.batchNorms[row()] : null;
    const { nan, inf } = brokenIn(steps());
    text(title, layerTitle(model.layers[layer], layer) + (norm ? ` · ${norm.name}` : ''));
    if (series.answer === null) return text(note, metric().label);
    const { width } = series.answer;
    const odd = nan + inf > 0 ? `; ${integer(nan)} × NaN, ${integer(inf)} × infinite` : '';
    text(note, `${metric().label}: ${metric().sampled ? 'every sample' : width === 1 ? 'every iteration' : `mean, smallest and largest of ${integer(width)} iterations each`}${odd}`);
  }

  const whole = {
    ...panel,
    dispose() {
      selection.removeEventListener('change', follow);
      series.dispose();
      panel.dispose();
    },
  };
  panel.element.hidden = true;
  selection.addEventListener('change', follow);
  return whole;
}
