/**
 * The range of iterations that all charts of a run show: none is the whole run. While there is one, exact data of it are asked for, in as many
 * buckets as fit on the screen; until they are there the charts show what they have, cut to the range. New data of the run change nothing.
 *
 * Events: 'change' (another range: detail null; or exact data of it: detail their metrics), 'failed' (detail: the error; the range shows what was there before).
 *
 * @typedef {{from: number, to: number}} Range iterations; `to` is exclusive
 */
import * as defaultApi from '../net/api.js';
import { halfLifeOf } from './series.js';
import { SAMPLED_GRIDS, SAMPLED_SCALARS, sampledOf } from './samples.js';
import { ZoomedModel } from './zoomed-model.js';

/** Fewer iterations than this make no chart. */
export const LEAST = 4;
/** What is drawn by iteration. */
const SCALARS = ['loss', 'accuracy', 'learning_rate', 'iteration_ms', 'telemetry_ms'];
/** By layer, and always on the page. */
const GRIDS = ['gradient.mean_abs', 'update.ratio'];

/**
 * A range in whole iterations within a run of `end` iterations; null when it is (nearly) all of it.
 *
 * @param {number} from
 * @param {number} to
 * @param {number} end
 * @returns {Range | null}
 */
export function clamped(from, to, end) {
  const width = Math.max(LEAST, Math.round(to) - Math.round(from));
  if (width >= end) return null;
  const start = Math.max(0, Math.min(end - width, Math.round(from)));
  return { from: start, to: start + width };
}

/** Closer (factor above 1) or farther, about the middle. @param {Range | null} range @param {number} end @param {number} factor */
export function scaled(range, end, factor) {
  const { from, to } = range ?? { from: 0, to: end };
  const half = (to - from) / factor / 2;
  const middle = (from + to) / 2;
  return clamped(middle - half, middle + half, end);
}

/** Moved by a share of its width; the whole run stays. @param {Range | null} range @param {number} end @param {number} share */
export function moved(range, end, share) {
  if (range === null) return null;
  const step = Math.sign(share) * Math.max(1, Math.round(Math.abs(share) * (range.to - range.from)));
  return clamped(range.from + step, range.to + step, end);
}

export class Zoom extends EventTarget {
  /** @type {ZoomedModel | null} */
  #shown = null;
  #abort = new AbortController();
  #heatmap = GRIDS[0];

  /** @param {import('./run-model.js').RunModel} model @param {{api?: typeof defaultApi, pixels?: () => number}} [more] `pixels`: width of a chart */
  constructor(model, { api = defaultApi, pixels = () => 800 } = {}) {
    super();
    this.model = model;
    this.api = api;
    this.pixels = pixels;
  }

  /** @returns {Range | null} */
  get range() {
    return this.#shown?.range ?? null;
  }

  /** Iterations that the run has. */
  get end() {
    return this.model.iteration + 1;
  }

  /** What the charts draw. @returns {any} a RunModel or a ZoomedModel */
  shown() {
    return this.#shown ?? this.model;
  }

  /** Shows a range; null: all. @param {Range | null} range */
  set(range) {
    if (range?.from === this.range?.from && range?.to === this.range?.to) return;
    this.#show(range);
  }

  /** Shows a range that was pointed at: cut to the run. @param {Range} range */
  choose({ from, to }) {
    this.set(clamped(from, to, this.end));
  }

  reset() {
    this.set(null);
  }

  /** @param {number} factor */
  scale(factor) {
    this.set(scaled(this.range, this.end, factor));
  }

  /** @param {number} share of the width; negative: back */
  move(share) {
    this.set(moved(this.range, this.end, share));
  }

  /** How much the course is smoothed. @param {number | null} halfLife in iterations; 0: not at all; null: by the length of what is shown */
  smooth(halfLife) {
    if (halfLife === this.model.halfLife) return;
    this.model.halfLife = halfLife;
    this.#show(this.range);
  }

  /** The run has another past now: a new attempt took the place of some iterations. */
  refresh() {
    if (this.range !== null) this.#show(clamped(this.range.from, this.range.to, this.end));
  }

  /** The metric of the heat map. @param {string} metric */
  needGrid(metric) {
    this.#heatmap = metric;
    if (this.#shown !== null && !this.#shown.hasGrid(metric)) this.#loadGrid(this.#shown, metric, this.#abort.signal);
  }

  dispose() {
    this.#abort.abort();
  }

  #show(range) {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#shown = range === null ? null : new ZoomedModel(this.model, range, this.model.halfLife ?? halfLifeOf(range.to - range.from));
    if (this.#shown !== null) this.#load(this.#shown, this.#abort.signal);
    this.dispatchEvent(new CustomEvent('change', { detail: null }));
  }

  #load(shown, signal) {
    const { run } = this.model;
    const sampled = sampledOf(run, SAMPLED_SCALARS);
    // the mean of a bucket that is wider than that is smooth enough
    const smoothed = (shown.range.to - shown.range.from) / this.#buckets < shown.halfLife;
    const first = this.#heatmap;
    const scalars = this.#loadSeries(shown, SCALARS, smoothed ? { smoothing: 'ewma', halflife: shown.halfLife } : {}, signal);
    const heatmap = this.#loadGrid(shown, first, signal);
    const rest = () => {
      if (this.#shown !== shown || signal.aborted) return;
      for (const metric of GRIDS) if (metric !== first && !shown.hasGrid(metric)) this.#loadGrid(shown, metric, signal);
      if (sampled.length > 0) this.#loadSeries(shown, sampled, {}, signal);
      for (const metric of sampledOf(run, SAMPLED_GRIDS)) this.#loadGrid(shown, metric, signal);
    };
    // the service has few processors: what is large on the page does not share them with what is small
    Promise.all([scalars, heatmap]).then(rest);
  }

  #loadSeries(shown, metrics, more, signal) {
    const query = { metric: metrics.join(','), buckets: this.#buckets, ...shown.range, ...more };
    return this.#take(shown, this.api.getSeries(this.model.id, query, signal), (answer) => shown.addSeries(answer), metrics);
  }

  get #buckets() {
    return Math.max(300, Math.min(2000, Math.round(this.pixels())));
  }

  #loadGrid(shown, metric, signal) {
    const columns = Math.max(200, Math.min(1000, Math.round(this.pixels())));
    const query = { metric, columns, ...shown.range };
    return this.#take(shown, this.api.getHeatmap(this.model.id, query, signal), (frame) => shown.addHeatmap(frame), [metric]);
  }

  #take(shown, promise, use, metrics) {
    return promise.then(use).then(
      () => this.#shown === shown && this.dispatchEvent(new CustomEvent('change', { detail: metrics })),
      (error) => {
        if (this.#shown === shown) this.dispatchEvent(new CustomEvent('failed', { detail: error }));
      },
    );
  }
}
