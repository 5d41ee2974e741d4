/** The layer that somebody looks at, on all figures of a run; null: none. Event 'change'. */
export class LayerSelection extends EventTarget {
  /** @type {number | null} */
  layer = null;

  /** @param {number | null} layer */
  choose(layer) {
    if (layer === this.layer) return;
    this.layer = layer;
    this.dispatchEvent(new Event('change'));
  }

  clear() {
    this.choose(null);
  }

  /** Chooses it, or gives it back when it is chosen. @param {number} layer */
  toggle(layer) {
    this.choose(layer === this.layer ? null : layer);
  }
}
