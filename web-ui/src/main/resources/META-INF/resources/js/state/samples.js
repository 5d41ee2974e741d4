/**
 * What a run samples in some iterations only: kept as it comes, nothing while nothing does. A sample stands where it was made; nothing is made up
 * between two of them.
 */
import { jsonNumber } from '../net/protocol.js';
import { BucketSeries } from './series.js';
import { LayerGrid } from './grid.js';

/** Bits of the block `flags` that say what was sampled, by the first part of a metric's name. */
const FLAGS = { activation: 8, curvature: 16, shattering: 32, resources: 64 };

/** Kept as series. */
export const SAMPLED_SCALARS = [
  'curvature.predicted_change',
  'curvature.actual_change',
  'shattering.correlation',
  'resources.process_cpu',
  'resources.system_cpu',
  'resources.heap_bytes',
  'resources.resident_bytes',
  'resources.native_bytes',
  'resources.gpu',
  'resources.gpu_bytes',
];

/** Kept by layer and iteration. */
export const SAMPLED_GRIDS = ['activation.negative_fraction', 'activation.one_sided_fraction'];

/** Smaller than those of the ordinary metrics: samples are few. */
const CAPACITY = 1024;
const GRID_CAPACITY = 256;

/** @param {string} name of a metric */
const group = (name) => /** @type {keyof typeof FLAGS} */ (name.slice(0, name.indexOf('.')));

/** Whether a point of a frame has a sample. @param {Map<string, any>} blocks @param {number} point @param {keyof typeof FLAGS} what */
export function isSampled(blocks, point, what) {
  return ((blocks.get('flags')?.data[point] ?? 0) & FLAGS[what]) !== 0;
}

/** The metrics to ask history for. @param {any} run as in the API @param {string[]} metrics */
export function sampledOf(run, metrics) {
  return metrics.filter((name) => run?.sampled?.includes(group(name)));
}

export class Samples {
  /** @type {Map<string, BucketSeries>} */
  #series = new Map();
  /** @type {Map<string, LayerGrid>} */
  #grids = new Map();
  /** Newest sample by layer. @type {Map<string, Float32Array>} */
  latest = new Map();

  /** @param {string} name @returns {BucketSeries | null} null: never sampled */
  series(name) {
    return this.#series.get(name) ?? null;
  }

  /** @param {string} name @returns {LayerGrid | null} */
  grid(name) {
    return this.#grids.get(name) ?? null;
  }

  /** Whether there is anything of one of the groups: 'activation', 'curvature', 'shattering', 'resources'. @param {string} wanted */
  has(wanted) {
    return [...this.#series.keys(), ...this.#grids.keys()].some((name) => group(name) === wanted);
  }

  /** Takes a point of a frame. @param {Map<string, any>} blocks @param {number} point @param {number} iteration */
  addPoint(blocks, point, iteration) {
    const flags = blocks.get('flags')?.data[point] ?? 0;
    if (flags < FLAGS.activation) return;
    for (const name of SAMPLED_SCALARS) {
      const value = (flags & FLAGS[group(name)]) === 0 ? undefined : blocks.get(name)?.data[point];
      // of a machine's figures NaN says that there is none of this one
      if (value === undefined || (group(name) === 'resources' && Number.isNaN(value))) continue;
      this.#seriesOf(name).add(iteration, value, { min: blocks.get(`${name}.min`)?.data[point] ?? value, max: blocks.get(`${name}.max`)?.data[point] ?? value });
    }
    for (const name of SAMPLED_GRIDS) {
      const block = (flags & FLAGS.activation) === 0 ? undefined : blocks.get(name);
      if (!block || block.shape.length < 2 || block.shape[1] === 0) continue;
      const rows = block.shape[1];
      const values = block.data.slice(point * rows, (point + 1) * rows);
      this.#gridOf(name, rows).add(iteration, values);
      this.latest.set(name, values);
    }
  }

  /** Adds buckets of `GET …/series` that begin before an iteration. @param {any} answer @param {number} before */
  addSeries(answer, before) {
    for (const { metric, buckets } of answer.series) {
      for (const bucket of buckets) {
        if (bucket.count === 0 || bucket.from >= before) continue;
        this.#seriesOf(metric).addBucket({ ...bucket, min: jsonNumber(bucket.min), max: jsonNumber(bucket.max), mean: jsonNumber(bucket.mean) });
      }
    }
  }

  /** Adds cells of `GET …/heatmap`. @param {import('../net/protocol.js').HeatmapFrame} frame @param {number} before */
  addHeatmap(frame, before) {
    this.#gridOf(frame.header.metric, frame.header.rows).addHeatmap(frame, before);
  }

  /** Forgets everything from an iteration on: a new attempt goes on from there. @param {number} iteration */
  truncate(iteration) {
    for (const series of this.#series.values()) series.truncate(iteration);
    for (const grid of this.#grids.values()) grid.truncate(iteration);
  }

  #seriesOf(name) {
    let series = this.#series.get(name);
    if (!series) this.#series.set(name, (series = new BucketSeries(CAPACITY)));
    return series;
  }

  #gridOf(name, rows) {
    let grid = this.#grids.get(name);
    if (!grid) this.#grids.set(name, (grid = new LayerGrid(rows, GRID_CAPACITY)));
    return grid;
  }
}
