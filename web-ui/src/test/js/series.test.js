import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { BucketSeries } from '../../main/resources/META-INF/resources/js/state/series.js';
import { LayerGrid } from '../../main/resources/META-INF/resources/js/state/grid.js';
import { encodeFrame } from './dev/frames.mjs';
import { decodeFrame } from '../../main/resources/META-INF/resources/js/net/protocol.js';

const pairsOf = (array) => Array.from({ length: array.length / 2 }, (_, i) => [array[2 * i], array[2 * i + 1]]);

describe('BucketSeries', () => {
  test('keeps every value while there is room', () => {
    const series = new BucketSeries(8);
    [3, 1, 2].forEach((value, i) => series.add(i, value));
    assert.deepEqual(pairsOf(series.view(100).band), [[0, 3], [1, 1], [2, 2]]);
    assert.equal(series.points, 3);
  });

  test('never has more buckets than its capacity, and loses no extreme', () => {
    const series = new BucketSeries(16);
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < 10_000; i++) {
      const value = Math.sin(i * 1.7) * (i === 4321 ? 1000 : 1);
      low = Math.min(low, value);
      high = Math.max(high, value);
      series.add(i, value);
    }
    assert.ok(series.length <= 16);
    assert.equal(series.width, 1024);
    const view = series.view(4);
    assert.equal(view.min, low);
    assert.equal(view.max, high);
    assert.ok([...view.band].includes(high));
  });

  test('counts every value that it was given, whatever became of it', () => {
    const series = new BucketSeries(8);
    for (let i = 0; i < 100; i++) series.add(i, i % 10 === 0 ? NaN : i % 10 === 1 ? Infinity : i);
    series.add(109, 3, { count: 10, min: 1, max: 5 });
    series.addBucket({ from: 110, count: 20, min: 1, max: 2, mean: 1.5, nan: 2, inf: 3 });
    assert.equal(series.count, 130);
    series.truncate(64);
    assert.equal(series.count, 64);
  });

  test('merging gives the same as adding to wide buckets at once', () => {
    const grown = new BucketSeries(4);
    for (let i = 0; i < 13; i++) grown.add(i, i * i);
    assert.equal(grown.width, 4);
    assert.deepEqual([...grown.sum], [14, 16 + 25 + 36 + 49, 64 + 81 + 100 + 121, 144]);
    assert.deepEqual([...grown.finite], [4, 4, 4, 1]);
  });

  test('keeps NaN as NaN: counted, marked, and never a number', () => {
    const series = new BucketSeries(8);
    series.add(0, 1);
    series.add(1, NaN);
    series.add(2, Infinity);
    series.add(3, 2);
    const view = series.view(8);
    assert.deepEqual(view.broken, [1, 2]);
    assert.deepEqual(pairsOf(view.smooth), [[0, 1], [1, NaN], [2, NaN], [3, 2]]);
    assert.equal(series.recentMean(4), 1.5);
  });

  test('a NaN merged with a number marks the bucket and leaves the mean alone', () => {
    const series = new BucketSeries(2);
    [5, NaN, 7, 9].forEach((value, i) => series.add(i, value));
    const view = series.view(2);
    assert.deepEqual(pairsOf(view.smooth).map(([, y]) => y), [5, 8]);
    assert.deepEqual(view.broken, [0.5]);
  });

  test('takes older buckets after newer values', () => {
    const series = new BucketSeries(64);
    series.add(40, 1);
    series.addBucket({ from: 0, count: 20, min: 2, max: 6, mean: 4, nan: 1, inf: 0 });
    assert.equal(series.min[0], 2);
    assert.equal(series.finite[0], 19);
    assert.equal(series.nan[0], 1);
    assert.equal(series.length, 41);
  });

  test('a bucket of nothing but NaN brings no number', () => {
    const series = new BucketSeries(4);
    series.addBucket({ from: 0, count: 3, min: null, max: null, mean: null, nan: 3, inf: 0 });
    assert.equal(series.finite[0], 0);
    assert.deepEqual(series.view(4).broken, [0]);
  });

  test('a conflated point counts for its iterations and keeps its extremes', () => {
    const series = new BucketSeries(8);
    series.add(3, 2, { count: 5, min: 1, max: 9 });
    assert.equal(series.finite[3], 5);
    assert.deepEqual(pairsOf(series.view(8).band), [[3, 1], [3, 9]]);
  });

  test('forgets what a new attempt writes again', () => {
    const series = new BucketSeries(8);
    for (let i = 0; i < 6; i++) series.add(i, i);
    series.truncate(4);
    assert.equal(series.length, 4);
    series.add(4, 40);
    assert.deepEqual(pairsOf(series.view(8).band).at(-1), [4, 40]);
  });

  test('smoothing does not lag: a ramp stays on its course in the middle', () => {
    const series = new BucketSeries(256);
    for (let i = 0; i < 200; i++) series.add(i, i);
    const [, y] = pairsOf(series.view(256, 5).smooth)[100];
    assert.ok(Math.abs(y - 100) < 0.5, `${y}`);
  });

  test('an empty series draws nothing', () => {
    const view = new BucketSeries().view(100, 10);
    assert.equal(view.band.length + view.smooth.length + view.points, 0);
    assert.ok(Number.isNaN(new BucketSeries().recentMean(5)));
  });
});

