/**
 * A chart on another scale: linear, logarithmic, or symmetrically logarithmic (linear about zero, logarithmic away from it, for both signs). What
 * the chart draws is kept; only the places on the axis change. What has no place on a scale (zero and below on a logarithmic one) gets a mark on
 * the rail at the foot, beside those of NaN and infinities, and is counted. Pure.
 *
 * @typedef {'linear' | 'log' | 'symlog'} Scale
 * @typedef {import('../theme.js').Theme} Theme
 */
import { alignDecades, brokenRail, decadeStep, round } from './common.js';
import { plural, power, scientific } from '../format.js';

/** @type {Scale[]} */
export const SCALES = ['linear', 'log', 'symlog'];
/** Most decades of a symlog axis on either side of zero. */
const MOST_DECADES = 20;
/** Up to so many decades the labels are numbers, beyond it powers of ten. */
const FEW_DECADES = 2;

/** The scale that a chart has by itself; null: it has no axis that could have another. @param {any} option @returns {Scale | null} */
export function ownScale(option) {
  const axes = list(option?.yAxis).filter((axis, index) => movable(option, axis, index));
  if (axes.length === 0) return null;
  return axes.some((axis) => axis.decades) ? 'log' : 'linear';
}

/** A picture (a series of one's own) knows its places itself: they cannot be moved. */
function movable(option, axis, index) {
  return (axis?.decades || axis?.scalable) && !list(option.series).some(({ type, yAxisIndex = 0 }) => type === 'custom' && yAxisIndex === index);
}

/** What is only marked at the foot, in words; empty: nothing is. @param {any} drawing of rescaled */
export function railWords(drawing) {
  const count = (wanted) => list(drawing?.series).filter(wanted).reduce((sum, { data }) => sum + data.length, 0);
  const off = count(({ id }) => String(id).startsWith('off-scale'));
  const broken = count(({ id, rail }) => rail === 'not finite' && !String(id).startsWith('off-scale'));
  return [off > 0 && `${plural(off, 'place')} at zero or below`, broken > 0 && `${plural(broken, 'place')} NaN or infinite`].filter(Boolean).join(', ');
}

/**
 * The same chart on another scale; the same option where that is its own.
 *
 * @param {any} option
 * @param {Scale | null} scale
 * @param {Theme} t
 */
export function rescaled(option, scale, t) {
  const own = ownScale(option);
  if (own === null || scale === null || scale === own || !SCALES.includes(scale)) return option;
  const axes = list(option.yAxis);
  const plans = axes.map((axis, index) => (movable(option, axis, index) ? planOf(option, axis, index, scale) : null));
  const planOfSeries = (one) => plans[one.yAxisIndex ?? 0];
  const series = option.series.map((one) => (planOfSeries(one) === null ? one : moved(one, planOfSeries(one))));
  const rails = plans.flatMap((plan, index) => (plan === null ? [] : [rail(option, plan, index, t)]));
  const axisOf = (axis, plan) => (plan === null ? axis : { ...axis, min: plan.min, max: plan.max, interval: plan.interval, axisLabel: { ...axis.axisLabel, formatter: plan.label } });
  const yAxis = axes.map((axis, index) => axisOf(axis, plans[index]));
  const formatter = option.tooltip?.formatter;
  return {
    ...option,
    ...(typeof formatter === 'function' ? { tooltip: { ...option.tooltip, formatter: (items) => formatter(back(items, option.series, planOfSeries)) } } : {}),
    yAxis: Array.isArray(option.yAxis) ? yAxis : yAxis[0],
    series: [...series, ...rails],
  };
}

/** How values of an axis are moved, and what the axis looks like then. */
function planOf(option, axis, index, scale) {
  const value = axis.decades ? (place) => 10 ** place : (place) => place;
  const source = axis.decades ? (number) => Math.log10(number) : (number) => number;
  const { low, high, least, zero } = extent(option, axis, index, value);
  if (scale === 'linear') return { index, place: value, source, off: () => false, ...round(Math.min(low, 0), high), label: (number) => scientific(number) };
  if (scale === 'log') {
    const words = axis.decades ? String : (axis.axisLabel?.formatter ?? String);
    const [from, to] = least < Infinity ? [Math.log10(least), Math.log10(Math.max(high, least))] : [-1, 0];
    const ends = to - from > FEW_DECADES ? decadeEnds(from, to) : round(from - 0.02, to + 0.02, { least: 0.1 });
    // round() leaves no room below zero to what lies above it, but a logarithm has no such foot
    const min = to - from > FEW_DECADES ? ends.min : Math.floor(from / ends.interval + 1e-6) * ends.interval;
    return {
      index,
      place: (place) => (value(place) > 0 ? Math.log10(value(place)) : NaN),
      source: (logarithm) => source(10 ** logarithm),
      off: (place) => value(place) <= 0,
      ...ends,
      min,
      label: to - from > FEW_DECADES ? (exponent) => power(Math.round(exponent)) : (exponent) => words(Number((10 ** exponent).toPrecision(2))),
    };
  }
  const unit = unitOf(least, Math.max(Math.abs(low), Math.abs(high)));
  const bend = (number) => Math.sign(number) * Math.log10(1 + Math.abs(number) / unit);
  const straight = (place) => Math.sign(place) * unit * (10 ** Math.abs(place) - 1);
  const [from, to] = [low < 0 ? -Math.ceil(bend(-low) - 1e-9) : 0, high > 0 ? Math.ceil(bend(high) - 1e-9) : 0];
  const interval = decadeStep(Math.max(1, to - from));
  const exponent = Math.round(Math.log10(unit));
  const label = (place) => (place === 0 ? '0' : `${place < 0 ? '−' : ''}${power(exponent + Math.abs(Math.round(place)))}`);
  return { index, place: (place) => bend(value(place)), source: (place) => source(straight(place)), off: () => false, zero, min: Math.floor(from / interval) * interval + 0, max: Math.max(interval, Math.ceil(to / interval) * interval), interval, label };
}

