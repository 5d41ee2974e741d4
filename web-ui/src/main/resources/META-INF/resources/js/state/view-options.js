/**
 * How the charts of a page are looked at: the range, the metric of the heat map, scales, smoothing, filters. All of it lives in the address, so
 * that a copied one opens the same view; what is a habit (scales, smoothing) is also remembered for addresses that say nothing.
 *
 * Event: 'change' (detail: names that changed).
 */
import { queryOf, VIEW, withQuery } from '../router.js';

/** What is kept between visits. */
const HABITS = ['scale', 'smooth'];
const KEY = 'gradwatch.view';

/**
 * @typedef {{hash: string}} Place
 * @typedef {{pushState: (state: any, title: string, address: string) => void, replaceState: (state: any, title: string, address: string) => void}} Past
 * @typedef {{getItem: (key: string) => string | null, setItem: (key: string, value: string) => void} | null} Storage
 */
export class ViewOptions extends EventTarget {
  /** @type {Map<string, string>} */
  #values = new Map();

  /** @param {{place: Place, past: Past, storage: () => Storage}} environment `storage` may throw: then nothing is remembered */
  constructor({ place, past, storage }) {
    super();
    this.place = place;
    this.past = past;
    this.storage = storage;
  }

  /** @param {string} name @returns {string | null} */
  get(name) {
    return this.#values.get(name) ?? null;
  }

  /**
   * @param {string} name
   * @param {string | null} value null: as it is by itself
   * @param {{step?: boolean}} [more] `step`: "back" undoes it
   */
  set(name, value, { step = false } = {}) {
    if (this.get(name) === value) return;
    this.#put(name, value);
    if (HABITS.includes(name)) this.#remember();
    const address = withQuery(this.place.hash, { [name]: value });
    if (address !== this.place.hash) this.past[step ? 'pushState' : 'replaceState'](null, '', address);
    this.#tell([name]);
  }

  /** One of several values under a name: `scale=loss:log,cost:linear`. @param {string} name @param {string} key @returns {string | null} */
  of(name, key) {
    return listOf(this.get(name)).get(key) ?? null;
  }

  /** @param {string} name @param {string} key @param {string | null} value */
  setOf(name, key, value) {
    const list = listOf(this.get(name));
    if (value === null) list.delete(key);
    else list.set(key, value);
    this.set(name, list.size === 0 ? null : [...list].map((pair) => pair.join(':')).join(','));
  }

  /** The page shows another address. @param {boolean} fresh another page: where its address says nothing, habits hold and are put into it */
  load(fresh) {
    const query = queryOf(this.place.hash);
    const said = VIEW.some((name) => query.has(name));
    const habits = fresh && !said ? this.#habits() : {};
    const changed = VIEW.filter((name) => {
      const value = query.get(name) || habits[name] || null;
      const other = this.get(name) !== value;
      this.#put(name, value);
      return other;
    });
    if (changed.length > 0) this.#tell(changed);
  }

  /** Puts the habits that hold into the address of a page that has charts. */
  write() {
    const changes = Object.fromEntries(HABITS.map((name) => [name, this.get(name)]).filter(([, value]) => value !== null));
    const address = withQuery(this.place.hash, changes);
    if (address !== this.place.hash) this.past.replaceState(null, '', address);
  }

  #put(name, value) {
    if (value === null) this.#values.delete(name);
    else this.#values.set(name, value);
  }

  #tell(names) {
    this.dispatchEvent(new CustomEvent('change', { detail: names }));
  }

  #remember() {
    try {
      this.storage()?.setItem(KEY, JSON.stringify(Object.fromEntries(HABITS.map((name) => [name, this.get(name)]))));
    } catch {
      // storage is off: the choice holds as long as the address does
    }
  }

  /** @returns {Record<string, string>} */
  #habits() {
    try {
      const kept = JSON.parse(this.storage()?.getItem(KEY) ?? '{}');
      return Object.fromEntries(HABITS.filter((name) => typeof kept?.[name] === 'string').map((name) => [name, kept[name]]));
    } catch {
      return {};
    }
  }
}

/** @param {string | null} text @returns {Map<string, string>} */
function listOf(text) {
  const pairs = (text ?? '').split(',').map((pair) => pair.split(':'));
  return new Map(/** @type {[string, string][]} */ (pairs.filter(([key, value, ...more]) => key && value && more.length === 0)));
}

/** A range as the address has it: first and last iteration. @param {{from: number, to: number} | null} range */
export function rangeText(range) {
  return range === null ? null : `${range.from}-${range.to - 1}`;
}

/** @param {string | null} text @returns {{from: number, to: number} | null} */
export function rangeOf(text) {
  const found = /^(\d{1,12})-(\d{1,12})$/.exec(text ?? '');
  if (found === null || Number(found[1]) > Number(found[2])) return null;
  return { from: Number(found[1]), to: Number(found[2]) + 1 };
}

/** The view of this page; without a browser (in tests of pure modules) one of an empty address. */
export const viewOptions = new ViewOptions(
  typeof location === 'undefined'
    ? { place: { hash: '' }, past: { pushState: () => {}, replaceState: () => {} }, storage: () => null }
    : { place: location, past: history, storage: () => localStorage },
);
