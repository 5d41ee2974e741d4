/**
 * Everything the charts of one run draw, kept in bounded memory. Frames, history and messages go in; charts read the fields.
 */
import { jsonNumber } from '../net/protocol.js';
import { LAYER_METRICS, layerMetric } from './layer-metrics.js';
import { newer } from './commands.js';
import { marksOfRun } from './marks.js';
import { BucketSeries } from './series.js';
import { LayerGrid } from './grid.js';
import { Samples, isSampled } from './samples.js';

/** Scalars that are kept as series; the bits of the block `flags` that say "not measured". */
const SCALARS = { loss: 1, accuracy: 2, learning_rate: 4, iteration_ms: 0, telemetry_ms: 0 };
export const SCALAR_METRICS = Object.keys(SCALARS);

/** Metrics that tell themselves how much of a gradient is not finite. */
const COUNTS = ['gradient.nan', 'gradient.inf'];

/** Metrics by layer that are kept over time from the beginning. */
const KEPT = LAYER_METRICS.filter(({ kept }) => kept);

export class RunModel {
  /** The run as in the API, null until known. @type {any} */
  run = null;
  /** @type {any[]} */
  layers = [];
  /** @type {any[]} */
  batchNorms = [];
  /** @type {Map<number, any>} */
  epochs = new Map();
  /** Commands to its trainer, by id. @type {Map<string, any>} */
  commands = new Map();
  /** @type {any[]} */
  alerts = [];
  /** @type {import('./marks.js').Mark[] | null} */
  markCache = null;
  /** Grows with every change of the points. */
  version = 0;
  /** @type {Record<string, BucketSeries>} */
  scalars = Object.fromEntries(SCALAR_METRICS.map((name) => [name, new BucketSeries()]));
  /** @type {Map<string, LayerGrid>} */
  grids = new Map();
  /** Metrics of which frames bring cells: those that are kept, and those that somebody has chosen. */
  #followed = [...KEPT];
  /** What is measured in some iterations only. */
  samples = new Samples();
  /** What newer attempts have replaced, of the loss. @type {{attempt: number, data: Float64Array}[]} */
  superseded = [];
  /** Newest values by layer. @type {Map<string, Float32Array>} */
  latest = new Map();
  /** Newest measured scalars. @type {Record<string, number>} */
  newest = {};
  /** Of the newest point; -1: none yet. */
  iteration = -1;
  attempt = 0;
  dropped = 0;
  /** Half-life of the smoothed course that was chosen, in iterations; 0: not smoothed; null: by the length of what is shown. @type {number | null} */
  halfLife = null;
  /** When the newest point was made, in ms since 1970 by the trainer's clock; 0: unknown. */
  producedAt = 0;

  /** @param {string} id */
  constructor(id) {
    this.id = id;
  }

  /** Forgets all points, epochs and newest values; what describes the run stays. */
  reset() {
    this.epochs.clear();
    this.commands.clear();
    this.setAlerts([]);
    this.scalars = Object.fromEntries(SCALAR_METRICS.map((name) => [name, new BucketSeries()]));
    this.grids.clear();
    this.samples = new Samples();
    this.latest.clear();
    this.newest = {};
    this.iteration = -1;
    this.attempt = 0;
    this.dropped = 0;
    this.producedAt = 0;
    this.version++;
  }

  /** The answer to a subscription. @param {{run: any, layers: any[], batchNorms: any[]}} message */
  describe({ run, layers, batchNorms }) {
    this.updateRun(run);
    this.layers = layers;
    this.batchNorms = batchNorms;
  }

  /** @param {any} run */
  updateRun(run) {
    this.run = { ...this.run, ...run };
    this.markCache = null;
    this.dropped = Math.max(this.dropped, run.dropped ?? 0);
  }

  /** @param {any} epoch as in the API */
  addEpoch(epoch) {
    this.epochs.set(epoch.epoch, epoch);
  }

  /** @param {any} command as in the API */
  addCommand(command) {
    if (newer(this.commands.get(command.id), command)) this.commands.set(command.id, command);
    this.markCache = null;
  }

  /** Alerts of the run, each in its newest state. @param {any[]} alerts as in the API */
  setAlerts(alerts) {
    this.alerts = alerts;
    this.markCache = null;
  }

  /** What the charts mark on their axes of iterations; the same array until something happens. */
  get marks() {
    this.markCache ??= marksOfRun({ commands: this.commands.values(), alerts: this.alerts, resumed: this.resumed });
    return this.markCache;
  }

