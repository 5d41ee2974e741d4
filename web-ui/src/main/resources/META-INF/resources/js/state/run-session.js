/**
 * Keeps one run's model up to date: live frames from the socket, whatever is older than them from the HTTP API.
 *
 * Events: 'change' (new points or a new description), 'history' (older points arrived; detail: their metrics), 'failed' (detail: the service's
 * problem, as problem+json: the run cannot be shown), 'incomplete' (detail: the error, the metrics and a function that tries again; a part of the
 * history did not come), 'deleted' (the run was deleted: the session has ended).
 */
import * as defaultApi from '../net/api.js';
import { layerMetric } from './layer-metrics.js';
import { RunModel, SCALAR_METRICS } from './run-model.js';
import { SAMPLED_GRIDS, SAMPLED_SCALARS, sampledOf } from './samples.js';

/** Loaded at once for the part of a run that is older than the live frames; other heat maps when they are chosen. */
const FIRST_GRIDS = ['gradient.mean_abs', 'update.ratio'];
const SERIES_BUCKETS = 2048;
const HEATMAP_COLUMNS = 400;
const SAMPLE_BUCKETS = 1024;
const SAMPLE_COLUMNS = 200;
const SUPERSEDED_BUCKETS = 400;
/** History is not asked more often for a metric that no frame brings. */
const ASKED_MS = 5000;

export class RunSession extends EventTarget {
  #abort = new AbortController();
  /** Stretches of iterations that no frame brought and none will. @type {{from: number, to: number}[]} */
  #older = [];
  /** @type {Set<string>} */
  #loadedGrids = new Set();
  /** Metrics that only history tells, and up to where it was asked. @type {Map<string, {to: number, at: number}>} */
  #asked = new Map();
  #expectGap = true;
  #frames = 0;
  #generation = 0;
  /** What charts draw and did not come: asks for it again. @type {Set<() => void>} */
  #missing = new Set();

  /**
   * @param {string} id
   * @param {{socket: import('../net/socket.js').LiveSocket, store: import('./store.js').Store, api?: typeof defaultApi, now?: () => number}} environment
   */
  constructor(id, { socket, store, api = defaultApi, now = () => performance.now() }) {
    super();
    this.model = new RunModel(id);
    this.socket = socket;
    this.store = store;
    this.api = api;
    this.now = now;
  }

