/** Iterations a second, time of one, and the share of it that telemetry takes on the training thread. Pure. */
import { axis, base, fade, iterationAxis, line, round, shownRange } from './common.js';
import { markLine, markLines, toldNear } from './marks.js';
import { decimal, duration, integer, percent, scientific } from '../format.js';

const STEPS = 512;
const HALF_LIFE = 8;

/** @param {import('../state/run-model.js').RunModel} model @param {import('../theme.js').Theme} t */
export function costOption(model, t) {
  const time = model.scalars.iteration_ms.view(STEPS, HALF_LIFE);
  const telemetry = model.scalars.telemetry_ms.view(STEPS, HALF_LIFE);
  const speed = perSecond(time.smooth);
  const cost = shares(telemetry.smooth, time.smooth);
  const timeAxis = round(0, time.max > 0 ? time.max : 1, { steps: 2 });
  const speedAxis = round(0, highest(speed) || 1, { steps: 2 });
  const top = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((one) => highest(cost) <= one * 0.9) ?? 1;
  const shown = shownRange(model);
  const name = (words) => ({ name: words, nameTextStyle: { color: t.muted, align: 'left', padding: [0, 0, 4, -48] } });
  const marks = markLine(markLines(t, model.marks, shown));
  const drawn = (index, id, data, color) => line(id, data, { name: id, silent: false, xAxisIndex: index, yAxisIndex: index, lineStyle: { width: 2, color }, markLine: marks });
  return {
    ...base(t),
    tooltip: { ...base(t).tooltip, formatter: (items) => describe(items, model) },
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    grid: [
      { left: 64, right: 16, top: 32, height: '18%' },
      { left: 64, right: 16, top: '41%', height: '19%' },
      { left: 64, right: 16, bottom: 28, height: '17%' },
    ],
    xAxis: [0, 1, 2].map((gridIndex) => iterationAxis(t, shown, { gridIndex, ...(gridIndex < 2 ? { axisLabel: { show: false } } : {}) })),
    yAxis: [
      axis(t, { gridIndex: 0, scalable: true, ...speedAxis, ...name('iterations a second'), axisLabel: { formatter: (value) => scientific(value, 1) } }),
      axis(t, { gridIndex: 1, scalable: true, ...timeAxis, ...name('time of an iteration'), axisLabel: { formatter: duration } }),
      axis(t, { gridIndex: 2, min: 0, max: top, interval: top / 2, ...name('of it, spent by telemetry'), axisLabel: { formatter: (value) => percent(value, (top * 50) % 1 === 0 ? 0 : 2) } }),
    ],
    series: [
      line('time-band', time.band, { xAxisIndex: 1, yAxisIndex: 1, lineStyle: { width: 1, color: fade(t.accent, 0.28) } }),
      drawn(0, 'speed', speed, t.good),
      drawn(1, 'time', time.smooth, t.accent),
      drawn(2, 'telemetry', cost, t.second),
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

/** Iterations a second from milliseconds for one. @param {Float64Array} times [x, ms] pairs */
export function perSecond(times) {
  return times.map((value, i) => (i % 2 === 0 ? value : value > 0 ? 1000 / value : NaN));
}

function highest(data) {
  let most = 0;
  for (let i = 1; i < data.length; i += 2) if (data[i] > most) most = data[i];
  return most;
}

function describe(items, model) {
  const list = Array.isArray(items) ? items : [items];
  const of = (name) => list.find((item) => item.seriesName === name)?.value?.[1] ?? null;
  const iteration = Math.round(list[0]?.axisValue ?? 0);
  const speed = of('speed');
  const images = speed !== null && model.run?.batchSize > 0 ? ` (${integer(speed * model.run.batchSize)} examples)` : '';
  return [`iteration ${integer(iteration)}`, `${decimal(speed, 1)} iterations a second${images}`, `${duration(of('time'))} an iteration`, `telemetry ${percent(of('telemetry'), 2)} of it`, ...toldNear(model, iteration)].join('\n');
}
