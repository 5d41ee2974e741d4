import { afterEach, test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { LAYER_METRICS, hasMetric, layerMetric, layerOf, rowOf } from '../../main/resources/META-INF/resources/js/state/layer-metrics.js';
import { ExactSeries } from '../../main/resources/META-INF/resources/js/state/exact-series.js';
import { LayerSelection } from '../../main/resources/META-INF/resources/js/state/layer-selection.js';
import { LayerGrid } from '../../main/resources/META-INF/resources/js/state/grid.js';
import { RunModel } from '../../main/resources/META-INF/resources/js/state/run-model.js';
import { RunSession } from '../../main/resources/META-INF/resources/js/state/run-session.js';
import { Store } from '../../main/resources/META-INF/resources/js/state/store.js';
import { areasOf, brokenIn, layerSeriesOption, stepAt, stepsOf } from '../../main/resources/META-INF/resources/js/charts/layer-series.js';
import { paintCells } from '../../main/resources/META-INF/resources/js/charts/heatmap.js';
import { BROKEN, pixelOf } from '../../main/resources/META-INF/resources/js/charts/palette.js';
import { decodeFrame } from '../../main/resources/META-INF/resources/js/net/protocol.js';
import { pointsFrame } from './dev/frames.mjs';

const theme = /** @type {any} */ ({ dark: false, text: '#111111', muted: '#555555', faint: '#888888', line: '#dddddd', card: '#ffffff', accent: '#0072b2', second: '#b85c00', critical: '#c2410c', warning: '#9a6700', good: '#00795a', broken: '#e0186c', font: 'sans-serif' });
const bucket = (from, more = {}) => ({ from, to: from + 10, count: 10, nan: 0, inf: 0, mean: 1e-3, min: 1e-4, max: 1e-2, ...more });
const series = (option, id) => option.series.find((one) => one.id === id);
const frame = (points, more = {}) => /** @type {any} */ (decodeFrame(pointsFrame({ run: 'r', seqFrom: 0, prev: -1, layers: 2, ...more }, points)));

describe('metrics by layer', () => {
  test('have a name each, and one place in a group', () => {
    assert.equal(new Set(LAYER_METRICS.map(({ name }) => name)).size, LAYER_METRICS.length);
    assert.equal(new Set(LAYER_METRICS.map(({ label }) => label)).size, LAYER_METRICS.length);
  });

  test('those of batch normalisation and of samples are there for runs that have them', () => {
    assert.equal(hasMetric(layerMetric('bn.drift'), {}, []), false);
    assert.equal(hasMetric(layerMetric('bn.drift'), {}, [{ layer: 0 }]), true);
    assert.equal(hasMetric(layerMetric('activation.mean'), { sampled: ['resources'] }, []), false);
    assert.equal(hasMetric(layerMetric('activation.mean'), { sampled: ['activation'] }, []), true);
    assert.equal(hasMetric(layerMetric('gradient.l2'), null, []), true);
  });

  test('a batch-normalisation layer is that of its layer', () => {
    const norms = [{ layer: 0 }, { layer: 2 }];
    assert.deepEqual([rowOf(layerMetric('bn.drift'), 2, norms), rowOf(layerMetric('bn.drift'), 1, norms), rowOf(layerMetric('gradient.l2'), 1, norms)], [1, -1, 1]);
    assert.deepEqual([layerOf(layerMetric('bn.drift'), 1, norms), layerOf(layerMetric('bn.drift'), 5, norms)], [2, -1]);
  });

  test('the choice tells when it changes, and only then', () => {
    const selection = new LayerSelection();
    let changes = 0;
    selection.addEventListener('change', () => changes++);
    selection.choose(3);
    selection.choose(3);
    assert.deepEqual([selection.layer, changes], [3, 1]);
    selection.toggle(3);
    assert.equal(selection.layer, null);
  });
});

describe('a metric that was chosen', () => {
  const point = (iteration, more = {}) => ({ iteration, flags: 0, 'gradient.nan': [iteration, 0], ...more });

  test('is kept from then on; what came before is left to history', () => {
    const model = new RunModel('r');
    model.addFrame(frame([point(0), point(1)]));
    assert.equal(model.grid('gradient.nan'), null);
    assert.equal(model.follow('gradient.nan'), 2);
    assert.equal(model.follow('gradient.nan'), 0, 'it is followed already');
    model.addFrame(frame([point(2)]));
    assert.equal(model.grid('gradient.nan')?.mean(2, 0), 2);
    assert.equal(model.grid('gradient.nan')?.cell(1, 0), null);
  });

  test('counts of NaN are numbers, not broken cells', () => {
    const model = new RunModel('r');
    model.follow('gradient.nan');
    model.addFrame(frame([point(7)]));
    assert.deepEqual([model.grid('gradient.nan')?.mean(7, 0), model.grid('gradient.nan')?.cell(7, 0)?.nan], [7, 0]);
  });

  test('of samples only what was sampled counts', () => {
    const model = new RunModel('r');
    model.follow('activation.mean');
    model.addFrame(frame([point(0, { flags: 0, 'activation.mean': [5, 5] }), point(1, { flags: 8, 'activation.mean': [6, 6] })]));
    assert.deepEqual([model.grid('activation.mean')?.cell(0, 0), model.grid('activation.mean')?.mean(1, 0)], [null, 6]);
  });

  test('that no frame brings is asked for bit by bit', () => {
    const asked = /** @type {any[]} */ ([]);
    const never = () => new Promise(() => {});
    const api = /** @type {any} */ ({ getHeatmap: (_id, query) => (asked.push(query), never()), getSeries: never, getEpochs: never, getAlerts: never, getCommands: never });
    const clock = { now: 0 };
    const session = new RunSession('r', { socket: /** @type {any} */ ({ subscribe: () => () => {} }), store: new Store(), api, now: () => clock.now });
    session.model.addFrame(frame([point(0), point(1)]));
    session.needGrid('bn.gamma_min');
    session.model.addFrame(frame([point(2), point(3)]));
    session.keepGrid('bn.gamma_min');
    assert.deepEqual(asked.map(({ from, to }) => [from, to]), [[0, 2]], 'not so soon');
    clock.now = 6000;
    session.keepGrid('bn.gamma_min');
    session.keepGrid('bn.gamma_min');
    assert.deepEqual(asked.map(({ from, to }) => [from, to]), [[0, 2], [2, 4]]);
    session.keepGrid('gradient.l2');
    assert.equal(asked.length, 2, 'frames bring that one');
    const early = new RunSession('r', { socket: /** @type {any} */ ({ subscribe: () => () => {} }), store: new Store(), api, now: () => clock.now });
    early.needGrid('bn.gamma_max');
    early.model.addFrame(frame([point(0)]));
    early.keepGrid('bn.gamma_max');
    assert.deepEqual([asked[2]?.from, asked[2]?.to], [0, 1], 'also when it was chosen before the first frame');
  });
});

describe('cells of samples', () => {
  const grid = new LayerGrid(1, 8);
  grid.add(0, [1]);
  grid.add(3, [2]);
  grid.add(4, [NaN], { nan: [1] });
  const scale = { log: false, range: /** @type {[number, number]} */ ([0, 2]) };

  test('hold until the next sample where they are asked to', () => {
    const plain = paintCells(grid, scale);
    const held = paintCells(grid, scale, { hold: true });
    assert.deepEqual([plain[1], plain[2]], [0, 0]);
    assert.deepEqual([held[1], held[2], held[3]], [held[0], held[0], plain[3]]);
  });

  test('NaN is a gap only where it says that nothing could be told', () => {
    assert.equal(paintCells(grid, scale)[4], pixelOf(BROKEN));
    assert.equal(paintCells(grid, scale, { gaps: true })[4], 0);
  });
});

describe('exact series', () => {
  /** @type {ExactSeries[]} */
  const open = [];
  afterEach(() => open.splice(0).forEach((one) => one.dispose()));

  function started(more = {}) {
    const asked = /** @type {any[]} */ ([]);
    const model = /** @type {any} */ ({ id: 'r', iteration: 999, attempt: 1 });
    const clock = { now: 0 };
    const api = /** @type {any} */ ({ getSeries: async (_id, query) => {
      asked.push(query);
      if (more.fails) throw new Error('away');
      return { width: 1, series: query.metric.split(',').map((metric) => ({ metric, buckets: [bucket(0)] })) };
    } });
    let changes = 0;
    const exact = new ExactSeries(model, { onChange: () => changes++, api, now: () => clock.now });
    open.push(exact);
    return { exact, model, asked, clock, changes: () => changes };
  }

  const tick = () => new Promise((resolve) => setTimeout(resolve, 0));
  const wanted = { metrics: ['gradient.mean_abs'], layer: 3, range: null, buckets: 600 };

  test('are asked for once, and told', async () => {
    const { exact, asked, changes } = started();
    exact.want(wanted);
    exact.want(wanted);
    await tick();
    exact.want(wanted);
    assert.deepEqual(asked, [{ metric: 'gradient.mean_abs', layer: 3, from: 0, to: 1000, buckets: 600 }]);
    assert.equal(changes(), 1);
    assert.equal(exact.buckets('gradient.mean_abs')?.length, 1);
    assert.equal(exact.buckets('bn.drift'), null);
  });

  test('a live run is asked again when it has grown enough to show, and not too soon', async () => {
    const { exact, model, asked, clock } = started();
    exact.want(wanted);
    await tick();
    clock.now = 60_000;
    model.iteration = 1001;
    exact.want(wanted);
    assert.equal(asked.length, 1, 'two iterations in a thousand do not show');
    model.iteration = 1099;
    clock.now = 1000;
    exact.want(wanted);
    assert.equal(asked.length, 1, 'too soon');
    clock.now = 4000;
    exact.want(wanted);
    assert.equal(asked[1].to, 1100);
  });

  test('another layer shows nothing of the one before; another range what was there', async () => {
    const { exact } = started();
    exact.want(wanted);
    await tick();
    exact.want({ ...wanted, range: { from: 5, to: 50 } });
    assert.notEqual(exact.answer, null);
    exact.want({ ...wanted, layer: 4 });
    assert.equal(exact.answer, null);
  });

  test('a range that was zoomed to is not asked again however the run grows', async () => {
    const { exact, model, asked, clock } = started();
    exact.want({ ...wanted, range: { from: 5, to: 50 } });
    await tick();
    Object.assign(model, { iteration: 5000 });
    clock.now = 60_000;
    exact.want({ ...wanted, range: { from: 5, to: 50 } });
    assert.deepEqual(asked.map(({ from, to }) => [from, to]), [[5, 50]]);
  });

  test('a new attempt has another past', async () => {
    const { exact, model, asked } = started();
    exact.want(wanted);
    await tick();
    model.attempt = 2;
    exact.want(wanted);
    assert.equal(asked.length, 2);
  });

  test('an answer that comes too late is not used', async () => {
    const { exact } = started();
    exact.want(wanted);
    exact.forget();
    await tick();
    assert.equal(exact.answer, null);
  });

  test('a failure is told, and tried again later', async () => {
    const { exact, asked, clock } = started({ fails: true });
    exact.want(wanted);
    await tick();
    assert.equal(exact.problem?.message, 'away');
    exact.want(wanted);
    assert.equal(asked.length, 1);
    clock.now = 11_000;
    exact.want(wanted);
    assert.equal(asked.length, 2);
  });
});

describe('the course of a layer', () => {
  const metric = layerMetric('gradient.mean_abs');
  const model = { marks: [], range: null, iteration: 39 };
  const steps = stepsOf([bucket(0), bucket(10), bucket(20, { nan: 10, mean: null, min: null, max: null }), bucket(30, { nan: 2, inf: 1 }), { ...bucket(40), count: 0 }]);

  test('is a mean in the band of its extremes, on a logarithmic axis where the metric asks for it', () => {
    const option = layerSeriesOption({ steps, metric, model }, theme);
    assert.deepEqual([...series(option, 'mean').data], [4.5, -3, 14.5, -3, 24.5, NaN, 34.5, -3]);
    assert.deepEqual([option.yAxis.min, option.yAxis.max], [-4, -2]);
    const linear = layerSeriesOption({ steps, metric: layerMetric('bn.gamma_mean'), model }, theme);
    assert.deepEqual([linear.yAxis.min, series(linear, 'mean').data[1]], [0, 1e-3]);
  });

  test('counts NaN and infinities and marks where they were', () => {
    const option = layerSeriesOption({ steps, metric, model }, theme);
    assert.deepEqual(series(option, 'broken').data.map(([x]) => x), [24.5, 34.5]);
    assert.deepEqual(brokenIn(steps), { nan: 12, inf: 1 });
    assert.match(option.tooltip.formatter([{ axisValue: 33 }]), /iterations 30–39\nmean .*\nmin .* · max .*\n2 × NaN, 1 × infinite/);
  });

  test('a gap parts the band; what has no logarithm is cut at the foot of the axis', () => {
    assert.deepEqual(areasOf(steps, true, -4).map((points) => points.map(([x]) => x)), [[4.5, 14.5, 14.5, 4.5]]);
    assert.deepEqual(areasOf(stepsOf([bucket(0, { min: 0 }), bucket(10)]), true, -6).flat().map(([, y]) => y), [-2, -2, -4, -6]);
    assert.deepEqual(areasOf(stepsOf([bucket(0, { min: 1, max: 1 }), bucket(10, { min: 2, max: 2 })]), false, 0), [], 'single values have no band');
  });

  test('the step of an iteration is that which holds it, or the one before', () => {
    assert.equal(stepAt(steps, 15)?.from, 10);
    assert.equal(stepAt(steps, 500)?.from, 30);
    assert.equal(stepAt([], 5), null);
  });

  test('is empty without steps', () => {
    const option = layerSeriesOption({ steps: [], metric, model }, theme);
    assert.equal(series(option, 'mean').data.length, 0);
    assert.equal(series(option, 'band').data.length, 0);
    assert.equal(option.tooltip.formatter([{ axisValue: 3 }]), 'iteration 3');
  });
});
