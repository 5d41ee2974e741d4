/** One metric of one layer over iterations: the mean of each bucket in the band of its extremes; where NaN or infinities were, on a rail. Pure. */
import { axis, base, brokenRail, decadeAxis, fade, iterationAxis, line, round, shownRange } from './common.js';
import { markLine, markLines, toldNear } from './marks.js';
import { decades } from '../state/health.js';
import { integer, iterations, percent, scientific, tick } from '../format.js';
import { jsonNumber } from '../net/protocol.js';

/**
 * @typedef {{from: number, to: number, x: number, mean: number, min: number, max: number, nan: number, inf: number, count: number}} Step
 * @typedef {{id: string, name: string, steps: Step[], colour: string, dashed?: boolean, band?: boolean}} Course
 */

/** Buckets of `GET …/series` as numbers; what was not measured is left out. @param {any[]} buckets @returns {Step[]} */
export function stepsOf(buckets) {
  const number = (value) => jsonNumber(value) ?? NaN;
  return buckets.filter(({ count }) => count > 0).map(({ from, to, mean, min, max, nan, inf, count }) => ({ from, to, x: (from + to - 1) / 2, mean: number(mean), min: number(min), max: number(max), nan, inf, count }));
}

/** NaN and infinities in all of the steps. @param {Step[]} steps */
export function brokenIn(steps) {
  return steps.reduce((sum, { nan, inf }) => ({ nan: sum.nan + nan, inf: sum.inf + inf }), { nan: 0, inf: 0 });
}

/**
 * @param {{steps: Step[], metric: import('../state/layer-metrics.js').LayerMetric, model: any, end?: number}} state `model`: for marks and the range that is shown
 * @param {import('../theme.js').Theme} t
 */
export function layerSeriesOption({ steps, metric, model }, t) {
  const shown = shownRange(model);
  const y = valueAxis(steps, metric.log, t, { share: metric.share });
  return {
    ...base(t),
    tooltip: { ...base(t).tooltip, formatter: (items) => describe(items, steps, metric, model) },
    grid: { left: 56, right: 16, top: 12, bottom: 28 },
    xAxis: iterationAxis(t, shown),
    yAxis: y,
    series: [
      band('band', steps, metric.log, y, fade(t.accent, 0.25)),
      line('mean', meanOf(steps, metric.log), { name: 'mean', silent: false, showSymbol: steps.length <= 60, symbolSize: 4, itemStyle: { color: t.accent }, lineStyle: { width: 1.75, color: t.accent }, markLine: markLine(markLines(t, model.marks, shown)) }),
      brokenRail(t, 'broken', steps.filter(({ nan, inf }) => nan + inf > 0).map(({ x }) => x), y.min),
    ],
  };
}

/** The axis of values that holds all extremes. @param {Step[]} steps @param {boolean} log @param {import('../theme.js').Theme} t @param {{share?: boolean, grid?: number, few?: boolean}} [more] */
export function valueAxis(steps, log, t, { share = false, grid = 0, few = false } = {}) {
  const ends = steps.flatMap(({ min, max }) => [min, max]).filter(Number.isFinite);
  if (log) return decadeAxis(t, decades([ends], null) ?? [-9, -1], { gridIndex: grid });
  const range = round(Math.min(...ends), Math.max(...ends), { least: 1e-12, steps: few ? 2 : 3 });
  return axis(t, { gridIndex: grid, ...range, axisLabel: { formatter: (value) => (share ? percent(value, range.interval < 0.01 ? 1 : 0) : tick(value)) } });
}

/** [x, mean] pairs; what is not finite, or has no logarithm, breaks the line. @param {Step[]} steps @param {boolean} log */
export function meanOf(steps, log) {
  return Float64Array.from(steps.flatMap(({ x, mean }) => [x, log ? (mean > 0 && Number.isFinite(mean) ? Math.log10(mean) : NaN) : Number.isFinite(mean) ? mean : NaN]));
}

/**
 * The area between smallest and largest value: polygons, because bands that are stacked lines would not survive a gap.
 *
 * @param {string} id
 * @param {Step[]} steps
 * @param {boolean} log
 * @param {{min: number, max: number}} y
 * @param {string} fill
 * @param {object} [more]
 */
export function band(id, steps, log, y, fill, more = {}) {
  const areas = areasOf(steps, log, y.min);
  return {
    type: 'custom',
    id,
    data: areas.length === 0 ? [] : [[steps[0].x, y.min]],
    silent: true,
    clip: true,
    animation: false,
    ...more,
    renderItem: (_params, api) => ({ type: 'group', children: areas.map((points) => ({ type: 'polygon', shape: { points: points.map((point) => api.coord(point)) }, style: { fill } })) }),
  };
}

/** Outlines of the band, one for each stretch without a gap. @param {Step[]} steps @param {boolean} log @param {number} floor what lies below it, zero on a logarithmic axis too, is cut there */
export function areasOf(steps, log, floor) {
  const place = (value) => (log ? (value > 0 ? Math.max(floor, Math.log10(value)) : floor) : value);
  /** @type {Step[][]} */
  const stretches = [];
  let open = false;
  for (const step of steps) {
    const finite = Number.isFinite(step.min) && Number.isFinite(step.max);
    if (finite && open) stretches[stretches.length - 1].push(step);
    else if (finite) stretches.push([step]);
    open = finite;
  }
  return stretches.filter((stretch) => stretch.length > 1 && stretch.some(({ min, max }) => min < max)).map((stretch) => [...stretch.map(({ x, max }) => [x, place(max)]), ...stretch.toReversed().map(({ x, min }) => [x, place(min)])]);
}

/** The step that an iteration lies in, else the nearest before it. @param {Step[]} steps @param {number} iteration */
export function stepAt(steps, iteration) {
  return steps.findLast(({ from }) => from <= iteration) ?? steps[0] ?? null;
}

function describe(items, steps, metric, model) {
  const iteration = Math.round((Array.isArray(items) ? items[0] : items)?.axisValue ?? 0);
  const step = stepAt(steps, iteration);
  if (step === null) return `iteration ${integer(iteration)}`;
  const show = metric.share ? (value) => percent(value) : (value) => scientific(value, 3);
  const lines = [iterations(step.from, step.to), `mean ${show(step.mean)}`];
  if (step.count > 1) lines.push(`min ${show(step.min)} · max ${show(step.max)}`);
  if (step.nan + step.inf > 0) lines.push(`${integer(step.nan)} × NaN, ${integer(step.inf)} × infinite`);
  return [...lines, ...toldNear(model, iteration)].join('\n');
}
