/**
 * Exact series of a few metrics of one layer, as history has them: of the whole run or of a range. While the run goes on they are asked for again
 * when it has grown enough to show, never more often than every few seconds, and only while somebody looks (`want` is called).
 *
 * @typedef {{metrics: string[], layer: number | null, range: {from: number, to: number} | null, buckets: number}} Wanted
 */
import * as defaultApi from '../net/api.js';

const AGAIN_MS = 3000;
const RETRY_MS = 10_000;
/** Growth that shows: this share of what is there. */
const GROWTH = 1 / 200;

export class ExactSeries {
  /** The newest answer of `GET …/series` for what is wanted; null: not there yet. @type {any} */
  answer = null;
  /** @type {Error | null} */
  problem = null;
  /** What the answer, or the one under way, is for: metrics and layer; and the range. */
  #subject = '';
  #stretch = '';
  #attempt = -1;
  #end = 0;
  #busy = false;
  #notBefore = 0;
  /** @type {any} */
  #timer = null;
  #abort = new AbortController();

  /** @param {import('./run-model.js').RunModel} model @param {{onChange: () => void, api?: typeof defaultApi, now?: () => number}} more */
  constructor(model, { onChange, api = defaultApi, now = () => performance.now() }) {
    this.model = model;
    this.onChange = onChange;
    this.api = api;
    this.now = now;
  }

  /** Says what is looked at now; asks for it if it is not there. @param {Wanted} wanted */
  want(wanted) {
    const end = this.model.iteration + 1;
    if (end <= 0) return;
    const subject = JSON.stringify([wanted.metrics, wanted.layer]);
    const stretch = JSON.stringify([wanted.range, wanted.buckets]);
    const other = subject !== this.#subject;
    if (other) this.answer = null;
    if (other || stretch !== this.#stretch || this.model.attempt !== this.#attempt || end < this.#end) {
      this.#subject = subject;
      this.#stretch = stretch;
      this.#attempt = this.model.attempt;
      return this.#load(wanted, end);
    }
    const grown = wanted.range === null && end - this.#end >= Math.max(1, this.#end * GROWTH);
    if (this.#busy || (!grown && this.problem === null)) return;
    const wait = this.#notBefore - this.now();
    if (wait <= 0) this.#load(wanted, end);
    else this.#timer ??= setTimeout(() => ((this.#timer = null), this.onChange()), wait);
  }

  /** The buckets of a metric; null: not there. @param {string} metric @returns {any[] | null} */
  buckets(metric) {
    return this.answer?.series.find((one) => one.metric === metric)?.buckets ?? null;
  }

  /** Nothing is looked at any more. */
  forget() {
    this.#abort.abort();
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#busy = false;
    this.#subject = this.#stretch = '';
    this.answer = this.problem = null;
  }

  dispose() {
    this.forget();
  }

  #load({ metrics, layer, range, buckets }, end) {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#busy = true;
    this.#end = end;
    this.api.getSeries(this.model.id, { metric: metrics.join(','), ...(layer === null ? {} : { layer }), from: range?.from ?? 0, to: range?.to ?? end, buckets }, signal).then(
      (answer) => {
        if (signal.aborted) return;
        this.answer = answer;
        this.problem = null;
        this.#notBefore = this.now() + AGAIN_MS;
      },
      (error) => {
        if (signal.aborted) return;
        this.problem = error;
        this.#notBefore = this.now() + RETRY_MS;
      },
    ).then(() => {
      if (signal.aborted) return;
      this.#busy = false;
      this.onChange();
    });
  }
}
