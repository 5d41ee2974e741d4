import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { clamped, LEAST, moved, scaled, Zoom } from '../../main/resources/META-INF/resources/js/state/zoom.js';
import { RangeSeries, ZoomedModel } from '../../main/resources/META-INF/resources/js/state/zoomed-model.js';
import { LayerGrid } from '../../main/resources/META-INF/resources/js/state/grid.js';
import { RunModel } from '../../main/resources/META-INF/resources/js/state/run-model.js';
import { decodeFrame, FrameError, seriesOf } from '../../main/resources/META-INF/resources/js/net/protocol.js';
import { lossOption } from '../../main/resources/META-INF/resources/js/charts/loss.js';
import { costOption } from '../../main/resources/META-INF/resources/js/charts/cost.js';
import { heatmapOption, scaleOf } from '../../main/resources/META-INF/resources/js/charts/heatmap.js';
import { encodeFrame, pointsFrame } from './dev/frames.mjs';

const theme = { dark: false, text: '#111111', muted: '#555555', faint: '#888888', line: '#dddddd', card: '#ffffff', accent: '#0072b2', second: '#b85c00', critical: '#c2410c', warning: '#9a6700', good: '#00795a', broken: '#e0186c', font: 'sans-serif' };
const pairsOf = (array) => Array.from({ length: array.length / 2 }, (_, i) => [array[2 * i], array[2 * i + 1]]);
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

function modelOf(iterations) {
  const model = new RunModel('r');
  const points = Array.from({ length: iterations }, (_, i) => ({ iteration: i, epoch: 0, loss: 4, accuracy: 0.1, flags: 0, iteration_ms: 5, telemetry_ms: 0.1, 'gradient.mean_abs': [1e-3, 1e-2], 'gradient.nan': [0, 0] }));
  model.addFrame(decodeFrame(pointsFrame({ run: 'r', seqFrom: 0, prev: -1, layers: 2 }, points)));
  return model;
}

const seriesAnswer = (from, to, width, more = {}) => ({ from, to, width, series: [{ metric: 'loss', buckets: [{ from, to: Math.min(to, from + width), count: width, min: 1, max: 9, mean: 3, nan: 0, inf: 0, ...more }] }] });

function heatmapFrame(from, width, columns, more = {}) {
  const cells = (value) => Float32Array.from({ length: 2 * columns }, () => value);
  const blocks = { mean: cells(0.5), min: cells(0.25), max: cells(8), nan: cells(0), inf: cells(0), count: cells(width), ...more };
  return decodeFrame(
    encodeFrame({ type: 'heatmap', metric: 'gradient.mean_abs', from, to: from + width * columns, width, rows: 2, columns }, [
      { name: 'starts', dtype: 'f64', shape: [columns], data: Float64Array.from({ length: columns }, (_, i) => from + i * width) },
      ...Object.entries(blocks).map(([name, data]) => ({ name, shape: [2, columns], data })),
    ]),
  );
}

describe('ranges', () => {
  test('stay within the run, and keep their width there', () => {
    assert.deepEqual(clamped(-50, 50, 1000), { from: 0, to: 100 });
    assert.deepEqual(clamped(980, 1040, 1000), { from: 940, to: 1000 });
    assert.deepEqual(clamped(500.4, 500.6, 1000), { from: 500, to: 500 + LEAST });
  });

  test('all of the run is no range', () => {
    assert.equal(clamped(-5, 2000, 1000), null);
    assert.equal(scaled({ from: 250, to: 750 }, 1000, 0.5), null);
  });

  test('are scaled about their middle', () => {
    assert.deepEqual(scaled(null, 1000, 2), { from: 250, to: 750 });
    assert.deepEqual(scaled({ from: 250, to: 750 }, 1000, 2), { from: 375, to: 625 });
  });

  test('move by a share, to the ends of the run and no farther', () => {
    assert.deepEqual(moved({ from: 100, to: 200 }, 1000, 0.25), { from: 125, to: 225 });
    assert.deepEqual(moved({ from: 10, to: 110 }, 1000, -0.25), { from: 0, to: 100 });
    assert.equal(moved(null, 1000, 0.25), null);
  });
});