describe('LayerGrid', () => {
  test('merges columns pairwise and keeps mean, extremes and counts', () => {
    const grid = new LayerGrid(2, 4);
    for (let i = 0; i < 6; i++) grid.add(i, [i, 10 * i]);
    assert.equal(grid.width, 2);
    assert.equal(grid.length, 3);
    assert.deepEqual(grid.cell(1, 1), { from: 2, to: 4, mean: 25, min: 20, max: 30, nan: 0, inf: 0 });
  });

  test('never exceeds its capacity', () => {
    const grid = new LayerGrid(3, 600);
    for (let i = 0; i < 20_000; i++) grid.add(i, [1, 2, 3]);
    assert.ok(grid.length <= 600);
    assert.equal(grid.mean(grid.length - 1, 2), 3);
  });

  test('tells a measured NaN from what was not measured', () => {
    const grid = new LayerGrid(3, 4);
    grid.add(0, [NaN, NaN, Infinity], { nan: [7, 0, 0] });
    assert.equal(grid.cell(0, 0).nan, 1);
    assert.equal(grid.cell(0, 1), null);
    assert.equal(grid.cell(0, 2).inf, 1);
    assert.equal(grid.firstBroken(), 0);
  });

  test('a conflated point that went through NaN keeps both', () => {
    const grid = new LayerGrid(1, 4);
    grid.add(2, [5], { nan: [3], count: 4, min: [1], max: [9] });
    assert.deepEqual(grid.cell(2, 0), { from: 2, to: 3, mean: 5, min: 1, max: 9, nan: 1, inf: 0 });
  });

  test('takes a heat map of the service, whatever its column width', () => {
    const grid = new LayerGrid(2, 8);
    grid.add(7, [70, 71]);
    const two = (data) => ({ shape: [2, 2], data });
    const frame = decodeFrame(encodeFrame({ type: 'heatmap', metric: 'm', from: 0, to: 6, width: 3, rows: 2, columns: 2 }, [
      { name: 'starts', dtype: 'f64', shape: [2], data: [0, 3] },
      { name: 'mean', ...two([1, 2, NaN, 4]) }, { name: 'min', ...two([0, 1, NaN, 3]) }, { name: 'max', ...two([2, 3, NaN, 5]) },
      { name: 'nan', ...two([0, 0, 3, 0]) }, { name: 'inf', ...two([0, 0, 0, 0]) }, { name: 'count', ...two([3, 3, 3, 0]) },
    ]));
    grid.addHeatmap(frame);
    for (const column of [0, 1, 2]) assert.deepEqual({ ...grid.cell(column, 0), mean: 1 }, { from: column, to: column + 1, mean: 1, min: 0, max: 2, nan: 0, inf: 0 });
    assert.ok(Math.abs(grid.mean(1, 0) - 1) < 1e-6);
    assert.equal(grid.cell(3, 0).max, 3);
    assert.equal(grid.cell(0, 1).nan, 1, 'three NaN over three columns');
    assert.equal(grid.cell(3, 1), null, 'a cell without rows stays empty');
    assert.equal(grid.cell(6, 0), null, 'nothing after the range');
    assert.equal(grid.cell(7, 1).mean, 71);
  });

  test('windows cover everything, oldest first, and no more than asked for', () => {
    const grid = new LayerGrid(1, 64);
    for (let i = 0; i < 50; i++) grid.add(i, [i]);
    const windows = grid.windows(20);
    assert.ok(windows.length <= 20);
    assert.equal(windows[0].from, 0);
    assert.equal(windows.at(-1).to, 50);
    assert.equal(windows[0].values[0], 1.5);
  });

  test('a window with a NaN in it has no mean for that layer', () => {
    const grid = new LayerGrid(2, 8);
    grid.add(0, [1, 1], { nan: [0, 0] });
    grid.add(1, [NaN, 3], { nan: [1, 0] });
    assert.deepEqual([...grid.profile(0, 2)], [NaN, 2]);
  });

  test('forgets what a new attempt writes again', () => {
    const grid = new LayerGrid(1, 8);
    for (let i = 0; i < 6; i++) grid.add(i, [i]);
    grid.truncate(3);
    assert.equal(grid.length, 3);
    assert.equal(grid.cell(4, 0), null);
  });
});

test('smoothed forwards, every value is the weighted mean of those up to it; NaN changes nothing', () => {
  const series = new BucketSeries();
  const values = [4, 2, NaN, 8, 1, 5];
  values.forEach((value, i) => series.add(i, value));
  const halfLife = 3;
  const alpha = 1 - 2 ** (-1 / halfLife);
  const seen = [];
  const expected = values.map((value) => {
    if (Number.isNaN(value)) return NaN;
    seen.push(value);
    const weights = seen.map((_, k) => (1 - alpha) ** (seen.length - 1 - k));
    return seen.reduce((sum, one, k) => sum + one * weights[k], 0) / weights.reduce((a, b) => a + b);
  });
  const { smooth } = series.view(1024, halfLife, true);
  expected.forEach((value, i) => (Number.isNaN(value) ? assert.ok(Number.isNaN(smooth[2 * i + 1])) : assert.ok(Math.abs(smooth[2 * i + 1] - value) < 1e-12, `${i}: ${smooth[2 * i + 1]} is not ${value}`)));
});
