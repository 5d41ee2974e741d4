/**
 * A run as the charts see it while they show a range: what is by iteration comes from the exact data of the range, all else from the run's model,
 * which also stands in until those data are there.
 */
import { jsonNumber } from '../net/protocol.js';
import { LayerGrid } from './grid.js';

/** One value by iteration in the buckets of an answer of the HTTP API. It has what the charts read of a BucketSeries. */
export class RangeSeries {
  /** @param {{width: number, buckets: any[]}} series */
  constructor({ width, buckets }) {
    this.width = width;
    this.length = buckets.length;
    this.#buckets = buckets;
  }

  /** @type {any[]} */
  #buckets;

  /** Buckets that hold something. */
  get points() {
    return this.#buckets.filter(({ count }) => count > 0).length;
  }

  /** The bucket that an iteration lies in, or where it would. @param {number} iteration @returns {{from: number, to: number}} */
  stretch(iteration) {
    const bucket = this.#buckets.find(({ from, to }) => iteration >= from && iteration < to);
    return bucket ? { from: bucket.from, to: bucket.to } : { from: iteration, to: iteration + 1 };
  }

  /** As BucketSeries.view, without merging; smoothed by the service where it was asked to. */
  view() {
    const band = new Float64Array(this.length * 4);
    const smooth = new Float64Array(this.length * 2);
    const broken = [];
    let used = 0;
    let drawn = 0;
    let points = 0;
    let low = Infinity;
    let high = -Infinity;
    for (const bucket of this.#buckets) {
      const x = (bucket.from + Math.min(bucket.to, bucket.from + this.width) - 1) / 2;
      const min = jsonNumber(bucket.min);
      const max = jsonNumber(bucket.max);
      if (bucket.nan + bucket.inf > 0) broken.push(x);
      if (bucket.count === 0) continue;
      points++;
      band[used++] = x;
      band[used++] = min ?? NaN;
      if (max !== null && max !== min) {
        band[used++] = x;
        band[used++] = max;
      }
      if (min !== null) low = Math.min(low, min);
      if (max !== null) high = Math.max(high, max);
      smooth[drawn++] = x;
      smooth[drawn++] = jsonNumber(bucket.smoothed?.mean) ?? jsonNumber(bucket.mean) ?? NaN;
    }
    return { band: band.subarray(0, used), smooth: smooth.subarray(0, drawn), broken, points, min: low, max: high };
  }

  /** @param {number} buckets */
  recentMean(buckets) {
    const means = this.#buckets.map(({ mean }) => jsonNumber(mean)).filter((mean) => mean !== null).slice(-buckets);
    return means.length === 0 ? NaN : means.reduce((sum, mean) => sum + mean, 0) / means.length;
  }
}

export class ZoomedModel {
  /** @type {Map<string, LayerGrid>} */
  #grids = new Map();
  /** @type {Map<string, RangeSeries>} */
  #series = new Map();
  /** Grows with every change. */
  version = 0;

  /** @param {import('./run-model.js').RunModel} model @param {import('./zoom.js').Range} range @param {number} halfLife of the smoothed course */
  constructor(model, range, halfLife) {
    this.model = model;
    this.range = range;
    this.halfLife = halfLife;
    this.scalars = { ...model.scalars };
    this.samples = {
      series: (name) => this.#series.get(name) ?? model.samples.series(name),
      grid: (name) => this.#grids.get(name) ?? model.samples.grid(name),
      has: (group) => model.samples.has(group),
      latest: new Map(),
    };
  }

  /** Whether exact data of a metric are there. @param {string} metric */
  isExact(metric) {
    return this.#series.has(metric) || this.#grids.has(metric);
  }

  /** @param {string} metric */
  hasGrid(metric) {
    return this.#grids.has(metric);
  }

  /** @param {any} answer of `GET …/series` */
  addSeries({ width, series }) {
    this.version++;
    for (const { metric, buckets } of series) {
      const line = new RangeSeries({ width, buckets });
      this.#series.set(metric, line);
      if (metric in this.scalars) this.scalars[metric] = /** @type {any} */ (line);
    }
  }

  /** @param {import('../net/protocol.js').HeatmapFrame} frame */
  addHeatmap(frame) {
    this.version++;
    this.#grids.set(frame.header.metric, LayerGrid.of(frame));
  }

  /** @param {string} metric */
  grid(metric) {
    return this.#grids.get(metric) ?? this.model.grid(metric);
  }

  /** The end of the range in place of the newest iteration. */
  get latest() {
    const latest = new Map(this.model.latest);
    for (const [metric, grid] of this.#grids) {
      const last = grid.length > 0 ? grid.profile(grid.length - 1, grid.length) : null;
      if (last !== null) latest.set(metric, Float32Array.from(last));
    }
    return latest;
  }

  get iteration() {
    return this.range.to - 1;
  }

  get id() {
    return this.model.id;
  }

  get run() {
    return this.model.run;
  }

  get layers() {
    return this.model.layers;
  }

  get batchNorms() {
    return this.model.batchNorms;
  }

  get epochs() {
    return this.model.epochs;
  }

  get resumed() {
    return this.model.resumed;
  }

  get marks() {
    return this.model.marks;
  }

  get superseded() {
    return this.model.superseded;
  }

  get newest() {
    return this.model.newest;
  }

  get iterationMs() {
    return this.model.iterationMs;
  }
}