describe('RangeSeries', () => {
  const bucket = (from, more) => ({ from, to: from + 10, count: 10, min: 1, max: 3, mean: 2, nan: 0, inf: 0, ...more });

  test('draws minimum and maximum of every bucket as they came, and the mean that the service smoothed', () => {
    const view = new RangeSeries({ width: 10, buckets: [bucket(100, { smoothed: { mean: 2.5 } }), bucket(110, { max: 900 })] }).view();
    assert.deepEqual(pairsOf(view.band), [[104.5, 1], [104.5, 3], [114.5, 1], [114.5, 900]]);
    assert.deepEqual(pairsOf(view.smooth), [[104.5, 2.5], [114.5, 2]]);
    assert.equal(view.max, 900);
  });

  test('marks NaN, breaks the line where nothing is finite, and leaves out what was not sampled', () => {
    const view = new RangeSeries({ width: 10, buckets: [bucket(0), bucket(10, { min: null, max: null, mean: null, nan: 10 }), bucket(20, { count: 0, min: null, max: null, mean: null })] }).view();
    assert.deepEqual(view.broken, [14.5]);
    assert.deepEqual(pairsOf(view.smooth), [[4.5, 2], [14.5, NaN]]);
    assert.equal(view.points, 2);
  });

  test('the last bucket ends where the range ends', () => {
    const view = new RangeSeries({ width: 10, buckets: [{ ...bucket(90), to: 93 }] }).view();
    assert.equal(view.band[0], 91);
  });
});

describe('LayerGrid of a heat map', () => {
  test('has its cells one by one, where they are', () => {
    const grid = LayerGrid.of(heatmapFrame(1000, 7, 5));
    assert.equal(grid.length, 5);
    assert.equal(grid.width, 7);
    assert.deepEqual([grid.cell(4, 1).from, grid.cell(4, 1).to, grid.cell(4, 1).max], [1028, 1035, 8]);
    assert.equal(grid.windows(20)[0].from, 1000);
  });

  test('tells where the first NaN is', () => {
    const nan = new Float32Array(10);
    nan[3] = 1;
    assert.equal(LayerGrid.of(heatmapFrame(1000, 7, 5, { nan })).firstBroken(), 1021);
  });
});

describe('series frames', () => {
  const frame = (more = {}) => {
    const f64 = (...values) => Float64Array.from(values);
    const blocks = { mean: f64(2, NaN), min: f64(1, NaN), max: f64(3, NaN), first: f64(1, NaN), last: f64(3, NaN), nan: f64(0, 0), inf: f64(0, 0), count: f64(5, 0), ...more };
    return encodeFrame({ type: 'series', align: 'iteration', from: 10, to: 18, width: 5, buckets: 2, series: [{ run: 'r', metric: 'loss', layer: null, unit: 'nats' }] }, [
      { name: 'starts', dtype: 'f64', shape: [2], data: f64(10, 15) },
      ...Object.entries(blocks).map(([name, data]) => ({ name, dtype: 'f64', shape: [1, data.length], data })),
    ]);
  };

  test('become what the JSON answer is, without empty buckets', () => {
    const { series, width } = seriesOf(decodeFrame(frame()));
    assert.equal(width, 5);
    assert.deepEqual(series[0].buckets, [{ from: 10, to: 15, count: 5, min: 1, max: 3, mean: 2, nan: 0, inf: 0 }]);
  });

  test('a block of another length is refused', () => {
    assert.throws(() => decodeFrame(frame({ mean: Float64Array.of(1) })), FrameError);
  });
});

