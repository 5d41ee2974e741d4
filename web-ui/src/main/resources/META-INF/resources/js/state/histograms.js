/**
 * Histograms of one layer's gradients or weights over the run, as history has them. Ended runs are asked for once; of a run that goes on only what
 * is new, every few seconds while somebody looks (`want` is called).
 *
 * @typedef {'gradient' | 'parameter'} Kind
 * @typedef {{iteration: number, firstBin: number, counts: number[], zeros: number, below: number, above: number, notFinite: number}} Histogram
 */
import * as defaultApi from '../net/api.js';

const PAGE = 500;
/** Samples that are kept at most: a chart has fewer pixels. Of a longer run only one of two, of four ... are kept. */
const MOST = 2000;
const AGAIN_MS = 5000;
const RETRY_MS = 10_000;

export class LayerHistograms {
  /** Lower ends of the bins, and the upper end of the last one. @type {number[]} */
  edges = [];
  /** Whether all there was has come. */
  complete = false;
  /** Of so many samples after one another one is kept. */
  every = 1;
  /** @type {Error | null} */
  problem = null;
  /** @type {Histogram[]} */
  #items = [];
  #subject = '';
  /** Samples that have come, kept or not. */
  #seen = 0;
  #next = 0;
  #askedTo = 0;
  #notBefore = 0;
  #busy = false;
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

  /** Those up to the newest iteration, by iteration. @returns {Histogram[]} */
  get items() {
    return (this.#items.at(-1)?.iteration ?? -1) > this.model.iteration ? this.#items.filter(({ iteration }) => iteration <= this.model.iteration) : this.#items;
  }

  /** Says what is looked at now; asks for it if it is not there. @param {Kind} kind @param {number} layer */
  want(kind, layer) {
    const subject = `${kind} ${layer} ${this.model.attempt}`;
    if (subject !== this.#subject) this.#start(subject);
    const end = this.model.iteration + 1;
    if (this.#busy || end <= 0 || (this.complete && end <= this.#askedTo)) return;
    const wait = this.#notBefore - this.now();
    if (wait <= 0) this.#load(kind, layer, end);
    else this.#timer ??= setTimeout(() => ((this.#timer = null), this.onChange()), wait);
  }

  dispose() {
    this.#abort.abort();
    clearTimeout(this.#timer);
  }

  #start(subject) {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#subject = subject;
    this.#items = [];
    this.#next = this.#askedTo = this.#notBefore = 0;
    this.#seen = 0;
    this.every = 1;
    this.#busy = this.complete = false;
    this.problem = null;
  }

  #load(kind, layer, end) {
    const { signal } = this.#abort;
    this.#busy = true;
    this.api.getHistograms(this.model.id, { kind, layer, from: this.#next, to: Math.max(end, this.#next + 1), limit: PAGE }, signal).then(
      (answer) => {
        if (signal.aborted) return;
        this.edges = answer.edges;
        this.#keep(answer.items);
        this.complete = answer.next === null;
        this.#next = answer.next ?? end;
        this.#askedTo = end;
        this.problem = null;
        this.#notBefore = this.complete ? this.now() + AGAIN_MS : 0;
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

  /** @param {Histogram[]} items the next ones */
  #keep(items) {
    if (items.length === 0) return;
    let kept = [...this.#items];
    for (const item of items) {
      if (this.#seen++ % this.every === 0) kept.push(item);
      else kept.push(telling(/** @type {Histogram} */ (kept.pop()), item));
      if (kept.length <= MOST) continue;
      this.every *= 2;
      kept = kept.filter((_, i) => i % 2 === 0).map((one, i) => telling(one, kept[2 * i + 1] ?? one));
    }
    this.#items = kept;
  }
}

/** Which of two samples is kept: the newer one, unless only the older one has what is not finite. @param {Histogram} older @param {Histogram} newer */
function telling(older, newer) {
  return older.notFinite > 0 && newer.notFinite === 0 ? older : newer;
}
