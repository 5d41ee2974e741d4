import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { RunModel } from '../../main/resources/META-INF/resources/js/state/run-model.js';
import { LayerGrid } from '../../main/resources/META-INF/resources/js/state/grid.js';
import { decodeFrame } from '../../main/resources/META-INF/resources/js/net/protocol.js';
import { gradientFlowOption, gradientFlowPoints, gradientFlowRange } from '../../main/resources/META-INF/resources/js/charts/gradient-flow.js';
import { updateRatioOption } from '../../main/resources/META-INF/resources/js/charts/update-ratio.js';
import { lossOption, lossViews } from '../../main/resources/META-INF/resources/js/charts/loss.js';
import { batchNormOption, batchNormPoints } from '../../main/resources/META-INF/resources/js/charts/batch-norm.js';
import { costOption, shares } from '../../main/resources/META-INF/resources/js/charts/cost.js';
import { heatmapOption, paintCells, scaleOf } from '../../main/resources/META-INF/resources/js/charts/heatmap.js';
import { BROKEN, pixel, pixelOf, shareOf } from '../../main/resources/META-INF/resources/js/charts/palette.js';
import { alignDecades, fade, round } from '../../main/resources/META-INF/resources/js/charts/common.js';
import { WINDOWS } from '../../main/resources/META-INF/resources/js/charts/profile.js';
import { GeneratedRun } from './dev/runs.mjs';
import { pointsFrame } from './dev/frames.mjs';

const theme = { dark: false, text: '#111111', muted: '#555555', faint: '#888888', line: '#dddddd', card: '#ffffff', accent: '#0072b2', second: '#b85c00', critical: '#c2410c', warning: '#9a6700', good: '#00795a', broken: '#e0186c', font: 'sans-serif' };

/** A model that has seen a generated run. */
function seen(preset, iterations, more = {}) {
  const run = new GeneratedRun({ id: 'r', preset, startedAt: 0, iterations, ...more });
  const model = new RunModel('r');
  model.describe({ run: run.json(1000), layers: run.layers, batchNorms: run.batchNorms });
  if (iterations > 0) model.addFrame(decodeFrame(pointsFrame({ run: 'r', seqFrom: 0, prev: -1, layers: run.depth, batchNorms: run.norms }, run.points)));
  run.epochs().forEach((epoch) => model.addEpoch(epoch));
  return model;
}

const series = (option, id) => option.series.find((one) => one.id === id);
const ys = (data) => [...data].filter((_, i) => i % 2 === 1);

describe('gradient flow', () => {
  const dead = seen('vgg38', 60);

  test('draws one line per window and the newest on top', () => {
    const option = gradientFlowOption(dead, theme);
    const points = option.series.filter(({ id }) => id.startsWith('windows')).reduce((sum, { data }) => sum + data.length / 2, 0);
    const windows = dead.grid('gradient.mean_abs').windows(WINDOWS);
    assert.equal(points, windows.length * (38 + 1), 'every line, and a break after it');
    assert.equal(series(option, 'newest').data.length, 2 * 38);
    assert.equal(gradientFlowPoints(dead), 38 * (windows.length + 1));
  });

  test('always has the same series, so that old lines cannot stay behind', () => {
    const ids = (model) => gradientFlowOption(model, theme).series.map(({ id }) => id);
    assert.deepEqual(ids(seen('vgg38', 1)), ids(dead));
  });

  test('lines of different windows are not connected', () => {
    const { data } = gradientFlowOption(dead, theme).series.find(({ id }) => id === 'windows0');
    assert.deepEqual([...data.slice(2 * 38, 2 * 38 + 4)].map(Number.isNaN), [true, true, false, false]);
  });

  test('newer windows are stronger', () => {
    const opacity = gradientFlowOption(dead, theme).series.filter(({ id, data }) => id.startsWith('window') && data.length > 0).map(({ lineStyle }) => Number(lineStyle.color.match(/,([\d.]+)\)/)[1]));
    assert.deepEqual(opacity, [...opacity].sort((a, b) => a - b));
  });

  test('keeps Adam’s ε in view, marked, whatever the gradients are', () => {
    for (const model of [dead, seen('vgg38-bn-resnet', 30)]) {
      const option = gradientFlowOption(model, theme);
      assert.ok(option.yAxis.min <= -8 && option.yAxis.max >= -8);
      assert.equal(series(option, 'newest').markLine.data[0].yAxis, -8);
    }
  });

  test('draws the cut between its layer and the next, and shades what is cut off', () => {
    const { markLine, markArea } = series(gradientFlowOption(dead, theme, { cut: { layer: 35, label: 'cut' } }), 'newest');
    assert.equal(markLine.data[1].xAxis, 35.5);
    assert.equal(markArea.data[0][1].xAxis, 35.5);
    assert.deepEqual(series(gradientFlowOption(dead, theme), 'newest').markArea.data, []);
  });

  test('takes a range shared with another run', () => {
    const option = gradientFlowOption(seen('vgg38-bn-resnet', 5), theme, { range: gradientFlowRange(dead) });
    assert.equal(option.yAxis.min, gradientFlowOption(dead, theme).yAxis.min);
  });

  test('NaN breaks the line and is marked; exact zero is marked too', () => {
    const model = new RunModel('r');
    model.addFrame(decodeFrame(pointsFrame({ run: 'r', seqFrom: 0, prev: -1, layers: 3 }, [{ iteration: 0, 'gradient.mean_abs': [NaN, 0, 1e-3], 'gradient.nan': [4, 0, 0] }])));
    const option = gradientFlowOption(model, theme);
    assert.deepEqual(ys(series(option, 'newest').data), [NaN, NaN, Math.log10(Math.fround(1e-3))]);
    assert.deepEqual(series(option, 'broken').data.map(([x]) => x), [0]);
    assert.deepEqual(series(option, 'zero').data.map(([x]) => x), [1]);
  });

  test('a layer on a skip path stands beside the line', () => {
    const model = seen('vgg08', 3);
    model.layers = model.layers.map((layer) => ({ ...layer, mainPath: layer.index !== 4 }));
    const option = gradientFlowOption(model, theme);
    assert.deepEqual([...series(option, 'newest').data].filter((_, i) => i % 2 === 0), [0, 1, 2, 3, 5, 6, 7]);
    assert.equal(series(option, 'dots').data.find(({ value }) => value[0] === 4).symbol, 'diamond');
    assert.match(option.tooltip.formatter([{ axisValue: 4 }]), /skip path/);
  });

  test('draws axes for a run without points', () => {
    const option = gradientFlowOption(new RunModel('r'), theme);
    assert.ok(option.yAxis.min < option.yAxis.max);
    assert.equal(series(option, 'newest').data.length, 0);
  });

  test('the tooltip names the layer and its values', () => {
    const words = gradientFlowOption(dead, theme).tooltip.formatter([{ axisValue: 36.2 }]);
    assert.match(words, /layer 36 · stage3\.reduce\.conv2/);
    assert.match(words, /mean \|g\| now: \d\.\d×10⁻⁵/);
  });
});

