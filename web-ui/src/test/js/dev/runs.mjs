/** Generated runs with the gradient profiles that the paper's networks show: seeded, so that a picture can be made twice. */

const CLASSES = 100;
const BATCHES = 475;

/** log10 of mean |g| by layer: [layer, at the start, later] corners, linear between. */
const PROFILES = {
  vgg38: [[0, -18.05, -18.2], [11, -18.1, -18.1], [12, -14.8, -14.7], [23, -14.1, -13.9], [24, -10.1, -9.95], [25, -9.2, -9.35], [35, -9.1, -9.3], [36, -4.2, -4.3], [37, -3.8, -3.8]],
  'vgg38-bn': [[0, -0.2, -1.8], [5, -0.57, -2.1], [12, -1.07, -2.37], [24, -1.9, -2.5], [34, -2.54, -2.7], [37, -2.45, -2.3]],
  'vgg38-bn-resnet': [[0, -1.43, -2], [1, -1.55, -2.17], [9, -2, -2.45], [11, -1.92, -2.25], [22, -2.44, -2.37], [34, -2.7, -2.5], [36, -2.62, -2.43], [37, -2.28, -1.7]],
  vgg08: [[0, -5.5, -2.6], [1, -5.4, -3.05], [3, -5.36, -3.1], [4, -5.1, -2.82], [6, -4.3, -2.14], [7, -3.77, -1.96]],
};

/** A deterministic source of numbers (mulberry32). @param {number} seed */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A generated run: `point(i)` is its iteration i. */
export class GeneratedRun {
  /**
   * @param {{id: string, preset: string, startedAt: number, state?: string, iterations?: number, planned?: number, batch?: number, synthetic?: boolean,
   *   name?: string, iterationMs?: number, dropped?: number, nanFrom?: number, tags?: string[], reason?: string}} options
   */
  constructor(options) {
    this.options = { state: 'running', iterations: 0, planned: 47500, batch: 16, synthetic: true, name: options.preset, iterationMs: 105, dropped: 0, nanFrom: Infinity, tags: [], reason: '', ...options };
    const { preset } = options;
    this.id = options.id;
    this.depth = preset.startsWith('vgg08') ? 8 : 38;
    this.norms = preset.includes('bn') ? this.depth - 1 : 0;
    this.profile = PROFILES[preset] ?? PROFILES.vgg08;
    this.learns = preset !== 'vgg38';
    this.points = [];
    this.startSeq = 0;
    while (this.points.length < this.options.iterations) this.advance();
  }

