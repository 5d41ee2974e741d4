/**
 * One value by iteration, in at most `capacity` buckets of equal width (a power of two). When the run outgrows them, neighbours are merged and
 * the width doubles: memory is bounded, and the smallest and largest value of every stretch are kept for ever. NaN and infinities are counted,
 * never turned into numbers. Values may come in any order.
 */
export class BucketSeries {
  /** @param {number} [capacity] an even number */
  constructor(capacity = 4096) {
    this.capacity = capacity;
    this.width = 1;
    /** Buckets in use: one more than the last bucket that holds something. */
    this.length = 0;
    this.finite = new Float64Array(capacity);
    this.sum = new Float64Array(capacity);
    this.min = new Float64Array(capacity).fill(Infinity);
    this.max = new Float64Array(capacity).fill(-Infinity);
    this.nan = new Float64Array(capacity);
    this.inf = new Float64Array(capacity);
  }

  /**
   * @param {number} iteration
   * @param {number} value NaN and infinities are measured values here: leave out what was not measured
   * @param {{count?: number, min?: number, max?: number}} [conflated] what the value stands for, when for several iterations
   */
  add(iteration, value, { count = 1, min = value, max = value } = {}) {
    const i = this.#bucketOf(iteration);
    if (Number.isNaN(value)) this.nan[i] += count;
    else if (!Number.isFinite(value)) this.inf[i] += count;
    else this.#addFinite(i, count, value * count, min, max);
  }

  /** Adds a bucket of the HTTP API, numbers already read. @param {{from: number, count: number, min: number | null, max: number | null, mean: number | null, nan: number, inf: number}} bucket */
  addBucket({ from, count, min, max, mean, nan, inf }) {
    const i = this.#bucketOf(from);
    this.nan[i] += nan;
    this.inf[i] += inf;
    const finite = count - nan - inf;
    if (finite > 0 && mean !== null && min !== null && max !== null) this.#addFinite(i, finite, mean * finite, min, max);
  }

  /** Forgets everything from an iteration on (to the bucket): a new attempt goes on from there. @param {number} iteration */
  truncate(iteration) {
    const first = Math.floor(iteration / this.width);
    for (let i = first; i < this.length; i++) this.#clear(i);
    this.length = Math.min(this.length, first);
  }

  /** Number of buckets that hold something. */
  get points() {
    let points = 0;
    for (let i = 0; i < this.length; i++) if (this.finite[i] + this.nan[i] + this.inf[i] > 0) points++;
    return points;
  }

  /** Number of values that are in it, those that are not finite too. */
  get count() {
    let count = 0;
    for (let i = 0; i < this.length; i++) count += this.finite[i] + this.nan[i] + this.inf[i];
    return count;
  }

  /** The bucket that an iteration lies in. @param {number} iteration @returns {{from: number, to: number}} */
  stretch(iteration) {
    const from = Math.floor(iteration / this.width) * this.width;
    return { from, to: from + this.width };
  }

  /** Mean of the newest `buckets` buckets that hold finite values; NaN without any. @param {number} buckets */
  recentMean(buckets) {
    let sum = 0;
    let count = 0;
    for (let i = this.length - 1; i >= 0 && buckets > 0; i--) {
      if (this.finite[i] === 0) continue;
      sum += this.sum[i];
      count += this.finite[i];
      buckets--;
    }
    return count === 0 ? NaN : sum / count;
  }

  /**
   * What to draw, in at most `limit` steps: typed arrays of [x, y] pairs, one after the other.
   * `band` runs through the minimum and the maximum of each step (through the value where there is one); `smooth` is the mean, smoothed forwards
   * and backwards with the given half-life, so that it does not lag behind, or (`causal`) only forwards, which is what the HTTP API does: the same
   * figures as long as a bucket is one iteration; `broken` holds the iterations of steps with NaN or infinities. A step without finite values breaks the lines.
   *
   * @param {number} limit
   * @param {number} [halfLife] in iterations; 0: not smoothed
   * @param {boolean} [causal]
   */
  view(limit, halfLife = 0, causal = false) {
    const forwards = causal && halfLife > 0 ? this.#smoothed(halfLife) : null;
    const merge = Math.max(1, Math.ceil(this.length / limit));
    const steps = Math.ceil(this.length / merge);
    const band = new Float64Array(steps * 4);
    const smooth = new Float64Array(steps * 2);
    const weights = new Float64Array(steps);
    const broken = [];
    let used = 0;
    let drawn = 0;
    let points = 0;
    let low = Infinity;
    let high = -Infinity;
    for (let step = 0; step < steps; step++) {
      const { finite, sum, min, max, odd } = this.#merged(step * merge, Math.min(this.length, (step + 1) * merge));
      const x = (step * merge + (merge - 1) / 2) * this.width + (this.width - 1) / 2;
      if (odd > 0) broken.push(x);
      if (finite + odd === 0) continue;
      points++;
      if (finite === 0) {
        band[used++] = x;
        band[used++] = NaN;
        smooth[drawn++] = x;
        smooth[drawn++] = NaN;
        continue;
      }
      low = Math.min(low, min);
      high = Math.max(high, max);
      band[used++] = x;
      band[used++] = min;
      if (max !== min) {
        band[used++] = x;
        band[used++] = max;
      }
      weights[drawn >> 1] = halfLife > 0 ? 0.5 ** (finite / halfLife) : 0;
      smooth[drawn++] = x;
      smooth[drawn++] = forwards === null ? sum / finite : meanOf(forwards, step * merge, Math.min(this.length, (step + 1) * merge));
    }
    if (halfLife > 0 && forwards === null) smoothBothWays(smooth.subarray(0, drawn), weights);
    return { band: band.subarray(0, used), smooth: smooth.subarray(0, drawn), broken, points, min: low, max: high };
  }

