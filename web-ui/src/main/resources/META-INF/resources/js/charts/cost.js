/** Time of an iteration, and the share of it that telemetry takes on the training thread. Pure. */
import { axis, base, commandLines, fade, iterationAxis, line, round, shownRange } from './common.js';
import { duration, integer, percent } from '../format.js';

const STEPS = 512;

/** @param {import('../state/run-model.js').RunModel} model @param {import('../theme.js').Theme} t */
export function costOption(model, t) {
  const time = model.scalars.iteration_ms.view(STEPS, 8);
  const telemetry = model.scalars.telemetry_ms.view(STEPS, 8);
  const cost = shares(telemetry.smooth, time.smooth);
  const timeAxis = round(0, time.max > 0 ? time.max : 1, { steps: 3 });
  const highest = cost.filter((_, i) => i % 2 === 1).reduce((most, value) => Math.max(most, value || 0), 0);
  const top = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((one) => highest <= one * 0.9) ?? 1;
  return {
    ...base(t),
    tooltip: { ...base(t).tooltip, formatter: (items) => describe(items) },
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    grid: [
      { left: 64, right: 16, top: 32, height: '33%' },
      { left: 64, right: 16, bottom: 28, height: '28%' },
    ],
    xAxis: [iterationAxis(t, shownRange(model), { gridIndex: 0, axisLabel: { show: false } }), iterationAxis(t, shownRange(model), { gridIndex: 1 })],
    yAxis: [
      axis(t, { gridIndex: 0, scalable: true, ...timeAxis, name: 'time of an iteration', nameTextStyle: { color: t.muted, align: 'left', padding: [0, 0, 4, -48] }, axisLabel: { formatter: duration } }),
      axis(t, { gridIndex: 1, min: 0, max: top, interval: top / 2, name: 'spent by telemetry', nameTextStyle: { color: t.muted, align: 'left', padding: [0, 0, 4, -48] }, axisLabel: { formatter: (value) => percent(value, (top * 50) % 1 === 0 ? 0 : 2) } }),
    ],
    series: [
      line('time-band', time.band, { lineStyle: { width: 1, color: fade(t.accent, 0.28) } }),
      line('time', time.smooth, { name: 'time', silent: false, lineStyle: { width: 2, color: t.accent }, markLine: { silent: true, symbol: 'none', animation: false, data: commandLines(t, model.commandMarks, { named: false }) } }),
      line('telemetry', cost, { name: 'telemetry', silent: false, xAxisIndex: 1, yAxisIndex: 1, lineStyle: { width: 2, color: t.second } }),
    ],
  };
}

/** Quotient of two lines on the same steps. @param {Float64Array} parts @param {Float64Array} wholes both [x, y] pairs */
export function shares(parts, wholes) {
  const length = Math.min(parts.length, wholes.length);
  const result = new Float64Array(length);
  for (let i = 0; i < length; i += 2) {
    result[i] = parts[i];
    result[i + 1] = wholes[i + 1] > 0 ? parts[i + 1] / wholes[i + 1] : NaN;
  }
  return result;
}

function describe(items) {
  const list = Array.isArray(items) ? items : [items];
  const of = (name) => list.find((item) => item.seriesName === name)?.value?.[1] ?? null;
  return [`iteration ${integer(Math.round(list[0]?.axisValue ?? 0))}`, `${duration(of('time'))} an iteration`, `telemetry ${percent(of('telemetry'), 2)}`].join('\n');
}
