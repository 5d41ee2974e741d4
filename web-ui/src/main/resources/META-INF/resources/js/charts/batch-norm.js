/** Batch normalisation by layer, now: γ and β, batch against running mean and variance, drift. Pure. */
import { axis, base, decadeAxis, line } from './common.js';
import { decades } from '../state/health.js';
import { scientific } from '../format.js';
import { pairs } from './profile.js';

/** The four small charts. `log`: on a logarithmic axis; `lines`: metric and name. */
export const PANELS = [
  { log: false, lines: [['bn.gamma_mean', 'scale γ'], ['bn.beta_mean', 'shift β']] },
  { log: false, lines: [['bn.batch_mean_mean', 'batch mean'], ['bn.running_mean_mean', 'running mean']] },
  { log: true, lines: [['bn.batch_var_mean', 'batch variance'], ['bn.running_var_mean', 'running variance']] },
  { log: true, lines: [['bn.drift', 'drift |batch − running| in running σ']] },
];

/** @param {import('../state/run-model.js').RunModel} model @param {import('../theme.js').Theme} t @param {{width?: number}} [more] */
export function batchNormOption(model, t, { width = 600 } = {}) {
  const last = Math.max(1, model.batchNorms.length - 1);
  const places = placesOf(width);
  const colours = [t.accent, t.second];
  return {
    ...base(t),
    tooltip: { ...base(t).tooltip, formatter: (items) => describe(items, model) },
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    title: PANELS.map((panel, i) => heading(panel, places[i], colours, t)),
    grid: places.map(({ titleTop, ...place }) => place),
    xAxis: PANELS.map((_, i) => axis(t, { gridIndex: i, min: 0, max: last, minInterval: 1, splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: t.line } }, axisPointer: { label: { show: false } } })),
    yAxis: PANELS.map((panel, i) => yAxis(panel, i, model, t)),
    series: PANELS.flatMap((panel, i) =>
      panel.lines.map(([metric, name], k) =>
        line(metric, data(model.latest.get(metric), panel.log), { name, silent: false, xAxisIndex: i, yAxisIndex: i, lineStyle: { width: 2, color: colours[k], type: k === 1 ? [5, 3] : 'solid' } }),
      ),
    ),
  };
}

/** @param {import('../state/run-model.js').RunModel} model */
export function batchNormPoints(model) {
  return model.latest.has('bn.gamma_mean') ? model.batchNorms.length * PANELS.flatMap((panel) => panel.lines).length : 0;
}

/** The names of a panel's lines, each after a dash in its colour. */
export function heading(panel, { left, titleTop }, colours, t) {
  const style = { fontSize: 11, lineHeight: 16, fontWeight: 'normal', fontFamily: t.font };
  return {
    text: panel.lines.map(([, name], k) => `{line${k}|${k === 1 ? '╌' : '━'}} {name|${name}}`).join('   '),
    left,
    top: titleTop,
    padding: 0,
    textStyle: { ...style, color: t.muted, rich: { name: { ...style, color: t.muted }, line0: { ...style, color: colours[0] }, line1: { ...style, color: colours[1] } } },
  };
}

function yAxis(panel, i, model, t) {
  if (!panel.log) return axis(t, { gridIndex: i, scale: true, splitNumber: 3, axisLabel: { formatter: (value) => scientific(value) } });
  const profiles = panel.lines.map(([metric]) => model.latest.get(metric) ?? []);
  return decadeAxis(t, decades(profiles) ?? [-2, 0], { gridIndex: i });
}

function data(values, log) {
  if (!values) return new Float64Array(0);
  if (log) return pairs(values);
  const result = new Float64Array(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    result[2 * i] = i;
    result[2 * i + 1] = Number.isFinite(values[i]) ? values[i] : NaN;
  }
  return result;
}

function describe(items, model) {
  const index = Math.round((Array.isArray(items) ? items[0] : items)?.axisValue ?? 0);
  const lines = [`batch norm ${index}${model.batchNorms[index] ? ` · ${model.batchNorms[index].name}` : ''}`];
  for (const { lines: metrics } of PANELS) for (const [metric, name] of metrics) lines.push(`${name}: ${scientific(model.latest.get(metric)?.[index] ?? null, 3)}`);
  return lines.join('\n');
}

/** Where the four lie: beside each other, two by two, or one below the other. @param {number} width */
export function placesOf(width) {
  return width >= 1080 ? row() : width >= 560 ? wide() : narrow();
}

function row() {
  return PANELS.map((_, i) => ({ left: i === 0 ? 56 : `${i * 25 + 4}%`, right: i === 3 ? 16 : `${76 - i * 25}%`, top: 32, bottom: 28, titleTop: 2 }));
}

function wide() {
  return [
    { left: 56, right: '52%', top: 28, height: '32%', titleTop: 2 },
    { left: '57%', right: 16, top: 28, height: '32%', titleTop: 2 },
    { left: 56, right: '52%', top: '60%', bottom: 24, titleTop: '50%' },
    { left: '57%', right: 16, top: '60%', bottom: 24, titleTop: '50%' },
  ];
}

function narrow() {
  return PANELS.map((_, i) => ({ left: 56, right: 16, top: `${i * 25 + 6}%`, height: '13%', titleTop: `${i * 25 + 0.5}%` }));
}
