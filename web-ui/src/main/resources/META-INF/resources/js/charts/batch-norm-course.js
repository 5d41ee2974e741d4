/** One batch-normalisation layer over iterations: γ and β with the band of their channels, batch against running mean and variance, drift. Pure. */
import { base, fade, iterationAxis, line, shownRange } from './common.js';
import { PANELS, heading, placesOf } from './batch-norm.js';
import { band, brokenIn, meanOf, stepAt, stepsOf, valueAxis } from './layer-series.js';
import { markLine, markLines, toldNear } from './marks.js';
import { integer, iterations, scientific } from '../format.js';

/** Metrics whose channels are told by a smallest and a largest one. */
const BANDS = ['bn.gamma', 'bn.beta'];

/** What is asked for: the lines of the four charts, and the ends of the bands. */
export const COURSE_METRICS = [...PANELS.flatMap(({ lines }) => lines.map(([metric]) => metric)), ...BANDS.flatMap((name) => [`${name}_min`, `${name}_max`])];

/**
 * @param {{buckets: (metric: string) => any[] | null, model: any, width?: number}} state `buckets` of `GET …/series`
 * @param {import('../theme.js').Theme} t
 */
export function batchNormCourseOption({ buckets, model, width = 600 }, t) {
  const shown = shownRange(model);
  const places = placesOf(width);
  const colours = [t.accent, t.second];
  const steps = new Map(COURSE_METRICS.map((metric) => [metric, stepsOf(buckets(metric) ?? [])]));
  const of = (metric) => steps.get(metric) ?? [];
  const axes = PANELS.map(({ log, lines }, grid) => valueAxis(lines.flatMap(([metric]) => [...of(metric), ...channels(metric, of)]), log, t, { grid, few: true }));
  const marks = markLine(markLines(t, model.marks, shown));
  return {
    ...base(t),
    kind: 'course',
    tooltip: { ...base(t).tooltip, formatter: (items) => describe(items, of, model) },
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    title: PANELS.map((panel, i) => heading(panel, places[i], colours, t)),
    grid: places.map(({ titleTop, ...place }) => place),
    xAxis: PANELS.map((_, gridIndex) => iterationAxis(t, shown, { gridIndex })),
    yAxis: axes,
    series: PANELS.flatMap(({ log, lines }, i) => {
      const where = { xAxisIndex: i, yAxisIndex: i };
      return lines.flatMap(([metric, name], k) => [
        ...(channels(metric, of).length > 0 || hasBand(metric) ? [band(`${metric}-band`, channels(metric, of), false, axes[i], fade(colours[k], 0.2), where)] : []),
        line(metric, meanOf(of(metric), log), { ...where, name, silent: false, lineStyle: { width: 1.75, color: colours[k], type: k === 1 ? [5, 3] : 'solid' }, ...(k === 0 ? { markLine: marks } : {}) }),
      ]);
    }),
  };
}

/** NaN and infinities of the layer's drift, which has those of all others. @param {any[] | null} buckets */
export function brokenNorms(buckets) {
  return brokenIn(stepsOf(buckets ?? []));
}

function hasBand(metric) {
  return BANDS.some((name) => metric === `${name}_mean`);
}

/** The band of a metric's channels as steps: from the smallest of the smallest to the largest of the largest. */
function channels(metric, of) {
  if (!hasBand(metric)) return [];
  const name = metric.slice(0, -'_mean'.length);
  const highs = new Map(of(`${name}_max`).map((step) => [step.from, step.max]));
  return of(`${name}_min`).map((step) => ({ ...step, max: highs.get(step.from) ?? NaN }));
}

function describe(items, of, model) {
  const iteration = Math.round((Array.isArray(items) ? items[0] : items)?.axisValue ?? 0);
  const step = stepAt(of(PANELS[0].lines[0][0]), iteration);
  const lines = [step ? iterations(step.from, step.to) : `iteration ${integer(iteration)}`];
  for (const { lines: metrics } of PANELS) for (const [metric, name] of metrics) lines.push(`${name}: ${scientific(stepAt(of(metric), iteration)?.mean ?? null, 3)}`);
  return [...lines, ...toldNear(model, iteration)].join('\n');
}