describe('loss and accuracy', () => {
  test('shows every value as a band and the smoothed course', () => {
    const model = seen('vgg38-bn-resnet', 100);
    const option = lossOption(model, theme);
    assert.equal(series(option, 'loss-band').data.length, 200);
    assert.equal(series(option, 'loss').data.length, 200);
    assert.equal(lossViews(model).loss.points, 100);
  });

  test('marks chance level for a classifier only', () => {
    const model = seen('vgg38', 10);
    assert.equal(series(lossOption(model, theme), 'loss').markLine.data[0].yAxis, Math.log(100));
    model.run.classes = 0;
    assert.deepEqual(series(lossOption(model, theme), 'loss').markLine.data, []);
  });

  test('chance level is inside the axis even before the loss is near it', () => {
    const { yAxis } = lossOption(seen('vgg38-bn-resnet', 400), theme);
    assert.ok(yAxis[0].min <= Math.log(100) && yAxis[0].max >= Math.log(100));
  });

  test('marks NaN at the foot and does not draw it as a number', () => {
    const option = lossOption(seen('vgg38-bn', 40, { nanFrom: 20 }), theme);
    assert.ok(series(option, 'loss-broken').data.length > 10);
    assert.ok(ys(series(option, 'loss').data).slice(30).every(Number.isNaN));
  });

  test('puts validation where its epoch ended', () => {
    assert.equal(series(lossOption(seen('vgg08', 480), theme), 'loss-validation').data[0][0], 474);
  });

  test('draws thousands of epochs as a line, and keeps all of them inside the axes', () => {
    const model = seen('vgg08', 480);
    for (let epoch = 0; epoch < 400; epoch++) model.addEpoch({ epoch, iteration: epoch, validationLoss: epoch === 7 ? 9.5 : 4, validationAccuracy: 0.55 });
    const option = lossOption(model, theme);
    assert.equal(series(option, 'loss-validation').type, 'line');
    assert.equal(series(option, 'loss-validation').data.length, 400);
    assert.ok(option.yAxis[0].max >= 9.5 && option.yAxis[1].max >= 0.55);
  });

  test('epochs outside of the range that is shown do not stretch its axes', () => {
    const model = seen('vgg08', 480);
    model.addEpoch({ epoch: 1, iteration: 3, validationLoss: 50, validationAccuracy: 0.9 });
    const shown = Object.assign(Object.create(model), { range: { from: 100, to: 300 } });
    assert.ok(lossOption(shown, theme).yAxis[0].max < 50);
  });

  test('survives a run without points', () => assert.equal(series(lossOption(new RunModel('r'), theme), 'loss').data.length, 0));
});

