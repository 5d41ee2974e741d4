/** Batch normalisation: all layers now, or one of them over the iterations. */
import { fill, h, text } from '../dom.js';
import { chartPanel } from './panel.js';
import { batchNormOption, batchNormPoints } from '../charts/batch-norm.js';
import { COURSE_METRICS, batchNormCourseOption, brokenNorms } from '../charts/batch-norm-course.js';
import { ExactSeries } from '../state/exact-series.js';
import { theme } from '../theme.js';
import { integer, plural, scientific } from '../format.js';

const NOW = 'now';
const MOST_BUCKETS = 500;

/**
 * @param {import('../state/run-model.js').RunModel} model
 * @param {{selection: import('../state/layer-selection.js').LayerSelection, zoom: import('../state/zoom.js').Zoom | null, urge: (panel: any) => void, arrived: (panel: any) => void}} environment
 */
export function batchNormPanel(model, { selection, zoom, urge, arrived }) {
  const series = new ExactSeries(model, { onChange: () => arrived(whole) });
  /** The batch-normalisation layer that is shown over time; null: all, now. @type {number | null} */
  let norm = null;
  let named = -1;
  const select = /** @type {HTMLSelectElement} */ (h('select', { 'data-testid': 'bn-layer', onchange: () => choose(select.value === NOW ? null : Number(select.value)) }));
  const controls = h('label.select', {}, h('span.visually-hidden', {}, 'Batch-normalisation layer'), select);
  const none = () => model.run !== null && model.run.batchNorms === 0;

  const panel = chartPanel({
    title: 'Batch normalisation',
    note: ' ',
    testid: 'chart-bn',
    every: 300,
    controls,
    option: (width) => {
      offer();
      if (model.batchNorms.length === 0) return null;
      return norm === null ? now(width) : course(width);
    },
    points: () => (norm === null ? batchNormPoints(model) : (series.buckets(COURSE_METRICS[0])?.length ?? 0)),
    iteration: () => model.iteration,
    label: () => (norm === null ? `${plural(model.batchNorms.length, 'layer')}; largest drift ${scientific(Math.max(...(model.latest.get('bn.drift') ?? [NaN])))} running standard deviations.` : `${model.batchNorms[norm]?.name} over ${integer(model.iteration + 1)} iterations.`),
    empty: () => {
      if (none()) return 'This network has no batch-normalisation layers';
      if (series.problem !== null) return `The values of this layer did not come: ${series.problem.message}`;
      return norm !== null ? 'Loading the values of this layer' : model.run?.state === 'running' ? 'Waiting for the first iteration' : 'This run has no iterations';
    },
  });
  const note = /** @type {HTMLElement} */ (panel.element.querySelector('.note'));

  function now(width) {
    text(note, 'By layer, now: mean over the channels');
    return model.latest.has('bn.gamma_mean') ? batchNormOption(model, theme(), { width }) : null;
  }

  function course(width) {
    series.want({ metrics: COURSE_METRICS, layer: norm, range: zoom?.range ?? null, buckets: MOST_BUCKETS });
    const { nan, inf } = brokenNorms(series.buckets('bn.drift'));
    text(note, `${model.batchNorms[/** @type {number} */ (norm)]?.name} over iterations: mean over the channels; shaded: all channels${nan + inf > 0 ? `; ${integer(nan)} × NaN, ${integer(inf)} × infinite` : ''}`);
    return series.answer === null ? null : batchNormCourseOption({ buckets: (metric) => series.buckets(metric), model: zoom?.shown() ?? model, width }, theme());
  }

  /** @param {number | null} next */
  function choose(next) {
    norm = next;
    select.value = norm === null ? NOW : String(norm);
    if (norm === null) series.forget();
    urge(whole);
  }

  function offer() {
    panel.element.classList.toggle('is-none', none());
    controls.hidden = model.batchNorms.length === 0;
    if (named === model.batchNorms.length) return;
    named = model.batchNorms.length;
    fill(select, h('option', { value: NOW }, 'All layers, now'), h('optgroup', { label: 'One layer over iterations' }, ...model.batchNorms.map(({ name }, index) => h('option', { value: String(index) }, `${index} · ${name}`))));
    select.value = norm === null ? NOW : String(norm);
  }

  /** Who looks at one layer over time sees the one that is chosen elsewhere. */
  function follow() {
    const other = model.batchNorms.findIndex(({ layer }) => layer === selection.layer);
    if (norm !== null && other >= 0) choose(other);
  }

  const whole = {
    ...panel,
    dispose() {
      selection.removeEventListener('change', follow);
      series.dispose();
      panel.dispose();
    },
  };
  offer();
  selection.addEventListener('change', follow);
  return whole;
}