  /** Adds the points of a live or catch-up frame. @param {import('../net/protocol.js').PointsFrame} frame */
  addFrame({ header, blocks }) {
    const iterations = /** @type {any} */ (blocks.get('iteration')).data;
    if (header.points === 0) return;
    if (header.attempt < this.attempt) return; // a straggler: what counts of its attempt has been sent before
    if (header.attempt > this.attempt) this.#startAttempt(header.attempt, header.iterationFrom ?? iterations[0]);
    const counts = header.conflated ? blocks.get('count')?.data : undefined;
    for (let point = 0; point < header.points; point++) {
      this.#addScalars(blocks, point, iterations[point], counts?.[point] ?? 1);
      this.#addLayers(blocks, point, iterations[point], counts?.[point] ?? 1);
      this.samples.addPoint(blocks, point, iterations[point]);
    }
    const last = header.points - 1;
    for (const [name, block] of blocks) {
      if (block.shape.length === 2 && block.dtype === 'f32') {
        const rows = block.shape[1];
        this.latest.set(name, /** @type {any} */ (block.data.slice(last * rows, (last + 1) * rows)));
      }
    }
    this.iteration = Math.max(this.iteration, iterations[last]);
    const epoch = blocks.get('epoch')?.data[last];
    if (epoch !== undefined && this.run !== null) this.run.epoch = epoch;
    this.dropped = Math.max(this.dropped, header.dropped ?? 0);
    this.producedAt = Math.max(this.producedAt, header.producedAt ?? 0);
    this.version++;
  }

  /** Adds older points of `GET …/series`. @param {any} answer @param {number} [before] only buckets that begin before this iteration */
  addSeries(answer, before = Infinity) {
    this.version++;
    for (const { metric, buckets } of answer.series) {
      const series = this.scalars[metric];
      if (!series) continue;
      for (const bucket of buckets) {
        if (bucket.from >= before) continue;
        series.addBucket({ ...bucket, min: jsonNumber(bucket.min), max: jsonNumber(bucket.max), mean: jsonNumber(bucket.mean) });
      }
    }
  }

  /** Adds older cells of `GET …/heatmap`. @param {import('../net/protocol.js').HeatmapFrame} frame @param {number} [before] */
  addHeatmap(frame, before = Infinity) {
    this.version++;
    this.#grid(frame.header.metric, frame.header.rows).addHeatmap(frame, before);
  }

  /** Takes the answer to `GET …/superseded` for the loss. @param {any[]} items */
  setSuperseded(items) {
    this.version++;
    this.superseded = items.map(({ attempt, buckets }) => ({ attempt, data: Float64Array.from(buckets.flatMap((bucket) => [(bucket.from + bucket.to - 1) / 2, jsonNumber(bucket.mean) ?? NaN])) }));
  }

  /** First iterations of the attempts after the first one, as far as they are known to the service. @returns {{attempt: number, iteration: number}[]} */
  get resumed() {
    return (this.run?.attempts ?? []).slice(1).map((one) => ({ attempt: one.attempt, iteration: one.firstIteration }));
  }

  /** The store of a metric by layer, or null while nothing of it was seen. @param {string} metric @returns {LayerGrid | null} */
  grid(metric) {
    return this.grids.get(metric) ?? this.samples.grid(metric);
  }

  /**
   * From now on the cells of a metric are kept, too. Answers the first iteration that frames will bring: what is before it is for history to tell.
   * 0: all of it was kept before.
   *
   * @param {string} name
   */
  follow(name) {
    if (this.#followed.some((one) => one.name === name) || this.samples.grid(name) !== null) return 0;
    this.#followed.push(layerMetric(name));
    return this.iteration + 1;
  }

  /** Mean time of the newest iterations in ms; NaN when unknown. */
  get iterationMs() {
    return this.scalars.iteration_ms.recentMean(20);
  }

  #startAttempt(attempt, iteration) {
    this.attempt = attempt;
    if (this.iteration < 0) return;
    for (const series of Object.values(this.scalars)) series.truncate(iteration);
    for (const grid of this.grids.values()) grid.truncate(iteration);
    this.samples.truncate(iteration);
    for (const [key, epoch] of this.epochs) if (epoch.attempt < attempt && epoch.iteration >= iteration) this.epochs.delete(key);
    this.iteration = iteration - 1;
  }

  #addScalars(blocks, point, iteration, count) {
    const flags = blocks.get('flags')?.data[point] ?? 0;
    for (const name of SCALAR_METRICS) {
      const block = blocks.get(name);
      if (!block || (flags & SCALARS[name]) !== 0) continue;
      const value = block.data[point];
      if (SCALARS[name] === 0 && Number.isNaN(value)) continue;
      const min = blocks.get(`${name}.min`)?.data[point] ?? value;
      const max = blocks.get(`${name}.max`)?.data[point] ?? value;
      this.scalars[name].add(iteration, value, { count, min, max });
      this.newest[name] = value;
    }
  }

  #addLayers(blocks, point, iteration, count) {
    for (const { name, bn, sampled } of this.#followed) {
      const block = blocks.get(name);
      if (!block || block.shape.length < 2 || block.shape[1] === 0 || (sampled && !isSampled(blocks, point, sampled))) continue;
      const row = (one) => one?.data.subarray(point * one.shape[1], (point + 1) * one.shape[1]) ?? null;
      const nan = bn || !name.startsWith('gradient.') || COUNTS.includes(name) ? null : row(blocks.get('gradient.nan'));
      this.#grid(name, block.shape[1]).add(iteration, row(block), {
        nan,
        count,
        min: row(blocks.get(`${name}.min`)),
        max: row(blocks.get(`${name}.max`)),
      });
    }
  }

  #grid(metric, rows) {
    let grid = this.grids.get(metric);
    if (!grid) {
      grid = new LayerGrid(rows);
      this.grids.set(metric, grid);
    }
    return grid;
  }
}