describe('Zoom', () => {
  function started({ iterations = 100, getSeries, getHeatmap } = {}) {
    const asked = [];
    const api = {
      getSeries: getSeries ?? ((id, query) => (asked.push(query), Promise.resolve(seriesAnswer(query.from, query.to, query.to - query.from)))),
      getHeatmap: getHeatmap ?? ((id, query) => (asked.push(query), Promise.resolve(heatmapFrame(query.from, 1, query.to - query.from)))),
    };
    const zoom = new Zoom(modelOf(iterations), { api, pixels: () => 640 });
    return { zoom, asked };
  }

  test('asks for exact data of the range, for the pixels that there are', async () => {
    const { zoom, asked } = started();
    zoom.choose({ from: 20, to: 60 });
    await settled();
    assert.deepEqual(asked[0], { metric: 'loss,accuracy,learning_rate,iteration_ms,telemetry_ms', buckets: 640, from: 20, to: 60, smoothing: 'ewma', halflife: 3 });
    assert.deepEqual(asked.slice(1).map(({ metric, columns }) => [metric, columns]), [['gradient.mean_abs', 640], ['update.ratio', 640]]);
    assert.equal(zoom.shown().scalars.loss.view().max, 9);
    assert.equal(zoom.shown().isExact('loss'), true);
  });

  test('shows what there is until then, cut to the range', () => {
    const { zoom } = started();
    zoom.choose({ from: 20, to: 60 });
    const option = lossOption(zoom.shown(), theme);
    assert.deepEqual(option.xAxis.map(({ min, max }) => [min, max]), [[20, 59], [20, 59]]);
    assert.equal(option.series.find(({ id }) => id === 'loss-band').data.length, 200);
  });

  test('stays where it is while data stream in', async () => {
    const { zoom } = started();
    zoom.choose({ from: 20, to: 60 });
    await settled();
    const before = zoom.shown();
    zoom.model.addFrame(decodeFrame(pointsFrame({ run: 'r', seqFrom: 100, prev: 99, layers: 2 }, [{ iteration: 100, epoch: 0, loss: 5, accuracy: 0.1, flags: 0, 'gradient.mean_abs': [1, 1], 'gradient.nan': [0, 0] }])));
    assert.equal(zoom.shown(), before);
    assert.deepEqual(zoom.range, { from: 20, to: 60 });
    assert.equal(costOption(zoom.shown(), theme).xAxis[1].max, 59);
  });

  test('an answer to a range that is no longer shown changes nothing', async () => {
    const answers = [];
    const { zoom } = started({ getSeries: (_id, query) => new Promise((resolve) => answers.push(() => resolve(seriesAnswer(query.from, query.to, 10)))) });
    let failures = 0;
    zoom.addEventListener('failed', () => failures++);
    zoom.choose({ from: 20, to: 60 });
    zoom.reset();
    answers.forEach((answer) => answer());
    await settled();
    assert.equal(zoom.range, null);
    assert.equal(zoom.shown(), zoom.model);
    assert.equal(failures, 0);
  });

  test('says when data do not come, and goes on showing what there is', async () => {
    const { zoom } = started({ getSeries: () => Promise.reject(new Error('away')) });
    const problems = [];
    zoom.addEventListener('failed', (event) => problems.push(event.detail.message));
    zoom.choose({ from: 20, to: 60 });
    await settled();
    assert.deepEqual(problems, ['away']);
    assert.deepEqual(zoom.range, { from: 20, to: 60 });
    assert.ok(lossOption(zoom.shown(), theme));
  });

  test('loads the heat map that is chosen while zoomed', async () => {
    const { zoom, asked } = started();
    zoom.choose({ from: 20, to: 60 });
    await settled();
    zoom.needGrid('bn.drift');
    assert.equal(asked.at(-1).metric, 'bn.drift');
  });

  test('a heat map of a range lies where the range is', () => {
    const shown = new ZoomedModel(modelOf(100), { from: 1000, to: 1010 }, 3);
    shown.addHeatmap(heatmapFrame(1000, 2, 5));
    const grid = shown.grid('gradient.mean_abs');
    const option = heatmapOption({ rows: 2, shown: { from: 1000, to: 1010 }, columns: grid.length, origin: grid.origin, columnWidth: grid.width, cut: null, image: () => null }, theme);
    assert.deepEqual([option.xAxis.min, option.xAxis.max, option.series[0].data], [1000, 1010, [[1000, 1010]]]);
    assert.equal(scaleOf(grid, true).log, true);
    assert.deepEqual([...shown.latest.get('gradient.mean_abs')], [0.5, 0.5]);
  });
});
