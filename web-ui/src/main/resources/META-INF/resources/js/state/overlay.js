/**
 * Curves of several runs on one axis: by iteration, by epoch or by wall time since each run's first iteration. Pure.
 *
 * @typedef {'iteration' | 'epoch' | 'wall'} Align
 * @typedef {{run: string, data: number[][], broken: number[]}} Curve `data`: [x, y] pairs in ascending order, NaN where the line breaks; `broken`: where values are not finite
 */
import { jsonNumber } from '../net/protocol.js';
import { integer, decimal, duration } from '../format.js';

/** What the switch offers. @type {Record<Align, string>} */
export const ALIGNS = { iteration: 'Iteration', epoch: 'Epoch', wall: 'Wall time' };

/** Line styles beside the colours: runs are told apart without seeing either. */
const STROKES = ['solid', [7, 4], [2, 3], [9, 3, 2, 3]];
/** Colours that are told apart with any colour vision (Okabe and Ito's, darkened on light ground), and twice as many runs as there are of them. */
const HUES = {
  light: ['#0072b2', '#c24a00', '#00795a', '#a8447f'],
  dark: ['#56b4e9', '#ff9a5c', '#3fc79a', '#e79ac6'],
};

/** How the n-th of the runs is drawn. @param {number} place @param {boolean} dark @returns {{colour: string, stroke: any}} */
export function styleOf(place, dark) {
  const hues = dark ? HUES.dark : HUES.light;
  return { colour: hues[place % hues.length], stroke: STROKES[Math.floor(place / hues.length) % STROKES.length] };
}

/**
 * What was measured at the end of epochs.
 *
 * @param {any[]} epochs as in the API
 * @param {'validationLoss' | 'validationAccuracy' | 'trainLoss' | 'trainAccuracy'} field
 * @param {Align} align
 * @param {string | null} origin when the run's first iteration was made
 * @returns {{data: number[][], broken: number[]}}
 */
export function epochCurve(epochs, field, align, origin) {
  const places = epochs
    .map((epoch) => ({ x: placeOf(epoch, align, origin), y: jsonNumber(epoch[field]) }))
    .filter(({ x, y }) => x !== null && y !== null)
    .sort((a, b) => /** @type {number} */ (a.x) - /** @type {number} */ (b.x));
  return {
    data: places.map(({ x, y }) => [/** @type {number} */ (x), Number.isFinite(y) ? /** @type {number} */ (y) : NaN]),
    broken: places.filter(({ y }) => !Number.isFinite(y)).map(({ x }) => /** @type {number} */ (x)),
  };
}

/** Where an epoch's end stands: its last iteration, how many epochs are done, or milliseconds since the first iteration. */
function placeOf(epoch, align, origin) {
  if (align === 'iteration') return epoch.iteration;
  if (align === 'epoch') return epoch.epoch + 1;
  if (!epoch.at || !origin) return null;
  return Date.parse(epoch.at) - Date.parse(origin);
}

/**
 * A series of the API. A bucket stands in the middle of what it holds; of epochs, at the end, where their validation stands, too.
 *
 * @param {any[]} buckets
 * @param {Align} align
 * @returns {{data: number[][], broken: number[]}}
 */
export function seriesCurve(buckets, align) {
  const middle = ({ from, to }) => (align === 'iteration' ? (from + to - 1) / 2 : align === 'epoch' ? (from + to + 1) / 2 : (from + to) / 2);
  const data = [];
  for (const bucket of buckets) {
    const value = jsonNumber(bucket.smoothed ? bucket.smoothed.mean : bucket.mean);
    data.push([middle(bucket), value === null ? NaN : value]);
  }
  return { data, broken: buckets.filter(({ nan, inf }) => nan + inf > 0).map(middle) };
}

/** The smallest and largest y of the curves within the axis; null without any. @param {{data: number[][]}[]} curves @returns {[number, number] | null} */
export function extent(curves) {
  let low = Infinity;
  let high = -Infinity;
  for (const { data } of curves) {
    for (const [, y] of data) {
      if (!Number.isFinite(y)) continue;
      if (y < low) low = y;
      if (y > high) high = y;
    }
  }
  return low > high ? null : [low, high];
}

/** The last x of any of the curves. @param {{data: number[][]}[]} curves */
export function lastX(curves) {
  return Math.max(0, ...curves.map(({ data }) => data[data.length - 1]?.[0] ?? 0));
}

/** The point nearest to x, or null: none within `reach`. @param {number[][]} data @param {number} x @param {number} [reach] */
export function nearest(data, x, reach = Infinity) {
  let low = 0;
  let high = data.length - 1;
  if (high < 0) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (data[middle][0] <= x) low = middle;
    else high = middle;
  }
  const point = Math.abs(data[low][0] - x) <= Math.abs(data[high][0] - x) ? data[low] : data[high];
  return Math.abs(point[0] - x) <= reach ? point : null;
}

/** A place on the axis in words. @param {number} x @param {Align} align */
export function placeWords(x, align) {
  if (align === 'iteration') return `iteration ${integer(Math.round(x))}`;
  if (align === 'epoch') return `epoch ${Number.isInteger(x) ? integer(x) : decimal(x, 1)}`;
  return `${duration(x)} after the first iteration`;
}

/** Where an iteration stands on another axis; null: it cannot be told there. @param {number} iteration @param {Align} align @param {number} iterationsPerEpoch */
export function onAxis(iteration, align, iterationsPerEpoch) {
  if (align === 'iteration') return iteration;
  return align === 'epoch' && iterationsPerEpoch > 0 ? iteration / iterationsPerEpoch : null;
}

/** Half-life of the smoothing for a chart over so many iterations: a fiftieth of a run that fills it. @param {number} iterations */
export function halfLife(iterations) {
  return Math.max(1, Math.round(iterations / 50));
}
