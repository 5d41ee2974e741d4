/**
 * Gradients by layer of several runs at one iteration, exact, one request for all of them. While somebody moves through the iterations only the
 * newest place is asked for; what was seen is kept.
 *
 * Events: 'change' (values of a place arrived), 'failed' (detail: the error).
 */
import * as defaultApi from '../net/api.js';
import { jsonNumber } from '../net/protocol.js';
import { plural, power, scientific } from '../format.js';
import { FLOOR, gradientHealth, onMainPath } from './health.js';

const METRIC = 'gradient.mean_abs';
const KEPT = 300;
/** Playing takes the whole course in so many steps. */
const STEPS = 120;

/**
 * The values of each run in an answer of one bucket: by layer, NaN where a layer's value is not finite or missing. A run without that iteration is not in it.
 *
 * @param {any[]} series
 * @returns {Map<string, Float64Array>}
 */
export function profilesOf(series) {
  const profiles = new Map();
  for (const { run, layer, buckets } of series) {
    const bucket = buckets[0];
    if (!bucket || bucket.count === 0) continue;
    const values = profiles.get(run) ?? [];
    profiles.set(run, values);
    values[layer] = bucket.nan + bucket.inf > 0 ? NaN : jsonNumber(bucket.mean) ?? NaN;
  }
  return new Map([...profiles].map(([run, values]) => [run, Float64Array.from({ length: values.length }, (_, i) => values[i] ?? NaN)]));
}

/** Where the scrubber begins: the last iteration that all runs have; those without any do not count. @param {any[]} runs */
export function firstPlace(runs) {
  const last = runs.map((run) => run?.iteration).filter((iteration) => Number.isInteger(iteration));
  return last.length === 0 ? 0 : Math.min(...last);
}

/** The last iteration of any of the runs. @param {any[]} runs */
export function lastPlace(runs) {
  return Math.max(0, ...runs.map((run) => run?.iteration ?? 0));
}

/** The next place while playing; null: the end. @param {number} place @param {number} last */
export function nextPlace(place, last) {
  if (place >= last) return null;
  return Math.min(last, place + Math.max(1, Math.round(last / STEPS)));
}

/** How many layers a gradient reaches, in words. @param {Float64Array | undefined} values @param {any[]} layers */
export function flowWords(values, layers) {
  if (!values) return '';
  const health = gradientHealth(onMainPath(values, layers));
  return `${health.alive} of ${plural(health.total, 'layer')} above ${power(Math.log10(FLOOR))}; smallest ${scientific(health.lowest)}`;
}

export class FlowSteps extends EventTarget {
  #abort = new AbortController();
  /** @type {Map<number, Map<string, Float64Array>>} */
  #known = new Map();
  /** @type {number | null} */
  #asked = null;
  #asking = false;
  /** What is shown, until the place that was asked for is there. @type {{place: number, profiles: Map<string, Float64Array>} | null} */
  shown = null;
  /** Decades that hold all that was seen. @type {[number, number] | null} */
  #seen = null;

  /** @param {string[]} ids @param {{api?: Pick<typeof defaultApi, 'getSeveralSeries'>}} [environment] */
  constructor(ids, { api = defaultApi } = {}) {
    super();
    this.ids = ids;
    this.api = api;
  }

  /** The smallest and largest positive value of all that was seen, as decades; null before the first. */
  get seen() {
    return this.#seen;
  }

  /** @param {number} place */
  go(place) {
    const known = this.#known.get(place);
    if (known) {
      this.#asked = null;
      return this.#show(place, known);
    }
    this.#asked = place;
    if (!this.#asking) this.#ask();
  }

  dispose() {
    this.#abort.abort();
  }

  async #ask() {
    this.#asking = true;
    while (this.#asked !== null && !this.#abort.signal.aborted) {
      const place = this.#asked;
      this.#asked = null;
      try {
        const answer = await this.api.getSeveralSeries({ runs: this.ids, align: 'iteration', metric: METRIC, layer: '*', from: place, to: place + 1, buckets: 1 }, this.#abort.signal);
        const profiles = profilesOf(answer.series);
        this.#known.set(place, profiles);
        if (this.#known.size > KEPT) this.#known.delete(/** @type {number} */ (this.#known.keys().next().value));
        this.#look(profiles);
        if (this.#asked === null || this.shown === null) this.#show(place, profiles);
      } catch (error) {
        if (!this.#abort.signal.aborted) this.dispatchEvent(new CustomEvent('failed', { detail: error }));
      }
    }
    this.#asking = false;
  }

  #show(place, profiles) {
    this.shown = { place, profiles };
    this.dispatchEvent(new Event('change'));
  }

  #look(profiles) {
    for (const values of profiles.values()) {
      for (const value of values) {
        if (!(value > 0) || !Number.isFinite(value)) continue;
        const decade = Math.log10(value);
        this.#seen = this.#seen === null ? [Math.floor(decade), Math.ceil(decade)] : [Math.min(this.#seen[0], Math.floor(decade)), Math.max(this.#seen[1], Math.ceil(decade))];
      }
    }
  }
}
