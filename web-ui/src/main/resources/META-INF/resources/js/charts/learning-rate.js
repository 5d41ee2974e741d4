/** The learning rate by iteration: a step where a command or the schedule changed it. Pure. */
import { axis, base, decadeAxis, iterationAxis, line, round, shownRange } from './common.js';
import { markLine, markLines, toldNear } from './marks.js';
import { decades } from '../state/health.js';
import { integer, setting } from '../format.js';

const STEPS = 1024;
/** From this quotient of the largest and the smallest rate on, decades are shown. */
const WIDE = 50;

/** @param {import('../state/run-model.js').RunModel} model @param {import('../theme.js').Theme} t */
export function learningRateOption(model, t) {
  const view = model.scalars.learning_rate.view(STEPS);
  const log = view.min > 0 && view.max / view.min >= WIDE;
  const shown = shownRange(model);
  const data = log ? view.smooth.map((value, i) => (i % 2 === 0 ? value : value > 0 ? Math.log10(value) : NaN)) : view.smooth;
  const range = log ? decades([view.smooth.filter((_, i) => i % 2 === 1)], null) : null;
  const y = range ? decadeAxis(t, range) : axis(t, { ...round(0, view.max > 0 ? view.max * 1.05 : 1, { steps: 3 }), axisLabel: { formatter: setting } });
  return {
    ...base(t),
    tooltip: { ...base(t).tooltip, formatter: (items) => describe(items, model, log) },
    grid: { left: 64, right: 16, top: 16, bottom: 28 },
    xAxis: iterationAxis(t, shown),
    yAxis: y,
    series: [line('rate', data, { name: 'rate', step: 'end', silent: false, showSymbol: view.points === 1, itemStyle: { color: t.accent }, lineStyle: { width: 2, color: t.accent }, markLine: markLine(markLines(t, model.marks, shown, { named: true })) })],
  };
}

function describe(items, model, log) {
  const item = Array.isArray(items) ? items[0] : items;
  const iteration = Math.round(item?.axisValue ?? 0);
  const value = item?.value?.[1] ?? null;
  return [`iteration ${integer(iteration)}`, `learning rate ${setting(log && value !== null ? 10 ** value : value)}`, ...toldNear(model, iteration)].join('\n');
}
