/** Paints histograms over iterations into a canvas: a column from each sample to the next one, as wide as its iterations. */
import { css } from './palette.js';
import { highestShare } from './histogram.js';

export class HistogramImage {
  #canvas = document.createElement('canvas');
  /** @type {{columns: import('./histogram.js').Column[], bins: [number, number], end: number}} */
  #shown = { columns: [], bins: [0, 1], end: 1 };
  #painted = '';
  #version = 0;

  /** @param {import('./histogram.js').Column[]} columns @param {[number, number]} bins @param {number} end */
  take(columns, bins, end) {
    this.#shown = { columns, bins, end };
    this.#version++;
  }

  /** @param {number} width @param {number} height in CSS pixels */
  at(width, height) {
    const ratio = devicePixelRatio || 1;
    const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
    const key = `${this.#version} ${w} ${h}`;
    if (key !== this.#painted) this.#paint(w, h);
    this.#painted = key;
    return this.#canvas;
  }

  #paint(w, h) {
    const { columns, bins: [low, high], end } = this.#shown;
    this.#canvas.width = w;
    this.#canvas.height = h;
    const context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext('2d'));
    const first = columns[0]?.from ?? 0;
    const scaleX = w / Math.max(1, end - first);
    const scaleY = h / (high - low);
    const most = highestShare(columns) || 1;
    context.fillStyle = css(0);
    context.fillRect(0, 0, w, h);
    for (const { from, to, firstBin, shares } of columns) {
      const left = Math.floor((from - first) * scaleX);
      const width = Math.max(1, Math.ceil((Math.min(to, end) - first) * scaleX) - left);
      shares.forEach((share, i) => {
        if (share === 0) return;
        // square root: a tail of a thousandth is to be seen
        context.fillStyle = css(Math.sqrt(share / most));
        const top = Math.floor(h - (firstBin + i + 1 - low) * scaleY);
        context.fillRect(left, top, width, Math.ceil(h - (firstBin + i - low) * scaleY) - top);
      });
    }
  }
}
