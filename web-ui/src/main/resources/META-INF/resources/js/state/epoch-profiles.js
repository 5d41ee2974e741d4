/**
 * Mean of a metric over each epoch, by layer: what the paper's figures draw. An epoch is `iterationsPerEpoch` iterations, so the heat map of the
 * HTTP API with one column an epoch has the exact means; ended epochs are asked for once, the running one every few seconds while somebody looks.
 *
 * @typedef {{epoch: number, from: number, to: number, complete: boolean, values: Float64Array}} EpochProfile
 */
import * as defaultApi from '../net/api.js';
import { LayerGrid } from './grid.js';

const METRIC = 'gradient.mean_abs';
/** Epochs in one request. */
const MOST = 1000;
/** The running epoch is not asked for more often. */
const RUNNING_MS = 4000;
const RETRY_MS = 10_000;

/** Ended epochs, and the iterations of the running one. @param {number} iteration the newest one; -1: none @param {number} perEpoch */
export function epochsOf(iteration, perEpoch) {
  if (!(perEpoch > 0)) return { ended: 0, running: 0 };
  const ended = Math.floor((iteration + 1) / perEpoch);
  return { ended, running: iteration + 1 - ended * perEpoch };
}

export class EpochProfiles {
  /** @type {EpochProfile[]} */
  #known = [];
  #attempt = 0;
  #busy = false;
  /** Nothing is asked for before; the running epoch not before the other. */
  #retryAt = 0;
  #runningAt = 0;
  /** @type {any} */
  #timer = null;
  #abort = new AbortController();
  /** Why the newest request did not work; null: it did. @type {Error | null} */
  problem = null;

  /**
   * @param {import('./run-model.js').RunModel} model
   * @param {{onChange: () => void, api?: typeof defaultApi, now?: () => number}} more
   */
  constructor(model, { onChange, api = defaultApi, now = () => performance.now() }) {
    this.model = model;
    this.onChange = onChange;
    this.api = api;
    this.now = now;
  }

  get perEpoch() {
    return this.model.run?.iterationsPerEpoch ?? 0;
  }

  /** Whether something is asked for and not yet there. */
  get loading() {
    return this.#busy;
  }

  /** All epochs up to the newest iteration, without those that have not come yet; the last one may still run. @returns {EpochProfile[]} */
  get profiles() {
    const { ended, running } = epochsOf(this.model.iteration, this.perEpoch);
    return this.#known.slice(0, ended + (running > 0 ? 1 : 0)).filter((one) => one !== undefined && one.to <= this.model.iteration + 1);
  }

  /** Asks for what is missing, one request at a time. */
  refresh() {
    this.#forgetReplaced();
    if (this.#busy) return;
    const wanted = this.#wanted();
    if (wanted === null) return;
    const wait = Math.max(this.#retryAt, wanted.to % this.perEpoch === 0 ? 0 : this.#runningAt) - this.now();
    if (wait <= 0) this.#load(wanted);
    // a run that has ended brings no more points that would remind of it
    else this.#timer ??= setTimeout(() => ((this.#timer = null), this.refresh()), wait);
  }

  dispose() {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  /** @returns {{from: number, to: number, columns: number} | null} */
  #wanted() {
    const { perEpoch } = this;
    const { ended, running } = epochsOf(this.model.iteration, perEpoch);
    let first = 0;
    while (first < ended && this.#known[first]?.complete) first++;
    if (first < ended) {
      const columns = Math.min(MOST, ended - first);
      return { from: first * perEpoch, to: (first + columns) * perEpoch, columns };
    }
    const end = ended * perEpoch + running;
    return running === 0 || this.#known[ended]?.to === end ? null : { from: ended * perEpoch, to: end, columns: 1 };
  }

  #load(wanted) {
    const { attempt } = this.model;
    this.#busy = true;
    const { signal } = this.#abort;
    this.api.getHeatmap(this.model.id, { metric: METRIC, ...wanted }, signal).then(
      (frame) => {
        if (attempt === this.#attempt) this.#take(frame);
        this.problem = null;
        if (wanted.to % this.perEpoch !== 0) this.#runningAt = this.now() + RUNNING_MS;
      },
      (error) => {
        this.problem = error;
        this.#retryAt = this.now() + RETRY_MS;
      },
    ).then(() => {
      this.#busy = false;
      if (signal.aborted) return;
      this.onChange();
      this.refresh();
    });
  }

  #take(frame) {
    const { perEpoch } = this;
    const grid = LayerGrid.of(frame);
    for (let column = 0; column < frame.header.columns; column++) {
      const from = frame.header.from + column * frame.header.width;
      const epoch = Math.floor(from / perEpoch);
      const to = Math.min(frame.header.to, (epoch + 1) * perEpoch);
      this.#known[epoch] = { epoch, from, to, complete: to === (epoch + 1) * perEpoch, values: grid.profile(column, column + 1) };
    }
  }

  /** A new attempt has replaced everything from its first iteration on. */
  #forgetReplaced() {
    const { attempt, resumed } = this.model;
    if (attempt === this.#attempt) return;
    const from = resumed.find((one) => one.attempt === attempt)?.iteration ?? 0;
    this.#known.length = Math.min(this.#known.length, Math.floor(from / (this.perEpoch || 1)));
    this.#attempt = attempt;
  }
}
