/**
 * One value by layer and iteration, in at most `capacity` columns of equal width (a power of two), merged pairwise when the run outgrows them:
 * the heat map's store, and that of the gradient-flow windows. Mean, minimum and maximum are over the finite values of a cell; NaN and
 * infinities are counted. Cells lie column by column: cell = column · rows + row.
 */
export class LayerGrid {
  /** Grows with every change: what was computed from the grid holds while it stays. */
  version = 0;
  /** @type {{version: number, limit: number, windows: {from: number, to: number, values: Float64Array}[]}} */
  #windows = { version: -1, limit: 0, windows: [] };

  /** @param {number} rows @param {number} [capacity] an even number @param {{origin?: number, width?: number}} [more] `origin`: first iteration of the first column; `width` of a column */
  constructor(rows, capacity = 600, { origin = 0, width = 1 } = {}) {
    this.rows = rows;
    this.capacity = capacity;
    this.origin = origin;
    this.width = width;
    /** Columns in use: one more than the last column that holds something. */
    this.length = 0;
    const cells = rows * capacity;
    this.finite = new Float32Array(cells);
    this.sum = new Float64Array(cells);
    this.min = new Float64Array(cells).fill(Infinity);
    this.max = new Float64Array(cells).fill(-Infinity);
    this.nan = new Float32Array(cells);
    this.inf = new Float32Array(cells);
  }

  /** The cells of a heat map of the HTTP API as they are. @param {import('../net/protocol.js').HeatmapFrame} frame */
  static of(frame) {
    const { rows, columns, from, width } = frame.header;
    const grid = new LayerGrid(rows, Math.max(2, columns + (columns % 2)), { origin: from, width: Math.max(1, width) });
    grid.addHeatmap(frame);
    return grid;
  }

  /**
   * Adds one iteration's values, one a layer. NaN means not measured, unless `nan` says that it was measured as NaN.
   *
   * @param {number} iteration
   * @param {ArrayLike<number>} values
   * @param {{nan?: ArrayLike<number> | null, count?: number, min?: ArrayLike<number> | null, max?: ArrayLike<number> | null}} [more]
   */
  add(iteration, values, { nan = null, count = 1, min = null, max = null } = {}) {
    const start = this.#column(iteration) * this.rows;
    for (let row = 0; row < this.rows; row++) {
      const value = values[row];
      const cell = start + row;
      if (nan !== null && nan[row] > 0) {
        // a conflated point can end well and still have gone through NaN
        const broken = Number.isFinite(value) ? 1 : count;
        this.nan[cell] += broken;
        if (count > broken) this.#addFinite(cell, count - broken, value * (count - broken), pick(min, row, value), pick(max, row, value));
      } else if (Number.isNaN(value)) continue;
      else if (!Number.isFinite(value)) this.inf[cell] += count;
      else this.#addFinite(cell, count, value * count, pick(min, row, value), pick(max, row, value));
    }
  }

  /**
   * Adds the cells of a heat map of the HTTP API. Its columns have another width than ours: each is spread over the columns that it overlaps, in
   * proportion, and brings its extremes to all of them.
   *
   * @param {import('../net/protocol.js').HeatmapFrame} frame
   * @param {number} [before] only columns that begin before this iteration
   */
  addHeatmap({ header, blocks }, before = Infinity) {
    const block = (name) => /** @type {any} */ (blocks.get(name)).data;
    const [starts, mean, min, max, nan, inf, count] = ['starts', 'mean', 'min', 'max', 'nan', 'inf', 'count'].map(block);
    const rows = Math.min(this.rows, header.rows);
    const end = Math.min(header.to, before);
    if (header.columns > 0 && end > starts[0]) this.#column(Math.min(end, starts[header.columns - 1] + header.width) - 1);
    for (let column = 0; column < header.columns; column++) {
      const from = starts[column];
      if (from >= end) break;
      const to = Math.max(from + 1, Math.min(end, from + header.width));
      for (let own = Math.floor((from - this.origin) / this.width); this.origin + own * this.width < to; own++) {
        const start = this.origin + own * this.width;
        const share = (Math.min(to, start + this.width) - Math.max(from, start)) / (to - from);
        for (let row = 0; row < rows; row++) {
          const source = row * header.columns + column;
          const cell = own * this.rows + row;
          if (!(count[source] > 0)) continue;
          this.nan[cell] += (nan[source] || 0) * share;
          this.inf[cell] += (inf[source] || 0) * share;
          const finite = (count[source] - (nan[source] || 0) - (inf[source] || 0)) * share;
          if (finite > 0 && Number.isFinite(mean[source])) this.#addFinite(cell, finite, mean[source] * finite, min[source], max[source]);
        }
      }
    }
  }

  /** Forgets everything from an iteration on (to the column). @param {number} iteration */
  truncate(iteration) {
    const first = Math.max(0, Math.floor((iteration - this.origin) / this.width));
    if (first >= this.length) return;
    this.version++;
    this.#clear(first * this.rows, this.length * this.rows);
    this.length = first;
  }

