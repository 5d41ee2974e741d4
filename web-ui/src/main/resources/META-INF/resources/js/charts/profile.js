/**
 * A value by layer on a logarithmic axis: one translucent line per window of iterations, the newest strong. The paper's gradient-flow figure;
 * the update ratio is drawn the same way. Layers on skip
 * paths stand beside the lines, as diamonds. Pure.
 *
 * @typedef {{from: number, to: number, values: ArrayLike<number>}} Window
 * @typedef {{layers: any[], windows: Window[], newest: ArrayLike<number> | null, iteration: number, range: [number, number],
 *   reference: {decade: number, label: string} | null, floor: number | null, cut: {layer: number, label: string} | null, width: number, name: string}} ProfileState
 */
import { alignDecades, axis, base, brokenRail, decadeAxis, fade, line, reference } from './common.js';
import { onMainPath } from '../state/health.js';
import { integer, iterations, scientific } from '../format.js';

/** Lines of older windows at most. */
export const WINDOWS = 20;
/** Windows of about the same age are one series, with breaks between its lines: 4 series cost a fifth of 20. */
const AGES = 4;

/** @param {ProfileState} state @param {import('../theme.js').Theme} t */
export function profileOption(state, t) {
  const { layers, newest, cut, floor, windows } = state;
  const range = alignDecades(state.range);
  const last = Math.max(1, layers.length - 1);
  const sick = floor !== null && newest !== null && onMainPath(newest, layers).some((value) => value < floor);
  const marks = odd(newest);
  return {
    ...base(t),
    tooltip: { ...base(t).tooltip, formatter: (items) => describe(state, Math.round(at(items))) },
    grid: { left: 56, right: 16, top: 32, bottom: 36 },
    xAxis: layerAxis(t, layers.length, state.width),
    yAxis: decadeAxis(t, range),
    series: [
      ...Array.from({ length: AGES }, (_, age) => windowLines(age, windows, layers, t)),
      line('newest', newest ? pairs(newest, layers) : new Float64Array(0), {
        lineStyle: { width: 2.5, color: sick ? t.critical : t.accent },
        live: true,
        silent: false,
        z: 4,
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          data: [...(state.reference ? [reference(t, state.reference.decade, state.reference.label, t.muted, 'insideStartBottom')] : []), ...(cut ? [cutLine(cut, last, t)] : [])],
        },
        markArea: {
          silent: true,
          animation: false,
          data: cut ? [[{ xAxis: 0, itemStyle: { color: fade(t.critical, t.dark ? 0.12 : 0.07) } }, { xAxis: cut.layer + 0.5 }]] : [],
        },
      }),
      dots(newest, floor, layers, t),
      brokenRail(t, 'broken', marks.broken, range[0]),
      { ...brokenRail(t, 'zero', marks.zero, range[0]), rail: 0, symbol: 'emptyTriangle', symbolRotate: 180, symbolSize: 7, itemStyle: { color: t.critical } },
    ],
  };
}

/** x: layers, from the input to the loss. @param {import('../theme.js').Theme} t @param {number} count @param {number} width of the chart */
export function layerAxis(t, count, width) {
  const last = Math.max(1, count - 1);
  const step = layerStep(count, width);
  return axis(t, {
    over: 'layer',
    min: 0,
    max: last,
    interval: step,
    splitLine: { show: false },
    axisLine: { show: true, lineStyle: { color: t.line } },
    name: 'layer (input → loss)',
    nameLocation: 'middle',
    nameGap: 22,
    axisPointer: { snap: false },
    axisLabel: { formatter: (value) => (value % step === 0 || (value === last && last % step > step / 2) ? String(value) : ''), showMaxLabel: true },
  });
}

/**
 * [layer, log10 value] pairs; what has no logarithm breaks the line.
 *
 * @param {ArrayLike<number>} values
 * @param {any[]} [layers] those on skip paths are left out
 */
export function pairs(values, layers = []) {
  const data = new Float64Array(values.length * 2);
  let used = 0;
  for (let i = 0; i < values.length; i++) {
    if (layers[i]?.mainPath === false) continue;
    data[used++] = i;
    data[used++] = values[i] > 0 && Number.isFinite(values[i]) ? Math.log10(values[i]) : NaN;
  }
  return data.subarray(0, used);
}

/** A layer's full title. @param {any} layer @param {number} index */
export function layerTitle(layer, index) {
  if (!layer) return `layer ${index}`;
  return `layer ${index} · ${layer.name}${layer.mainPath === false ? ' (skip path)' : ''}`;
}

function windowLines(age, windows, layers, t) {
  const ofThisAge = windows.slice(Math.round((age * windows.length) / AGES), Math.round(((age + 1) * windows.length) / AGES));
  const data = Float64Array.from(ofThisAge.flatMap(({ values }) => [...pairs(values, layers), NaN, NaN]));
  return line(`windows${age}`, data, { z: 3, aged: true, lineStyle: { width: 1.25, color: fade(t.accent, 0.12 + 0.33 * ((age + 1) / AGES) ** 2) } });
}

function dots(newest, floor, layers, t) {
  const data = [];
  for (let i = 0; newest !== null && i < newest.length; i++) {
    const skip = layers[i]?.mainPath === false;
    if (!(newest[i] > 0) || !Number.isFinite(newest[i]) || (floor === null && !skip)) continue;
    const colour = floor === null ? t.accent : newest[i] < floor ? t.critical : t.good;
    const style = skip ? { color: t.card, borderColor: colour, borderWidth: 1.5 } : { color: colour };
    data.push({ value: [i, Math.log10(newest[i])], symbol: skip ? 'diamond' : 'circle', symbolSize: skip ? 8 : 6, itemStyle: style });
  }
  return { type: 'scatter', id: 'dots', live: true, data, symbolSize: 6, silent: true, animation: false, z: 5 };
}

function odd(values) {
  const broken = [];
  const zero = [];
  for (let i = 0; values !== null && i < values.length; i++) {
    if (values[i] === 0) zero.push(i);
    else if (!Number.isFinite(values[i])) broken.push(i);
  }
  return { broken, zero };
}

function cutLine(cut, last, t) {
  const right = cut.layer > last / 2;
  return {
    xAxis: cut.layer + 0.5,
    name: cut.label,
    label: { show: true, formatter: cut.label, position: 'end', align: right ? 'right' : 'left', padding: right ? [0, -8, 0, 0] : [0, 0, 0, -8], color: t.critical, fontSize: 12, fontWeight: 600, fontFamily: t.font },
    lineStyle: { color: t.critical, width: 1.5, type: 'solid' },
  };
}

function describe({ layers, windows, newest, iteration, name }, index) {
  const lines = [layerTitle(layers[index], index)];
  if (newest) lines.push(`${name} now: ${scientific(newest[index])} (iteration ${integer(iteration)})`);
  const shown = [windows[0], windows[windows.length >> 1]].filter((one, i, all) => one && all.indexOf(one) === i);
  for (const window of shown) lines.push(`${iterations(window.from, window.to)}: ${scientific(window.values[index])}`);
  return lines.join('\n');
}

function at(items) {
  const item = Array.isArray(items) ? items[0] : items;
  return item?.axisValue ?? item?.value?.[0] ?? 0;
}

function layerStep(count, width) {
  const room = Math.max(3, Math.floor(width / 48));
  return [1, 2, 3, 4, 5, 6, 8, 10, 12, 20, 50].find((step) => count / step <= room) ?? Math.ceil(count / room);
}