  /** The exponentially weighted mean up to every bucket; NaN where nothing finite was measured. Its beginning is corrected, as docs/api.md says. @param {number} halfLife */
  #smoothed(halfLife) {
    const result = new Float64Array(this.length).fill(NaN);
    let sum = 0;
    let weight = 0;
    for (let i = 0; i < this.length; i++) {
      if (this.finite[i] === 0) continue;
      const keep = 0.5 ** (this.finite[i] / halfLife);
      sum = keep * sum + (1 - keep) * (this.sum[i] / this.finite[i]);
      weight = keep * weight + (1 - keep);
      result[i] = sum / weight;
    }
    return result;
  }

  #merged(from, to) {
    let finite = 0;
    let sum = 0;
    let min = Infinity;
    let max = -Infinity;
    let odd = 0;
    for (let i = from; i < to; i++) {
      finite += this.finite[i];
      sum += this.sum[i];
      if (this.min[i] < min) min = this.min[i];
      if (this.max[i] > max) max = this.max[i];
      odd += this.nan[i] + this.inf[i];
    }
    return { finite, sum, min, max, odd };
  }

  #bucketOf(iteration) {
    while (iteration >= this.width * this.capacity) this.#double();
    const i = Math.floor(iteration / this.width);
    if (i >= this.length) this.length = i + 1;
    return i;
  }

  #addFinite(i, count, sum, min, max) {
    this.finite[i] += count;
    this.sum[i] += sum;
    if (min < this.min[i]) this.min[i] = min;
    if (max > this.max[i]) this.max[i] = max;
  }

  #double() {
    const half = Math.ceil(this.length / 2);
    for (let i = 0; i < half; i++) {
      const { finite, sum, min, max } = this.#merged(2 * i, Math.min(this.length, 2 * i + 2));
      const nan = this.nan[2 * i] + (2 * i + 1 < this.capacity ? this.nan[2 * i + 1] : 0);
      const inf = this.inf[2 * i] + (2 * i + 1 < this.capacity ? this.inf[2 * i + 1] : 0);
      this.finite[i] = finite;
      this.sum[i] = sum;
      this.min[i] = min;
      this.max[i] = max;
      this.nan[i] = nan;
      this.inf[i] = inf;
    }
    for (let i = half; i < this.length; i++) this.#clear(i);
    this.length = half;
    this.width *= 2;
  }

  #clear(i) {
    this.finite[i] = this.sum[i] = this.nan[i] = this.inf[i] = 0;
    this.min[i] = Infinity;
    this.max[i] = -Infinity;
  }
}

/** Mean of what there is. @param {Float64Array} values @param {number} from @param {number} to exclusive */
function meanOf(values, from, to) {
  let sum = 0;
  let count = 0;
  for (let i = from; i < to; i++) {
    if (Number.isNaN(values[i])) continue;
    sum += values[i];
    count++;
  }
  return count === 0 ? NaN : sum / count;
}

/** Half-life of the smoothed course, in iterations: an eightieth of what is shown, within reason. @param {number} iterations */
export function halfLifeOf(iterations) {
  return Math.max(3, Math.min(60, Math.round(iterations / 80)));
}

/** Exponential smoothing there and back again, in place; breaks stay breaks. @param {Float64Array} pairs @param {Float64Array} keep share of the past, by pair */
function smoothBothWays(pairs, keep) {
  const count = pairs.length / 2;
  for (const forwards of [true, false]) {
    let average = NaN;
    for (let k = 0; k < count; k++) {
      const i = forwards ? k : count - 1 - k;
      const value = pairs[2 * i + 1];
      if (Number.isNaN(value)) continue;
      average = Number.isNaN(average) ? value : keep[i] * average + (1 - keep[i]) * value;
      pairs[2 * i + 1] = average;
    }
  }
}
