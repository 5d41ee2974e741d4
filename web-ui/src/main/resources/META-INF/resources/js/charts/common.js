/**
 * What all charts share: type, axes, tooltip. Pure; a Theme goes in, parts of an ECharts option come out.
 *
 * @typedef {import('../theme.js').Theme} Theme
 */
import { compact, integer, power } from '../format.js';

/** @param {Theme} t */
export function base(t) {
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: t.font, color: t.muted, fontSize: 12 },
    tooltip: tooltip(t),
  };
}

/** Drawn on the canvas, so that a layer's name can never be taken for HTML. @param {Theme} t */
export function tooltip(t) {
  return {
    trigger: 'axis',
    renderMode: 'richText',
    confine: true,
    transitionDuration: 0,
    backgroundColor: t.card,
    borderColor: t.line,
    borderWidth: 1,
    padding: [8, 12],
    textStyle: { color: t.text, fontSize: 12, fontFamily: t.font, lineHeight: 18 },
    axisPointer: { type: 'line', lineStyle: { color: t.muted, width: 1, type: 'dashed' }, animation: false },
  };
}

/** @param {Theme} t @param {object} [more] */
export function axis(t, more = {}) {
  return {
    type: 'value',
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: t.muted, fontSize: 11, hideOverlap: true, ...more.axisLabel },
    splitLine: { show: true, lineStyle: { color: t.line, width: 1 } },
    nameTextStyle: { color: t.muted, fontSize: 11 },
    ...without(more, 'axisLabel'),
  };
}

/** What a chart over iterations shows: the range that was zoomed to, or everything. @param {{range?: {from: number, to: number} | null, iteration: number}} model @param {number} [end] the last iteration, where it is not the model's */
export function shownRange({ range, iteration }, end = iteration) {
  return range ? { from: range.from, to: range.to - 1 } : { from: 0, to: end };
}

/** x: iterations. @param {Theme} t @param {number | {from: number, to: number}} shown the last iteration, or the first and the last one @param {object} [more] */
export function iterationAxis(t, shown, more = {}) {
  const { from, to } = typeof shown === 'number' ? { from: 0, to: shown } : shown;
  const words = to - from < 10_000 ? integer : compact;
  return axis(t, {
    over: 'iteration', // ours: panels find the charts that share a cursor by it
    min: from,
    max: Math.max(from + 1, to),
    minInterval: 1,
    splitLine: { show: false },
    axisLine: { show: true, lineStyle: { color: t.line } },
    axisPointer: { label: { show: false } },
    ...more,
    axisLabel: { formatter: (value) => (value > from + (to - from) * 0.93 && value !== to ? '' : words(value)), showMaxLabel: true, alignMaxLabel: 'right', ...more.axisLabel },
  });
}

/** The range with its ends moved outwards to labelled decades. @param {[number, number]} range @returns {[number, number]} */
export function alignDecades([from, to]) {
  const step = decadeStep(to - from);
  // + 0: no negative zero
  return [Math.floor(from / step) * step + 0, Math.ceil(to / step) * step + 0];
}

/** y: decades; the data are base-10 logarithms, so that zeros and NaN stay in our hands. `decades` (and `scalable` on a linear axis) let charts/scale.js find the axes that can have another scale. @param {Theme} t @param {[number, number]} range @param {object} [more] */
export function decadeAxis(t, range, more = {}) {
  const [from, to] = alignDecades(range);
  const interval = decadeStep(to - from);
  return axis(t, { decades: true, min: from, max: to, interval, ...more, axisLabel: { formatter: (value) => power(Math.round(value)), ...more.axisLabel } });
}

/** Decades between labels: a power of two, so that 10⁻⁸ gets one; for at most seven labels. @param {number} span */
export function decadeStep(span) {
  return 2 ** Math.max(0, Math.ceil(Math.log2(span / 6)));
}

/** A line whose data are [x, y] pairs in one typed array. @param {string} id @param {Float64Array} data @param {object} [style] */
export function line(id, data, style = {}) {
  return { type: 'line', id, data, dimensions: ['x', 'y'], showSymbol: false, silent: true, animation: false, emphasis: { disabled: true }, connectNulls: false, ...style };
}

/** A horizontal reference with a name at its end. @param {Theme} t @param {number} value @param {string} name @param {string} [colour] @param {string} [position] */
export function reference(t, value, name, colour = t.muted, position = 'insideEndTop') {
  return {
    yAxis: value,
    name,
    label: { show: true, position, formatter: name, color: colour, fontSize: 11, fontFamily: t.font },
    lineStyle: { color: colour, type: [4, 4], width: 1 },
  };
}

/** A mark at the foot of the axis where the value was NaN or infinite. @param {Theme} t Many marks become thin ones. @param {string} id @param {number[]} xs @param {number} y @param {object} [more] */
export function brokenRail(t, id, xs, y, more = {}) {
  return {
    type: 'scatter',
    id,
    name: 'NaN',
    rail: 'not finite', // ours: its places are no values
    data: xs.map((x) => [x, y]),
    symbol: xs.length > 40 ? 'rect' : 'path://M-1,-0.7 L-0.7,-1 L0,-0.3 L0.7,-1 L1,-0.7 L0.3,0 L1,0.7 L0.7,1 L0,0.3 L-0.7,1 L-1,0.7 L-0.3,0 Z',
    symbolSize: xs.length > 40 ? [2, 8] : 9,
    itemStyle: { color: t.broken },
    silent: true,
    animation: false,
    z: 5,
    ...more,
  };
}

/** The same colour with another opacity. @param {string} colour #rrggbb @param {number} opacity 0 to 1 */
export function fade(colour, opacity) {
  return `rgba(${parseInt(colour.slice(1, 3), 16)},${parseInt(colour.slice(3, 5), 16)},${parseInt(colour.slice(5, 7), 16)},${opacity})`;
}

/**
 * Ends and steps of a linear axis that holds [low, high], on round numbers.
 *
 * @param {number} low
 * @param {number} high
 * @param {{least?: number, steps?: number}} [more] `least`: smallest span; `steps`: about so many
 * @returns {{min: number, max: number, interval: number}}
 */
export function round(low, high, { least = 0, steps = 4 } = {}) {
  if (!(low <= high)) return { min: 0, max: 1, interval: 0.5 };
  const lack = Math.max(0, least - (high - low)) / 2;
  const raw = Math.max(high - low + 2 * lack, 1e-9) / steps;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const interval = [1, 2, 2.5, 5, 10].map((factor) => factor * unit).find((step) => step >= raw * 0.999) ?? 10 * unit;
  const min = Math.floor((low - lack) / interval + 1e-6) * interval;
  const max = Math.max(Math.ceil((high + lack) / interval - 1e-6) * interval, min + interval);
  return { min: low >= 0 ? Math.max(0, min) : min, max, interval };
}

export { integer };

function without(object, key) {
  const { [key]: _, ...rest } = object;
  return rest;
}
