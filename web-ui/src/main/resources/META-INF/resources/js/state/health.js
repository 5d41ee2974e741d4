/**
 * What the numbers of one run say about its health, in words that a view can show. Pure.
 */

/** Adam's ε in Deeplearning4j and in the paper: a gradient much smaller than this no longer moves a weight. */
export const FLOOR = 1e-8;

/**
 * @typedef {{total: number, alive: number, below: number, broken: number, lowest: number, typical: number, decadesLost: number}} Health
 */

/**
 * Counts the layers that a gradient reaches.
 *
 * @param {ArrayLike<number>} values mean absolute gradient of the layers of the main path, in forward order; NaN: broken or not measured
 * @param {number} [floor]
 * @returns {Health} `lowest` is the smallest finite value (NaN: none), `typical` the median; `decadesLost` how far the median of the first three lies below that of the last two
 */
export function gradientHealth(values, floor = FLOOR) {
  const total = values.length;
  let below = 0;
  let broken = 0;
  let lowest = NaN;
  for (let i = 0; i < total; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) broken++;
    else {
      if (value < floor) below++;
      if (!(value >= lowest)) lowest = value;
    }
  }
  const logs = Array.from(values, (value) => Math.log10(Math.max(value, 1e-38)));
  const first = median(logs.slice(0, 3));
  const last = median(logs.slice(-2));
  return { total, alive: total - below - broken, below, broken, lowest, typical: 10 ** median(logs), decadesLost: last - first };
}

/**
 * The values of the layers that lead from the input to the loss: projections on skip paths take no part in judgements about depth.
 *
 * @param {ArrayLike<number>} values by layer index
 * @param {any[]} layers as in the API; empty: all lead there
 */
export function onMainPath(values, layers) {
  return Array.from(values).filter((_, index) => layers[index]?.mainPath !== false);
}

/** A mean |g| that is too large as the median over the layers: that of the rule explode. */
const TOO_LARGE = 1;
/** From this share of silent layers on it is grave: that of the rule vanish-floor. */
const GRAVE_SHARE = 0.25;

/**
 * What the newest gradient alone says of a run: for runs of which no alert is known.
 *
 * @param {Health | null} health
 * @returns {'unknown' | 'broken' | 'large' | 'vanished' | 'weak' | 'good'} `large`: they explode; `vanished`: many layers receive no gradient; `weak`: some
 */
export function verdictOf(health) {
  if (health === null || health.total === 0) return 'unknown';
  if (health.broken > 0) return 'broken';
  if (health.typical > TOO_LARGE) return 'large';
  if (health.below === 0) return 'good';
  return health.below >= health.total * GRAVE_SHARE ? 'vanished' : 'weak';
}

/**
 * The layers of the main path that receive less than the floor.
 *
 * @param {ArrayLike<number>} values by layer index
 * @param {any[]} layers as in the API; empty: all lead to the loss
 * @param {number} [floor]
 */
export function silentLayers(values, layers, floor = FLOOR) {
  return Array.from(values, (_, index) => index).filter((index) => layers[index]?.mainPath !== false && values[index] < floor);
}

/**
 * Which layers receive no gradient, in a few words; what is not finite first.
 *
 * @param {ArrayLike<number>} values by layer index
 * @param {any[]} layers
 */
export function gradientWords(values, layers) {
  const main = Array.from(values, (_, index) => index).filter((index) => layers[index]?.mainPath !== false);
  const broken = main.filter((index) => !Number.isFinite(values[index]));
  const silent = silentLayers(values, layers);
  const parts = [broken.length > 0 && `${named(broken)}: NaN or infinite`, silent.length > 0 && `${named(silent)} receive${silent.length === 1 ? 's' : ''} no gradient`].filter(Boolean);
  return parts.length > 0 ? parts.join('; ') : 'Every layer receives a gradient';
}

/** "Layer 3", "Layers 0–35" @param {number[]} indices */
function named(indices) {
  return `Layer${indices.length === 1 ? '' : 's'} ${stretches(indices)}`;
}

