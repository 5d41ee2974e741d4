/** Paints a grid into canvases: cells one pixel each, then enlarged without blurring to the size on the screen. */
import { paintCells } from './heatmap.js';

export class HeatmapImage {
  #cells = document.createElement('canvas');
  #screen = document.createElement('canvas');

  /** @param {import('../state/grid.js').LayerGrid} grid @param {{log: boolean, range: [number, number]}} scale @param {{hold?: boolean, gaps?: boolean}} [more] as paintCells */
  paint(grid, scale, more = {}) {
    const { rows, length } = grid;
    if (rows === 0 || length === 0) return;
    if (this.#cells.width !== length || this.#cells.height !== rows) {
      this.#cells.width = length;
      this.#cells.height = rows;
    }
    const pixels = paintCells(grid, scale, more);
    const data = new ImageData(new Uint8ClampedArray(/** @type {ArrayBuffer} */ (pixels.buffer)), length, rows);
    /** @type {CanvasRenderingContext2D} */ (this.#cells.getContext('2d')).putImageData(data, 0, 0);
  }

  /** The picture in CSS pixels of the given size. @param {number} width @param {number} height */
  at(width, height) {
    const ratio = devicePixelRatio || 1;
    const w = Math.max(1, Math.round(width * ratio));
    const h = Math.max(1, Math.round(height * ratio));
    if (this.#screen.width !== w || this.#screen.height !== h) {
      this.#screen.width = w;
      this.#screen.height = h;
    }
    const context = /** @type {CanvasRenderingContext2D} */ (this.#screen.getContext('2d'));
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, w, h);
    context.drawImage(this.#cells, 0, 0, w, h);
    return this.#screen;
  }
}
