/** The charts of one run as panels: which model goes into which option function, and the words around them. */
import { chartPanel } from './panel.js';
import { theme } from '../theme.js';
import { gradientFlowOption, gradientFlowPoints, gradientFlowRange } from '../charts/gradient-flow.js';
import { updateRatioOption } from '../charts/update-ratio.js';
import { lossOption, lossViews } from '../charts/loss.js';
import { profileTable } from '../charts/table.js';
import { WINDOWS } from '../charts/profile.js';
import { costOption } from '../charts/cost.js';
import { learningRateOption } from '../charts/learning-rate.js';
import { gradientHealth, onMainPath } from '../state/health.js';
import { noIterations } from './states.js';
import { decimal, duration, integer, percent, scientific, setting } from '../format.js';

/**
 * @typedef {import('../state/run-model.js').RunModel} RunModel
 * @typedef {import('../state/zoom.js').Zoom} Zoom
 * @typedef {{gradientRange?: () => [number, number], loss?: () => {lossRange: [number, number], accuracyRange: [number, number], to: number}}} Shared ranges shared with other runs on the page
 */

/** What a panel draws: the run, or the range of it that was zoomed to. @returns {any} */
const shownOf = (model, zoom) => zoom?.shown() ?? model;

/** What a chart of profiles over the layers draws. */
const profilesOf = (model, zoom, metric) => (kept) => {
  const shown = shownOf(model, zoom);
  return profileTable(model.layers, { windows: shown.grid(metric)?.windows(WINDOWS) ?? [], newest: shown.latest.get(metric) ?? null, iteration: shown.iteration }, kept);
};

/** Whether the exact data of a metric are there. */
const exactly = (zoom, metric) => () => zoom?.shown().isExact?.(metric) === true;

const waiting = (model) => () => noIterations(model);

/** @param {RunModel} model @param {{cut: () => {layer: number, label: string} | null, shared?: Shared, level?: number, size?: string, zoom?: Zoom | null}} more */
export function gradientFlowPanel(model, { cut, shared, level, size = 'large', zoom = null }) {
  return chartPanel({
    title: 'Gradient flow',
    note: 'Mean |g| of every layer; one faint line per window of iterations, the newest strong',
    testid: 'chart-gradient-flow',
    // what a person watches live: as soon as it is there
    liveEvery: 45,
    every: 900,
    size,
    level,
    option: (width) => {
      const shown = shownOf(model, zoom);
      if (!shown.latest.has('gradient.mean_abs') && shown.grid('gradient.mean_abs') === null) return null;
      return gradientFlowOption(shown, theme(), { range: shared?.gradientRange?.() ?? gradientFlowRange(shown), cut: zoom?.range ? null : cut(), width });
    },
    layers: () => model.layers,
    table: profilesOf(model, zoom, 'gradient.mean_abs'),
    zoomKey: () => 'gradient.mean_abs',
    points: () => gradientFlowPoints(shownOf(model, zoom)),
    iteration: () => model.iteration,
    label: () => {
      const values = model.latest.get('gradient.mean_abs') ?? new Float32Array(0);
      const { alive, total } = gradientHealth(onMainPath(values, model.layers));
      return `At iteration ${integer(model.iteration)} ${alive} of ${total} layers receive a gradient above 1e-8; from ${scientific(values[0])} at the input to ${scientific(values[values.length - 1])} at the loss.`;
    },
    empty: waiting(model),
  });
}

/** @param {RunModel} model @param {{shared?: Shared, level?: number, size?: string, zoom?: Zoom | null}} [more] */
export function lossPanel(model, { shared, level, size = 'large', zoom = null } = {}) {
  let points = 0;
  return chartPanel({
    title: 'Loss and accuracy',
    note: 'Of each training batch, and smoothed; ochre: validation',
    testid: 'chart-loss',
    size,
    level,
    every: 400,
    option: () => {
      const shown = shownOf(model, zoom);
      if (shown.scalars.loss.length === 0) return null;
      const views = lossViews(shown);
      points = views.loss.points;
      return lossOption(shown, theme(), { views, ...shared?.loss?.() });
    },
    zoom,
    exact: exactly(zoom, 'loss'),
    smoothed: true,
    zoomKey: () => 'loss',
    points: () => points,
    iteration: () => model.iteration,
    label: () => `Loss ${decimal(model.newest.loss)}, accuracy ${percent(model.newest.accuracy)} at iteration ${integer(model.iteration)}.`,
    empty: waiting(model),
  });
}

/** @param {RunModel} model @param {{zoom?: Zoom | null}} [more] */
export function updateRatioPanel(model, { zoom = null } = {}) {
  return chartPanel({
    title: 'Update ratio',
    note: '‖update‖ ÷ ‖parameter‖ of every layer: how far one step moves the weights',
    testid: 'chart-update-ratio',
    every: 240,
    option: (width) => (model.grid('update.ratio') === null ? null : updateRatioOption(shownOf(model, zoom), theme(), { width })),
    layers: () => model.layers,
    table: profilesOf(model, zoom, 'update.ratio'),
    zoomKey: () => 'update.ratio',
    points: () => model.layers.length,
    iteration: () => model.iteration,
    label: () => `From ${scientific(model.latest.get('update.ratio')?.[0] ?? null)} at the input to ${scientific(model.latest.get('update.ratio')?.at(-1) ?? null)} at the loss.`,
    empty: waiting(model),
  });
}

/** @param {RunModel} model @param {{zoom?: Zoom | null}} [more] */
export function costPanel(model, { zoom = null } = {}) {
  return chartPanel({
    title: 'Throughput, and cost of telemetry',
    note: 'Smoothed; the last: the share of the training thread’s time that this dashboard’s data cost',
    size: 'large',
    testid: 'chart-cost',
    every: 480,
    option: () => (shownOf(model, zoom).scalars.iteration_ms.length === 0 ? null : costOption(shownOf(model, zoom), theme())),
    zoom,
    exact: exactly(zoom, 'iteration_ms'),
    zoomKey: () => 'iteration_ms',
    points: () => shownOf(model, zoom).scalars.iteration_ms.points,
    iteration: () => model.iteration,
    label: () => `${decimal(1000 / model.iterationMs, 1)} iterations a second, ${duration(model.iterationMs)} an iteration.`,
    empty: waiting(model),
  });
}

/** @param {RunModel} model @param {{zoom?: Zoom | null}} [more] */
export function learningRatePanel(model, { zoom = null } = {}) {
  return chartPanel({
    title: 'Learning rate',
    note: 'As it was applied: schedule and commands',
    testid: 'chart-learning-rate',
    every: 480,
    option: () => (shownOf(model, zoom).scalars.learning_rate.length === 0 ? null : learningRateOption(shownOf(model, zoom), theme())),
    zoom,
    exact: exactly(zoom, 'learning_rate'),
    zoomKey: () => 'learning_rate',
    points: () => shownOf(model, zoom).scalars.learning_rate.points,
    iteration: () => model.iteration,
    label: () => `${setting(model.newest.learning_rate ?? null)} at iteration ${integer(model.iteration)}.`,
    empty: () => (model.iteration >= 0 ? 'The trainer does not tell its learning rate' : waiting(model)()),
  });
}