describe('heat map', () => {
  const grid = new LayerGrid(3, 4);
  grid.add(0, [1e-8, 1e-4, NaN], { nan: [0, 0, 1] });
  grid.add(1, [0, NaN, Infinity], { nan: [0, 0, 0] });
  const scale = { log: true, range: /** @type {[number, number]} */ ([-8, -4]) };

  test('colours by decade, NaN and infinity apart, and leaves unknown cells empty', () => {
    const pixels = paintCells(grid, scale);
    assert.deepEqual([...pixels], [pixel(0), pixel(0), pixel(1), 0, pixelOf(BROKEN), pixelOf(BROKEN)]);
  });

  test('the broken colour is not on the ramp', () => {
    for (let i = 0; i <= 255; i++) assert.notEqual(pixel(i / 255), pixelOf(BROKEN));
  });

  test('a scale of decades leaves zeros out and has an end for an empty grid', () => {
    assert.deepEqual(scaleOf(grid, true), { log: true, range: [-8, -4] });
    assert.deepEqual(scaleOf(null, true).range, [-9, -1]);
    assert.deepEqual(scaleOf(new LayerGrid(2), false).range, [0, 1]);
  });

  test('a linear scale holds zero', () => {
    const linear = new LayerGrid(1, 4);
    linear.add(0, [0.5]);
    assert.deepEqual(scaleOf(linear, false).range, [0, 0.5]);
    linear.add(1, [-2]);
    assert.deepEqual(scaleOf(linear, false).range, [-2, 0.5]);
  });

  test('values beyond the scale take its end colours; NaN has none', () => {
    assert.equal(shareOf(1e-20, scale), 0);
    assert.equal(shareOf(5, scale), 1);
    assert.equal(shareOf(0, scale), 0);
    assert.ok(Number.isNaN(shareOf(NaN, scale)));
    assert.ok(Number.isNaN(shareOf(-1, scale)));
  });

  test('places its picture over the columns that it stands for', () => {
    const option = heatmapOption({ rows: 3, shown: 10, columns: 2, columnWidth: 4, cut: 1, image: (w, h) => [w, h] }, theme);
    const drawn = series(option, 'cells').renderItem({}, { coord: ([x, y]) => [x * 10, y * 5] });
    assert.deepEqual(drawn.style, { image: [80, 15], x: 0, y: 0, width: 80, height: 15 });
    assert.equal(series(option, 'cut').markLine.data[0].yAxis, 2);
  });
});

describe('batch normalisation', () => {
  test('draws γ, β, means, variances and drift of every layer', () => {
    const model = seen('vgg38-bn', 5);
    const option = batchNormOption(model, theme);
    assert.equal(option.series.length, 7);
    assert.ok(option.series.every(({ data }) => data.length === 2 * 37));
    assert.equal(batchNormPoints(model), 7 * 37);
  });
  test('a narrow one stacks its panels', () => {
    const lefts = batchNormOption(seen('vgg38-bn', 2), theme, { width: 320 }).grid.map(({ left }) => left);
    assert.equal(new Set(lefts).size, 1);
  });
  test('a net without batch norm has nothing to draw', () => assert.equal(batchNormPoints(seen('vgg38', 3)), 0));
});

describe('other charts', () => {
  test('the update ratio is drawn against its usual size', () => {
    const option = updateRatioOption(seen('vgg38', 5), theme);
    assert.equal(series(option, 'newest').markLine.data[0].yAxis, -3);
  });
  test('the cost is telemetry’s share of an iteration', () => {
    assert.deepEqual([...shares(Float64Array.of(0, 1, 1, 2), Float64Array.of(0, 100, 1, 0))], [0, 0.01, 1, NaN]);
    const share = ys(series(costOption(seen('vgg38', 50), theme), 'telemetry').data).at(-1);
    assert.ok(share > 0.005 && share < 0.03, `${share}`);
  });
});

describe('axes', () => {
  test('decades end on labelled ones, 10⁻⁸ among them', () => {
    assert.deepEqual(alignDecades([-19, -1]), [-20, 0]);
    assert.deepEqual(alignDecades([-9, -1]), [-10, 0]);
    assert.deepEqual(alignDecades([-3, -1]), [-3, -1]);
  });
  test('linear ends are round and hold the data', () => {
    for (const [low, high] of [[4.55, 4.67], [0.9, 4.7], [0, 0.013], [4.6, 4.6], [-2.2, 7]]) {
      const { min, max, interval } = round(low, high, { least: 0.2, steps: 3 });
      assert.ok(min <= low && max >= high, `${min} ${low} ${high} ${max}`);
      assert.ok(Math.abs((max - min) / interval - Math.round((max - min) / interval)) < 1e-6);
    }
  });
  test('a range of nothing is drawable', () => assert.deepEqual(round(Infinity, -Infinity), { min: 0, max: 1, interval: 0.5 }));
  test('fading keeps the colour', () => assert.equal(fade('#0072b2', 0.5), 'rgba(0,114,178,0.5)'));
});