  /** Starts; the session works until disposed. */
  open() {
    const unsubscribe = this.socket.subscribe(this.model.id, { onFrame: (frame) => this.#frame(frame), onMessage: (message) => this.#message(message) });
    this.#abort.signal.addEventListener('abort', unsubscribe);
    this.store.addEventListener('alerts', (event) => /** @type {CustomEvent} */ (event).detail === this.model.id && this.#followAlerts(), { signal: this.#abort.signal });
    this.#followAlerts();
  }

  /** Frames taken and not yet acknowledged are given back: call it when they are on the screen. */
  drawn() {
    for (; this.#frames > 0; this.#frames--) this.socket.ack(this.model.id);
  }

  /** Makes sure that a metric's older cells are there too. @param {string} metric */
  needGrid(metric) {
    if (this.#loadedGrids.has(metric) || SAMPLED_GRIDS.includes(metric)) return;
    this.#loadedGrids.add(metric);
    const since = this.model.follow(metric);
    for (const stretch of since > 0 ? [{ from: 0, to: since }] : this.#older) this.#loadGrid(metric, stretch);
    if (layerMetric(metric).asked) this.#asked.set(metric, { to: since, at: since > 0 ? this.now() : -Infinity });
  }

  /** Of a chosen metric that no frame brings: asks for what is new, if it is time to. @param {string} metric */
  keepGrid(metric) {
    const known = this.#asked.get(metric);
    const to = this.model.iteration + 1;
    if (known === undefined || to <= known.to || this.now() - known.at < ASKED_MS) return;
    this.#asked.set(metric, { to, at: this.now() });
    this.#loadGrid(metric, { from: known.to, to });
  }

  dispose() {
    this.#abort.abort();
  }

  #frame(frame) {
    this.#frames++;
    const first = frame.blocks.get('iteration')?.data[0] ?? 0;
    const known = this.model.iteration;
    const { attempt } = this.model;
    this.model.addFrame(frame);
    if (this.model.attempt > attempt && frame.header.points > 0) {
      // what history answers may hold the new attempt already: its frames bring that
      const start = frame.header.iterationFrom ?? first;
      for (const stretch of this.#older) stretch.to = Math.min(stretch.to, start);
      for (const known of this.#asked.values()) known.to = Math.min(known.to, start);
    }
    if (this.#expectGap && frame.header.points > 0) {
      this.#expectGap = false;
      if (first > known + 1) this.#loadOlder({ from: known + 1, to: first });
    }
    this.dispatchEvent(new Event('change'));
  }

  #message(message) {
    if (message.type === 'subscribed') this.#subscribed(message);
    else if (message.type === 'deleted') return this.#deleted();
    else if (message.type === 'error') return void this.dispatchEvent(new CustomEvent('failed', { detail: message.problem }));
    else if (message.type === 'run') {
      const attempts = this.model.run?.attempts?.length ?? 0;
      this.model.updateRun(message.run);
      if (message.run.attempts?.length > Math.max(1, attempts)) this.#loadSuperseded();
    }
    else if (message.type === 'epoch') this.model.addEpoch(message.epoch);
    else if (message.type === 'alert') this.store.putAlert(message.alert);
    else if (message.type === 'command') this.model.addCommand(message.command);
    else if (message.type === 'reset') this.#expectGap = true;
    else if (message.type === 'described') this.model.describe(message);
    else if (message.type === 'sought') this.#sought(message);
    this.dispatchEvent(new Event('change'));
  }

  /** What is on its way from history does not come any more, nor is the run asked for again. */
  #deleted() {
    this.dispose();
    this.dispatchEvent(new Event('deleted'));
  }

  /** A replay goes on from another place: nothing of what is shown holds any more. What is on its way from history is too late. */
  #sought({ epochs, alerts, commands = [] }) {
    this.#generation++;
    this.#older = [];
    for (const known of this.#asked.values()) known.to = 0;
    this.#missing.clear();
    this.#loadedGrids.clear();
    this.#expectGap = true;
    this.model.reset();
    this.store.forgetAlerts(this.model.id);
    for (const epoch of epochs) this.model.addEpoch(epoch);
    for (const alert of alerts) this.store.putAlert(alert);
    for (const command of commands) this.model.addCommand(command);
  }

  /** After a reconnect too: epochs may have ended and alerts may have changed meanwhile. */
  #subscribed(message) {
    this.model.describe(message);
    for (const load of [...this.#missing]) load();
    const { id } = this.model;
    this.#optional(this.api.getEpochs(id, this.#abort.signal), (epochs) => epochs.forEach((epoch) => this.model.addEpoch(epoch)));
    if (message.run.attempts?.length > 1) this.#loadSuperseded();
    this.#optional(this.api.getCommands(id, this.#abort.signal), (commands) => commands.forEach((command) => this.model.addCommand(command)));
    this.#optional(this.api.getAlerts(id, this.#abort.signal), (alerts) => alerts.forEach((alert) => this.store.putAlert(alert)));
  }

  #followAlerts() {
    this.model.setAlerts(this.store.alerts(this.model.id));
  }

  #loadSuperseded() {
    this.#optional(this.api.getSuperseded(this.model.id, { metric: 'loss', buckets: SUPERSEDED_BUCKETS }, this.#abort.signal), (items) => this.model.setSuperseded(items));
  }

  #loadOlder(stretch) {
    this.#older.push(stretch);
    const query = { metric: SCALAR_METRICS.join(','), buckets: SERIES_BUCKETS, ...stretch };
    this.#charted(SCALAR_METRICS, () => this.api.getSeries(this.model.id, query, this.#abort.signal), (answer) => this.model.addSeries(answer, stretch.to));
    this.#loadSamples(stretch);
    for (const metric of new Set([...FIRST_GRIDS, ...this.#loadedGrids])) {
      this.#loadedGrids.add(metric);
      if (!this.#asked.has(metric)) this.#loadGrid(metric, stretch);
    }
  }

  #loadGrid(metric, stretch) {
    const query = { metric, columns: HEATMAP_COLUMNS, ...stretch };
    this.#charted([metric], () => this.api.getHeatmap(this.model.id, query, this.#abort.signal), (frame) => this.model.addHeatmap(frame, stretch.to));
  }

  #loadSamples(stretch) {
    const { id, run, samples } = this.model;
    const scalars = sampledOf(run, SAMPLED_SCALARS);
    if (scalars.length > 0) {
      const query = { metric: scalars.join(','), buckets: SAMPLE_BUCKETS, from: stretch.from, to: stretch.to };
      this.#charted(scalars, () => this.api.getSeries(id, query, this.#abort.signal), (answer) => samples.addSeries(answer, stretch.to));
    }
    for (const metric of sampledOf(run, SAMPLED_GRIDS)) {
      const query = { metric, columns: SAMPLE_COLUMNS, from: stretch.from, to: stretch.to };
      this.#charted([metric], () => this.api.getHeatmap(id, query, this.#abort.signal), (frame) => samples.addHeatmap(frame, stretch.to));
    }
  }

  /** What charts draw: when it does not come they say so, and it can be asked for again. @param {string[]} metrics @param {() => Promise<any>} ask @param {(answer: any) => void} use */
  #charted(metrics, ask, use) {
    const generation = this.#generation;
    const load = () => {
      this.#missing.delete(load);
      ask().then((answer) => generation === this.#generation && use(answer)).then(
        () => this.dispatchEvent(new CustomEvent('history', { detail: metrics })),
        (error) => {
          if (this.#abort.signal.aborted || generation !== this.#generation) return;
          this.#missing.add(load);
          this.dispatchEvent(new CustomEvent('incomplete', { detail: { error, metrics, retry: () => this.#missing.has(load) && load() } }));
        },
      );
    };
    load();
  }

  /** The page is useful without it: a failure here leaves a part empty and is told, but does not end the session. */
  #optional(promise, use) {
    const generation = this.#generation;
    promise.then((answer) => generation === this.#generation && use(answer)).then(
      () => this.dispatchEvent(new Event('history')),
      (error) => {
        if (!this.#abort.signal.aborted) this.dispatchEvent(new CustomEvent('incomplete', { detail: { error, metrics: [], retry: () => {} } }));
      },
    );
  }
}