/**
 * The layer behind which, seen from the loss, nothing receives a gradient: all layers from the input up to it are silent. -1: there is none.
 *
 * @param {ArrayLike<number>} values
 * @param {any[]} layers
 */
export function cutByValues(values, layers) {
  let cut = -1;
  for (let index = 0; index < values.length; index++) {
    if (layers[index]?.mainPath === false) continue;
    if (!(values[index] < FLOOR)) return cut;
    cut = index;
  }
  return cut;
}

/** 0–35, 37 @param {number[]} indices ascending */
export function stretches(indices) {
  const parts = [];
  for (let i = 0; i < indices.length; ) {
    let end = i;
    while (end + 1 < indices.length && indices[end + 1] === indices[end] + 1) end++;
    parts.push(end === i ? String(indices[i]) : `${indices[i]}–${indices[end]}`);
    i = end + 1;
  }
  return parts.join(', ');
}

/** Rules whose alert explains those behind it: of equally grave ones the cause is shown. */
const CAUSES_FIRST = ['nan-inf', 'vanish-floor', 'vanish-depth', 'explode', 'collapse', 'chance-level'];

/**
 * The alert to show first: firing before recovering before what has no data any more before pending, the graver, then the cause, then the newer. What is pending is shown only
 * where it is critical: a single odd batch is nothing to look up for.
 *
 * @param {Iterable<any>} alerts
 */
export function worstAlert(alerts) {
  const open = [...alerts].filter((alert) => alert.state === 'firing' || alert.state === 'recovering' || alert.state === 'no data' || (alert.state === 'pending' && alert.severity === 'critical'));
  const rank = (alert) => ({ firing: 20, recovering: 10, 'no data': 5, pending: 0 })[alert.state] + ({ critical: 3, warning: 2, info: 1 }[alert.severity] ?? 0);
  const place = ({ rule }) => (CAUSES_FIRST.includes(rule) ? CAUSES_FIRST.indexOf(rule) : CAUSES_FIRST.length);
  open.sort((one, other) => rank(other) - rank(one) || place(one) - place(other) || String(other.since).localeCompare(String(one.since)));
  return open[0] ?? null;
}

/** Decades by which a single-precision 0.1 may lie beside 0.1. */
const SINGLE = 1e-6;

/**
 * The range, in whole decades, that holds all the given profiles: what a logarithmic axis should show. Exact zeros do not count.
 *
 * @param {Iterable<ArrayLike<number>>} profiles
 * @param {[number, number] | null} [include] decades to hold in any case
 * @returns {[number, number] | null} null: nothing finite and positive
 */
export function decades(profiles, include = null) {
  let low = Infinity;
  let high = -Infinity;
  for (const values of profiles) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (!(value > 0) || value === Infinity) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return include;
  const from = Math.floor(Math.log10(low) + SINGLE);
  const to = Math.ceil(Math.log10(high) - SINGLE);
  return widen([from, Math.max(to, from + 1)], include);
}

/** The smallest range that holds both. @param {[number, number] | null} a @param {[number, number] | null} b @returns {any} */
export function widen(a, b) {
  if (a === null || b === null) return a ?? b;
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

/** Milliseconds until the planned end at the given pace; null when unknown. @param {any} run @param {number} iteration @param {number} iterationMs */
export function timeLeft(run, iteration, iterationMs) {
  if (run.state !== 'running' || !(run.plannedIterations > 0) || !(iterationMs > 0)) return null;
  return Math.max(0, run.plannedIterations - 1 - iteration) * iterationMs;
}

/** Share of the planned iterations that is done, 0 to 1; null when no end is planned. @param {any} run @param {number | null} iteration */
export function progress(run, iteration) {
  if (!(run.plannedIterations > 0) || iteration === null || iteration === undefined) return null;
  return Math.min(1, (iteration + 1) / run.plannedIterations);
}

function median(values) {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
