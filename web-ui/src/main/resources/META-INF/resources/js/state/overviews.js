/**
 * Keeps the overviews of the runs that a list shows: asked for together, again when a run has changed, and never so often that the service or
 * the page has nothing else to do.
 *
 * Events: 'change' (detail: ids with a new overview), 'gone' (detail: ids that the service does not have any more).
 */
import * as defaultApi from '../net/api.js';
import { batches } from './overview.js';

/** Runs that change are asked for again after this pause at the earliest. */
const PAUSE_MS = 3000;
/** ... or after so many times what the last answer took. */
const PATIENCE = 10;

export class Overviews extends EventTarget {
  /** @type {Map<string, import('./overview.js').Overview>} */
  #known = new Map();
  /** @type {Set<string>} */
  #wanted = new Set();
  #abort = new AbortController();
  /** @type {any} */
  #timer = null;
  #asking = false;
  #notBefore = 0;

  /** @param {{api?: {getOverviews: typeof defaultApi.getOverviews}, now?: () => number}} [environment] */
  constructor({ api = defaultApi, now = () => performance.now() } = {}) {
    super();
    this.api = api;
    this.now = now;
  }

  /** @param {string} id @returns {import('./overview.js').Overview | null} */
  of(id) {
    return this.#known.get(id) ?? null;
  }

  /** Asks for these, soon; for those never asked for at once. @param {string[]} ids */
  want(ids) {
    if (ids.length === 0) return;
    const unknown = ids.some((id) => !this.#known.has(id) && !this.#wanted.has(id));
    for (const id of ids) this.#wanted.add(id);
    this.#schedule(unknown ? 0 : Math.max(0, this.#notBefore - this.now()));
  }

  /** Forgets a run. @param {string} id */
  forget(id) {
    this.#known.delete(id);
    this.#wanted.delete(id);
  }

  dispose() {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  #schedule(pause) {
    if (this.#asking || this.#abort.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), pause);
  }

  async #ask() {
    this.#asking = true;
    const ids = [...this.#wanted];
    this.#wanted.clear();
    const start = this.now();
    try {
      for (const batch of batches(ids)) this.#take(batch, await this.api.getOverviews(batch, this.#abort.signal));
    } catch {
      // the list is of use without them: they are asked for again with the next change
    }
    this.#asking = false;
    this.#notBefore = this.now() + Math.max(PAUSE_MS, PATIENCE * (this.now() - start));
    if (this.#wanted.size > 0) this.#schedule([...this.#wanted].some((id) => !this.#known.has(id)) ? 0 : this.#notBefore - this.now());
  }

  #take(asked, items) {
    if (this.#abort.signal.aborted) return;
    for (const item of items) this.#known.set(item.id, item);
    const found = new Set(items.map((item) => item.id));
    const gone = asked.filter((id) => !found.has(id));
    gone.forEach((id) => this.#known.delete(id));
    this.dispatchEvent(new CustomEvent('change', { detail: [...found] }));
    if (gone.length > 0) this.dispatchEvent(new CustomEvent('gone', { detail: gone }));
  }
}
