/**
 * The iteration that somebody points at. All charts over iterations show it, whichever of them is pointed at.
 *
 * Event: 'change' (detail: who pointed; a chart need not answer itself).
 */
export class Cursor extends EventTarget {
  /** @type {number | null} */
  #iteration = null;

  get iteration() {
    return this.#iteration;
  }

  /** @param {number | null} iteration null: nobody points any more @param {unknown} [source] */
  set(iteration, source = null) {
    if (iteration === this.#iteration) return;
    this.#iteration = iteration;
    this.dispatchEvent(new CustomEvent('change', { detail: source }));
  }

  /** One step for the keyboard: from the middle of what is shown when nobody points yet. @param {number} step iterations, negative: back @param {{from: number, to: number}} shown `to` exclusive */
  move(step, { from, to }) {
    const start = this.#iteration ?? Math.floor((from + to) / 2);
    this.set(Math.max(from, Math.min(to - 1, start + step)));
  }
}

/** There is one pointer, so there is one cursor. */
export const cursor = new Cursor();
