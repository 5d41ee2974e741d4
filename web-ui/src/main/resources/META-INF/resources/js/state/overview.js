/**
 * What the list shows of each run in little: its layers as a strip of cells, its loss as a small line, its worst alert. Pure.
 *
 * @typedef {{iteration: number, meanAbs: any[], notFinite: number[], skip: number[]}} Layers
 * @typedef {{to: number, width: number, buckets: any[][]}} Loss
 * @typedef {{id: string, seq: number, iterationMs: number | null, layers: Layers | null, loss: Loss, alerts: any[]}} Overview as in the API
 * @typedef {{layer: number, kind: 'alive' | 'dead' | 'broken' | 'unknown', value: number | null}} Cell
 */
import { jsonNumber } from '../net/protocol.js';
import { scientific } from '../format.js';
import { FLOOR, timeLeft, worstAlert } from './health.js';

/** Ids in one request for overviews at most, and characters of them: the service reads a request's line of 4,096 bytes. */
const IDS = 50;
const CHARACTERS = 3000;

/** One cell for each layer on the main path, from the input to the loss. @param {Layers | null} layers @returns {Cell[]} */
export function stripCells(layers) {
  if (layers === null) return [];
  const skip = new Set(layers.skip);
  const broken = new Set(layers.notFinite);
  return layers.meanAbs.flatMap((given, layer) => (skip.has(layer) ? [] : [cellOf(layer, jsonNumber(given), broken.has(layer))]));
}

/** @returns {Cell} */
function cellOf(layer, value, broken) {
  if (broken) return { layer, kind: 'broken', value };
  if (value === null) return { layer, kind: 'unknown', value };
  if (!Number.isFinite(value)) return { layer, kind: 'broken', value };
  return { layer, kind: value < FLOOR ? 'dead' : 'alive', value };
}

/** A strip in words. @param {Cell[]} cells */
export function stripWords(cells) {
  if (cells.length === 0) return 'No gradients by layer yet';
  const count = (kind) => cells.filter((cell) => cell.kind === kind).length;
  const [dead, broken, unknown] = [count('dead'), count('broken'), count('unknown')];
  const finite = cells.filter((cell) => cell.value !== null && Number.isFinite(cell.value));
  const lowest = finite.reduce((low, cell) => (low === null || /** @type {number} */ (cell.value) < low.value ? cell : low), /** @type {any} */ (null));
  const parts = [
    `${cells.length - dead - broken - unknown} of ${cells.length} layers receive a gradient`,
    dead > 0 && `${dead} below Adam’s ε (1e-8)`,
    broken > 0 && `${broken} with NaN or infinity`,
    unknown > 0 && `${unknown} not measured`,
    lowest !== null && `the smallest is ${scientific(lowest.value)}, in layer ${lowest.layer}`,
  ];
  return parts.filter(Boolean).join('; ');
}

/**
 * A loss as paths in a box: the mean of each bucket, the area between its minimum and maximum, and where there were values that are not finite.
 * A bucket without finite values breaks the line.
 *
 * @param {Loss} loss
 * @param {{width: number, height: number, pad?: number}} box
 * @returns {{line: string, band: string, broken: number[], end: {x: number, y: number} | null}}
 */
export function sparkline({ to, buckets }, { width, height, pad = 2 }) {
  const drawn = buckets.filter(([, , min]) => min !== null);
  const broken = buckets.filter(([, , , , , odd]) => odd > 0);
  const low = Math.min(...drawn.map(([, , min]) => min));
  const high = Math.max(...drawn.map(([, , , max]) => max));
  /** @param {any[]} bucket */
  const x = (bucket) => round(pad + (((bucket[0] + bucket[1]) / 2) / Math.max(1, to)) * (width - 2 * pad));
  const y = (value) => round(high > low ? pad + ((high - value) / (high - low)) * (height - 2 * pad) : height / 2);
  /** @type {any[][][]} */
  const stretches = [];
  let before = -1;
  for (const bucket of drawn) {
    if (bucket[0] === before && stretches.length > 0) stretches[stretches.length - 1].push(bucket);
    else stretches.push([bucket]);
    before = bucket[1];
  }
  const last = drawn[drawn.length - 1];
  return {
    line: stretches.map((one) => path(one.map((bucket) => [x(bucket), y(bucket[4])]))).join(''),
    band: stretches.filter((one) => one.length > 1).map((one) => `${path([...one.map((bucket) => [x(bucket), y(bucket[3])]), ...[...one].reverse().map((bucket) => [x(bucket), y(bucket[2])])])}Z`).join(''),
    broken: broken.map(x),
    end: last ? { x: x(last), y: y(last[4]) } : null,
  };
}

/** A single point is a short stroke: it can be seen. */
function path(points) {
  if (points.length === 1) return `M${points[0][0]} ${points[0][1]}h.01`;
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('');
}

function round(value) {
  return Math.round(value * 10) / 10;
}

/** The alert to name, and how many are open beside it; null where none is. @param {any[]} alerts of an overview */
export function openAlerts(alerts) {
  const worst = worstAlert(alerts);
  if (worst === null) return null;
  const open = alerts.filter(({ state }) => state === 'firing' || state === 'recovering');
  return { rule: worst.rule, severity: worst.severity, state: worst.state, message: worst.message, acknowledged: worst.acknowledged === true, more: Math.max(0, open.length - (open.includes(worst) ? 1 : 0)) };
}

/** Milliseconds until the run's planned end at its pace; null when unknown. @param {any} run @param {Overview | null} overview */
export function msLeft(run, overview) {
  return timeLeft(run, run.iteration ?? -1, overview?.iterationMs ?? NaN);
}

/** Ids cut into requests. @param {Iterable<string>} ids @param {number} [most] @param {number} [characters] @returns {string[][]} */
export function batches(ids, most = IDS, characters = CHARACTERS) {
  /** @type {string[][]} */
  const all = [];
  let length = Infinity;
  for (const id of ids) {
    const size = encodeURIComponent(id).length + 3;
    if (length + size > characters || all[all.length - 1].length >= most) {
      all.push([]);
      length = 0;
    }
    all[all.length - 1].push(id);
    length += size;
  }
  return all;
}