/** What is drawn on an axis, as values: all, and the smallest that is not zero. A linear axis' own ends count, as several charts may share them; those of decades are much too wide. */
function extent(option, axis, index, value) {
  let [low, high, least, zero] = [Infinity, -Infinity, Infinity, false];
  const see = (number) => {
    if (!Number.isFinite(number)) return;
    if (number < low) low = number;
    if (number > high) high = number;
    if (number === 0) zero = true;
    if (number !== 0 && Math.abs(number) < least) least = Math.abs(number);
  };
  for (const one of option.series) {
    if ((one.yAxisIndex ?? 0) !== index || one.rail !== undefined) continue;
    each(one.data, (_, y) => see(value(y)));
  }
  for (const end of axis.decades ? [] : [axis.min, axis.max]) if (typeof end === 'number' && value(end) !== 0) see(value(end));
  if (low > high) return { low: 0, high: 1, least: Infinity, zero };
  return { low, high, least, zero };
}

/** Below it a symlog axis is linear: the decade of the smallest value that is not zero. */
function unitOf(least, most) {
  if (least === Infinity || !(most > 0)) return 1;
  return 10 ** Math.max(Math.floor(Math.log10(least) + 1e-9), Math.floor(Math.log10(most)) - MOST_DECADES);
}

function decadeEnds(from, to) {
  const [min, max] = alignDecades([Math.floor(from + 1e-9), Math.ceil(to - 1e-9)]);
  return { min, max: Math.max(max, min + 1), interval: decadeStep(max - min) };
}

/** A series at its new places. */
function moved(one, plan) {
  const markLine = one.markLine && { ...one.markLine, data: one.markLine.data.filter(({ yAxis }) => yAxis === undefined || !Number.isNaN(plan.place(yAxis))).map((mark) => (mark.yAxis === undefined ? mark : named({ ...mark, yAxis: plan.place(mark.yAxis) }, plan))) };
  const y = (place) => (one.rail !== undefined ? plan.min : plan.place(place));
  return { ...one, ...(markLine ? { markLine } : {}), data: mapped(one.data, y) };
}

/** A reference near the foot has its name above it: below are the labels of the axis. */
function named(mark, { min, max }) {
  const low = mark.yAxis - min < (max - min) / 12;
  return low && mark.label ? { ...mark, label: { ...mark.label, position: mark.label.position?.replace('Bottom', 'Top') } } : mark;
}

/** Marks at the foot for what has no place. */
function rail(option, plan, index, t) {
  const xs = new Set();
  for (const one of option.series) {
    if ((one.yAxisIndex ?? 0) !== plan.index || one.rail !== undefined || one.type === 'custom') continue;
    each(one.data, (x, y) => Number.isFinite(y) && plan.off(y) && xs.add(x));
  }
  return { ...brokenRail(t, `off-scale-${index}`, [...xs], plan.min, index === 0 ? {} : { xAxisIndex: index, yAxisIndex: index }), name: 'zero or below', symbol: 'emptyTriangle', symbolRotate: 180, symbolSize: xs.size > 40 ? 4 : 7, itemStyle: { color: t.critical } };
}

/** Items of a tooltip with the values that its words are made for. */
function back(items, series, planOfSeries) {
  const one = (item) => {
    const plan = series[item?.seriesIndex] ? planOfSeries(series[item.seriesIndex]) : null;
    if (plan === null || !item?.value || series[item.seriesIndex].rail !== undefined) return item;
    return { ...item, value: [item.value[0], plan.source(item.value[1])] };
  };
  return Array.isArray(items) ? items.map(one) : one(items);
}

/** Calls with every point of a series' data, whatever form it has. @param {any} data @param {(x: number, y: number) => void} use */
export function each(data, use) {
  if (ArrayBuffer.isView(data)) {
    const flat = /** @type {Float64Array} */ (data);
    for (let i = 0; i < flat.length; i += 2) use(flat[i], flat[i + 1]);
  } else for (const point of data ?? []) use(...pairOf(point));
}

/** A series' data with other y values, in the form that it has. @param {any} data @param {(y: number, x: number) => number} y */
export function mapped(data, y) {
  if (ArrayBuffer.isView(data)) return /** @type {Float64Array} */ (data).map((value, i, all) => (i % 2 === 1 ? y(value, all[i - 1]) : value));
  return (data ?? []).map((point) => (Array.isArray(point) ? [point[0], y(point[1], point[0]), ...point.slice(2)] : { ...point, value: [point.value[0], y(point.value[1], point.value[0])] }));
}

function pairOf(point) {
  const pair = Array.isArray(point) ? point : point.value;
  return /** @type {[number, number]} */ ([pair[0], pair[1]]);
}

function list(one) {
  return one === undefined || one === null ? [] : Array.isArray(one) ? one : [one];
}