  /** Makes the next iteration. */
  advance() {
    this.points.push(this.#point(this.points.length));
  }

  get layers() {
    const blocks = this.depth === 8 ? ['entry', 'stage 1', 'stage 1', 'stage 2', 'stage 2', 'stage 3', 'stage 3', 'head'] : null;
    return Array.from({ length: this.depth }, (_, index) => {
      const block = blocks ? blocks[index] : index === 0 ? 'entry' : index === 37 ? 'head' : `stage ${Math.ceil(index / 12)}`;
      const inStage = (index - 1) % 12;
      const name = index === 0 ? 'entry.conv' : index === this.depth - 1 ? 'head.dense' : this.depth === 8 ? `${block.replace(' ', '')}.reduce.conv${((index - 1) % 2) + 1}` : inStage >= 10 ? `${block.replace(' ', '')}.reduce.conv${inStage - 9}` : `${block.replace(' ', '')}.block${(inStage >> 1) + 1}.conv${(inStage % 2) + 1}`;
      return { index, name, type: index === this.depth - 1 ? 'dense' : 'conv2d', mainPath: true, block, shape: index === this.depth - 1 ? [32, 100] : [32, index === 0 ? 3 : 32, 3, 3] };
    });
  }

  get batchNorms() {
    return Array.from({ length: this.norms }, (_, index) => ({ index, name: this.layers[index].name.replace('conv', 'bn'), layer: index, channels: 32 }));
  }

  /** The run as in the API. @param {number} now */
  json(now) {
    const { options } = this;
    const last = this.points[this.points.length - 1];
    const ended = options.state === 'finished' || options.state === 'failed' || options.state === 'stopped';
    const lastSeen = options.state === 'running' ? now : options.startedAt + this.points.length * options.iterationMs;
    const number = (value) => (Number.isNaN(value) ? 'NaN' : value);
    return {
      id: this.id, name: options.name, preset: options.preset, state: options.state, attempt: 1,
      startedAt: new Date(options.startedAt).toISOString(), endedAt: ended ? new Date(lastSeen).toISOString() : null, lastSeenAt: new Date(lastSeen).toISOString(), reason: options.reason,
      iteration: last ? last.iteration : null, epoch: last ? last.epoch : null, loss: last ? number(last.loss) : null, accuracy: last ? last.accuracy : null, learningRate: 0.001, dropped: options.dropped,
      plannedEpochs: options.planned / BATCHES, plannedIterations: options.planned, iterationsPerEpoch: BATCHES, batchSize: options.batch, seed: 0, classes: CLASSES, parameters: this.depth === 8 ? 63204 : 342564,
      validationLoss: null, validationAccuracy: null, bestValidationAccuracy: null, layers: this.depth, batchNorms: this.norms,
      dataset: options.synthetic ? { name: 'synthetic-100', synthetic: true, sha256: '', train: 47500, validation: 2500, test: 10000 } : { name: 'cifar-100', synthetic: false, sha256: '85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7', train: 47500, validation: 2500, test: 10000 },
      configuration: { lr: '0.001', batch: String(options.batch), init: 'uniform', 'weight-decay': '0', seed: '0', epochs: String(options.planned / BATCHES) }, versions: { java: '17.0.15', deeplearning4j: '1.0.0-M2.1', gradwatch: '0.1.0' }, host: 'workstation', tags: options.tags, sampled: ['histograms'],
      seq: this.startSeq + this.points.length - 1, firingAlerts: this.alert()?.state === 'firing' ? 1 : 0, worstSeverity: this.alert()?.state === 'firing' ? 'critical' : null,
    };
  }

  /** The alert that the rules would raise, or null. */
  alert() {
    if (this.learns || this.points.length < 2) return null;
    const state = this.points.length < 20 ? 'pending' : 'firing';
    const since = new Date(this.options.startedAt + 19 * this.options.iterationMs).toISOString();
    return {
      id: `${this.id}/vanish-floor/0/1`, runId: this.id, attempt: 1, rule: 'vanish-floor', version: 1, severity: 'critical', state, since,
      firstIteration: 0, firedIteration: state === 'firing' ? 19 : null, lastIteration: this.points.length - 1, layers: Array.from({ length: 36 }, (_, i) => i), cutLayer: 35, cutLayerName: this.layers[35].name, decadesLost: 13.7,
      message: '36 of 38 layers receive a gradient below 1e-8, too small for Adam to move a weight', inputs: { share: 0.947 }, thresholds: { floor: 1e-8, share: 0.5 }, partition: 0, firstOffset: 0, lastOffset: this.points.length - 1,
      transitions: [{ transition: 1, state: 'pending', severity: 'critical', since, iteration: 0 }, ...(state === 'firing' ? [{ transition: 2, state: 'firing', severity: 'critical', since, iteration: 19 }] : [])],
    };
  }

  /** Ended epochs as in the API. */
  epochs() {
    return Array.from({ length: Math.floor(this.points.length / BATCHES) }, (_, epoch) => {
      const last = this.points[(epoch + 1) * BATCHES - 1];
      return { epoch, iteration: last.iteration, at: new Date(this.options.startedAt + last.iteration * this.options.iterationMs).toISOString(), trainLoss: last.loss, trainAccuracy: last.accuracy, validationLoss: last.loss + 0.08, validationAccuracy: last.accuracy * 0.9, learningRate: 0.001, durationMs: BATCHES * this.options.iterationMs, testLoss: null, testAccuracy: null };
    });
  }

  #point(i) {
    const noise = random(i * 7919 + this.id.length * 31 + this.depth);
    const jitter = (size) => (noise() + noise() - 1) * size;
    const t = 1 - 0.5 ** (i / 25);
    const gradient = Float32Array.from({ length: this.depth }, (_, layer) => 10 ** (this.#corner(layer, t) + Math.sin(layer * 12.9898) * 0.07 + jitter(0.12)));
    const broken = i >= this.options.nanFrom;
    const nan = new Float32Array(this.depth);
    if (broken) for (let layer = 0; layer < this.depth; layer++) if (i > this.options.nanFrom + (this.depth - layer)) { gradient[layer] = NaN; nan[layer] = 9216; }
    const course = this.learns ? Math.exp(-i / (this.norms ? 260 : 900)) : 1;
    const floor = this.norms ? 1.4 : 2.6;
    const loss = broken && i > this.options.nanFrom + 2 ? NaN : Math.max(0.05, (this.learns ? floor + (4.62 - floor) * course : 4.606) + jitter(this.learns ? 0.42 : 0.06));
    const accuracy = Math.round(Math.max(0, Math.min(1, (this.learns ? 0.01 + 0.55 * (1 - course) : 0.01) + jitter(0.09))) * this.options.batch) / this.options.batch;
    const ratio = Float32Array.from(gradient, (g) => (this.learns ? 4e-3 * (0.5 + 0.5 / (1 + i / 60)) * 10 ** jitter(0.2) : Math.min(4e-3, (g * 1e-3) / (g + 1e-8) / 0.05)));
    const iterationMs = this.options.iterationMs * (1 + jitter(0.12)) * (noise() > 0.985 ? 1.7 : 1);
    const point = {
      iteration: i, epoch: Math.floor(i / BATCHES), loss, accuracy, learning_rate: 0.001, iteration_ms: iterationMs, telemetry_ms: 0.9 + noise() * 0.7, flags: 0,
      'gradient.mean_abs': gradient, 'gradient.l2': gradient.map((g) => g * 118), 'gradient.max_abs': gradient.map((g) => g * (7 + noise() * 3)),
      'gradient.zero_fraction': new Float32Array(this.depth), 'gradient.nan': nan, 'gradient.inf': new Float32Array(this.depth),
      'parameter.l2': Float32Array.from({ length: this.depth }, (_, layer) => 5.2 + Math.sin(layer) * 0.3 + i * 1e-4), 'update.ratio': ratio,
    };
    if (this.norms > 0) Object.assign(point, this.#norms(t, i, jitter));
    return point;
  }

  #norms(t, i, jitter) {
    const row = (f) => Float32Array.from({ length: this.norms }, (_, layer) => f(layer));
    const running = row((layer) => 0.4 + 0.35 * Math.sin(layer / 5) ** 2 + 0.4 * t);
    return {
      'bn.gamma_mean': row((layer) => 1 - 0.09 * t * Math.cos(layer / 4) + i * 2e-5), 'bn.beta_mean': row((layer) => -0.05 * t * Math.sin(layer / 3)),
      'bn.batch_mean_mean': row((layer) => 0.2 * Math.sin(layer / 2) * t + jitter(0.03)), 'bn.running_mean_mean': row((layer) => 0.2 * Math.sin(layer / 2) * t),
      'bn.batch_var_mean': running.map((v) => v * (1 + jitter(0.2))), 'bn.running_var_mean': running,
      'bn.drift': row((layer) => 0.05 + 0.5 * Math.exp(-i / 30) + 0.03 * Math.abs(Math.sin(layer)) + Math.abs(jitter(0.02))),
    };
  }

  #corner(layer, t) {
    const { profile } = this;
    let k = 0;
    while (k + 2 < profile.length && profile[k + 1][0] < layer) k++;
    const [from, a0, a1] = profile[k];
    const [to, b0, b1] = profile[k + 1];
    const share = (layer - from) / (to - from);
    const at = (start, end) => start + (end - start) * t;
    return at(a0, a1) * (1 - share) + at(b0, b1) * share;
  }
}
