/**
 * The curves of several runs, from history: validation by epoch, training by iteration. Loaded again while runs go on.
 *
 * Events: 'change' (there are other curves), 'failed' (detail: the error; what was there stays).
 */
import * as defaultApi from '../net/api.js';
import { epochCurve, halfLife, seriesCurve } from './overlay.js';

const BUCKETS = 300;
/** Runs that go on are asked for again after this pause at the earliest, or after so many times what the last answer took. */
const PAUSE_MS = 4000;
const PATIENCE = 10;

export class Curves extends EventTarget {
  #abort = new AbortController();
  /** Of the newest request; older ones come too late. */
  #turn = 0;
  #asking = false;
  #again = false;
  /** @type {any} */
  #timer = null;
  /** @type {Map<string, {items: any[], origin: string | null}>} */
  #epochs = new Map();
  /** @type {Map<string, Record<string, any[]>>} */
  #series = new Map();
  /** What the series are aligned by. @type {import('./overlay.js').Align} */
  #seriesAlign = 'iteration';
  loaded = false;

  /** @param {string[]} ids @param {import('./overlay.js').Align} align @param {{api?: Pick<typeof defaultApi, 'getSeveralSeries' | 'getEpochsWithOrigin'>}} [environment] */
  constructor(ids, align, { api = defaultApi } = {}) {
    super();
    this.ids = ids;
    this.align = align;
    this.api = api;
  }

  /** @param {import('./overlay.js').Align} align */
  alignBy(align) {
    if (align === this.align) return;
    this.align = align;
    this.load();
  }

  /** Loads everything, once there is something. An answer to an older request comes too late. */
  async load() {
    if (this.ids.length === 0 || this.iterations === 0) return;
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#asking = true;
    const begun = Date.now();
    const { align, ids } = this;
    const { signal } = this.#abort;
    try {
      const epochs = await Promise.all(ids.map((id) => this.api.getEpochsWithOrigin(id, signal)));
      const smoothing = align === 'epoch' ? {} : { smoothing: 'ewma', halflife: halfLife(this.iterations) };
      const answer = await this.api.getSeveralSeries({ runs: ids, align, metric: 'loss,accuracy', buckets: BUCKETS, ...smoothing }, signal);
      if (turn !== this.#turn) return;
      ids.forEach((id, i) => this.#epochs.set(id, epochs[i]));
      this.#series = new Map(ids.map((id) => [id, {}]));
      for (const { run, metric, buckets } of answer.series) /** @type {any} */ (this.#series.get(run))[metric] = buckets;
      this.#seriesAlign = align;
      this.loaded = true;
      this.dispatchEvent(new Event('change'));
    } catch (error) {
      if (signal.aborted || turn !== this.#turn) return;
      this.dispatchEvent(new CustomEvent('failed', { detail: error }));
    } finally {
      if (turn === this.#turn) {
        this.#asking = false;
        if (this.#again) this.#later(Math.max(PAUSE_MS, PATIENCE * (Date.now() - begun)));
      }
    }
  }

  /** A run went on. */
  changed() {
    if (this.#asking) this.#again = true;
    else this.#later(PAUSE_MS);
  }

  /** Iterations of the longest run, as far as they are known: the smoothing follows from it. 0: none has begun. */
  iterations = 0;

  /** @param {string} id @param {'validationLoss' | 'validationAccuracy'} field */
  validation(id, field) {
    const epochs = this.#epochs.get(id);
    return epochs ? epochCurve(epochs.items, field, this.#seriesAlign, epochs.origin) : { data: [], broken: [] };
  }

  /** @param {string} id @param {'loss' | 'accuracy'} metric */
  training(id, metric) {
    return seriesCurve(this.#series.get(id)?.[metric] ?? [], this.#seriesAlign);
  }

  /** What is shown is aligned by this; another choice is on its way. */
  get shownAlign() {
    return this.#seriesAlign;
  }

  dispose() {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  #later(pause) {
    this.#again = false;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.load();
    }, pause);
  }
}
