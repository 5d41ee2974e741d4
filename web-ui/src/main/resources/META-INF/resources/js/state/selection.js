/** Rows that are chosen in a list, in the order in which they were. Event 'change'. */
export class Selection extends EventTarget {
  /** @type {Set<string>} */
  #ids = new Set();
  /** Where a range begins. @type {string | null} */
  #anchor = null;

  get ids() {
    return [...this.#ids];
  }

  get size() {
    return this.#ids.size;
  }

  /** @param {string} id */
  has(id) {
    return this.#ids.has(id);
  }

  /** One row. @param {string} id @param {boolean} chosen */
  set(id, chosen) {
    this.#anchor = id;
    this.#put([id], chosen);
  }

  /** All rows from the one that was changed last to this one. @param {string} id @param {boolean} chosen @param {string[]} order of all rows */
  extend(id, chosen, order) {
    this.#put(between(order, this.#anchor ?? id, id), chosen);
    this.#anchor = id;
  }

  /** @param {string[]} ids @param {boolean} chosen */
  all(ids, chosen) {
    this.#put(ids, chosen);
  }

  /** Rows that there are no more. Where a range begins stays, unless it was one of them. @param {string[]} ids */
  drop(ids) {
    if (this.#anchor !== null && ids.includes(this.#anchor)) this.#anchor = null;
    this.#put(ids, false);
  }

  clear() {
    this.#anchor = null;
    this.#put(this.ids, false);
  }

  #put(ids, chosen) {
    const before = this.#ids.size;
    for (const id of ids) {
      if (chosen) this.#ids.add(id);
      else this.#ids.delete(id);
    }
    if (this.#ids.size !== before) this.dispatchEvent(new Event('change'));
  }
}

/** The part of a list between two of its members, both included; the last one alone where one is not in it. @param {string[]} order @param {string} from @param {string} to */
export function between(order, from, to) {
  const [a, b] = [order.indexOf(from), order.indexOf(to)];
  if (a < 0 || b < 0) return [to];
  return order.slice(Math.min(a, b), Math.max(a, b) + 1);
}

/** Whether none, some or all of the rows are chosen. @param {string[]} shown @param {{has: (id: string) => boolean}} selection @returns {'none' | 'some' | 'all'} */
export function howMany(shown, selection) {
  const chosen = shown.filter((id) => selection.has(id)).length;
  return chosen === 0 ? 'none' : chosen === shown.length ? 'all' : 'some';
}
