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

/** x: iterations. @param {Theme} t @param {number} to the last iteration @param {object} [more] */
export function iterationAxis(t, to, more = {}) {
  return axis(t, {
    min: 0,
    max: Math.max(1, to),
    minInterval: 1,
    splitLine: { show: false },
    axisLine: { show: true, lineStyle: { color: t.line } },
    axisPointer: { label: { show: false } },
    ...more,
    axisLabel: { formatter: (value) => compact(value), showMaxLabel: true, alignMaxLabel: 'right', ...more.axisLabel },
  });
}

/** y: decades; the data are base-10 logarithms, so that zeros and NaN stay in our hands. @param {Theme} t @param {[number, number]} range @param {object} [more] */
export function decadeAxis(t, [from, to], more = {}) {
  const interval = decadeStep(to - from);
  return axis(t, { min: from, max: to, interval, ...more, axisLabel: { formatter: (value) => (Number.isInteger(value) ? power(value) : ''), ...more.axisLabel } });
}

/** A whole number of decades between labels, for at most seven of them. @param {number} span */
export function decadeStep(span) {
  return [1, 2, 3, 4, 5, 6].find((step) => span / step <= 6) ?? Math.ceil(span / 6);
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

/** A mark at the foot of the axis where the value was NaN or infinite. @param {Theme} t @param {string} id @param {number[]} xs @param {object} [more] */
export function brokenRail(t, id, xs, y, more = {}) {
  return {
    type: 'scatter',
    id,
    name: 'NaN',
    data: xs.map((x) => [x, y]),
    symbol: 'path://M-1,-0.7 L-0.7,-1 L0,-0.3 L0.7,-1 L1,-0.7 L0.3,0 L1,0.7 L0.7,1 L0,0.3 L-0.7,1 L-1,0.7 L-0.3,0 Z',
    symbolSize: 9,
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

/** A range for a linear axis with some air above and below. @param {number} low @param {number} high @param {number} [least] smallest span */
export function airy(low, high, least = 0.1) {
  if (!(low <= high)) return [0, 1];
  const span = Math.max(high - low, least);
  const middle = (low + high) / 2;
  return [Math.max(0, middle - span * 0.6), middle + span * 0.6];
}

export { integer };

function without(object, key) {
  const { [key]: _, ...rest } = object;
  return rest;
}