  /** Mean of a cell; NaN without finite values. @param {number} column @param {number} row */
  mean(column, row) {
    const cell = column * this.rows + row;
    return this.finite[cell] === 0 ? NaN : this.sum[cell] / this.finite[cell];
  }

  /** The first iteration (to the column) with NaN or infinities in any layer; -1: none. */
  firstBroken() {
    for (let cell = 0; cell < this.length * this.rows; cell++) {
      if (this.nan[cell] + this.inf[cell] > 0) return this.origin + Math.floor(cell / this.rows) * this.width;
    }
    return -1;
  }

  /** Everything known of a cell, for a tooltip; null where nothing was measured. @param {number} column @param {number} row */
  cell(column, row) {
    if (column < 0 || column >= this.length || row < 0 || row >= this.rows) return null;
    const cell = column * this.rows + row;
    const finite = this.finite[cell];
    if (finite + this.nan[cell] + this.inf[cell] === 0) return null;
    return {
      from: this.origin + column * this.width,
      to: this.origin + (column + 1) * this.width,
      mean: this.mean(column, row),
      min: finite > 0 ? this.min[cell] : NaN,
      max: finite > 0 ? this.max[cell] : NaN,
      nan: Math.ceil(this.nan[cell]),
      inf: Math.ceil(this.inf[cell]),
    };
  }

  /**
   * The mean of every layer over a stretch of columns: NaN where nothing finite was measured, or where NaN or infinities were.
   *
   * @param {number} from
   * @param {number} to exclusive
   */
  profile(from, to) {
    const values = new Float64Array(this.rows).fill(NaN);
    for (let row = 0; row < this.rows; row++) {
      let sum = 0;
      let count = 0;
      let odd = 0;
      for (let cell = from * this.rows + row; cell < to * this.rows; cell += this.rows) {
        sum += this.sum[cell];
        count += this.finite[cell];
        odd += this.nan[cell] + this.inf[cell];
      }
      if (count > 0 && odd === 0) values[row] = sum / count;
    }
    return values;
  }

  /**
   * At most `limit` profiles that together cover all that is kept, oldest first, of equal width: the lines of the gradient-flow figure. The
   * same array until the grid changes.
   *
   * @param {number} limit
   */
  windows(limit) {
    const { version } = this;
    if (this.#windows.version !== version || this.#windows.limit !== limit) this.#windows = { version, limit, windows: this.#computeWindows(limit) };
    return this.#windows.windows;
  }

  #computeWindows(limit) {
    let step = 1;
    while (this.length / step > limit) step *= 2;
    const windows = [];
    for (let from = 0; from < this.length; from += step) {
      const to = Math.min(this.length, from + step);
      const values = this.profile(from, to);
      if (values.some((value) => !Number.isNaN(value))) windows.push({ from: this.origin + from * this.width, to: this.origin + to * this.width, values });
    }
    return windows;
  }

  #column(iteration) {
    while (iteration - this.origin >= this.width * this.capacity) this.#double();
    const column = Math.floor((iteration - this.origin) / this.width);
    this.version++;
    if (column >= this.length) this.length = column + 1;
    return column;
  }

  #addFinite(cell, count, sum, min, max) {
    this.finite[cell] += count;
    this.sum[cell] += sum;
    if (min < this.min[cell]) this.min[cell] = min;
    if (max > this.max[cell]) this.max[cell] = max;
  }

  #double() {
    const { rows } = this;
    const half = Math.ceil(this.length / 2);
    for (let column = 0; column < half; column++) {
      for (let row = 0; row < rows; row++) {
        const to = column * rows + row;
        const a = 2 * column * rows + row;
        const b = 2 * column + 1 < this.length ? a + rows : -1;
        this.finite[to] = this.finite[a] + (b < 0 ? 0 : this.finite[b]);
        this.sum[to] = this.sum[a] + (b < 0 ? 0 : this.sum[b]);
        this.min[to] = b < 0 ? this.min[a] : Math.min(this.min[a], this.min[b]);
        this.max[to] = b < 0 ? this.max[a] : Math.max(this.max[a], this.max[b]);
        this.nan[to] = this.nan[a] + (b < 0 ? 0 : this.nan[b]);
        this.inf[to] = this.inf[a] + (b < 0 ? 0 : this.inf[b]);
      }
    }
    this.#clear(half * rows, this.length * rows);
    this.length = half;
    this.width *= 2;
  }

  #clear(from, to) {
    for (const array of [this.finite, this.sum, this.nan, this.inf]) array.fill(0, from, to);
    this.min.fill(Infinity, from, to);
    this.max.fill(-Infinity, from, to);
  }
}

function pick(values, row, value) {
  return values === null || Number.isNaN(values[row]) ? value : values[row];
}
