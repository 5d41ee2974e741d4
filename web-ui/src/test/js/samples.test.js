import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RunModel } from '../../main/resources/META-INF/resources/js/state/run-model.js';
import { sampledOf } from '../../main/resources/META-INF/resources/js/state/samples.js';
import { activationOption, curvatureOption, resourcesOption, shatteringOption } from '../../main/resources/META-INF/resources/js/charts/sampled.js';
import { lossOption } from '../../main/resources/META-INF/resources/js/charts/loss.js';
import { bytes } from '../../main/resources/META-INF/resources/js/format.js';

const THEME = /** @type {any} */ ({ dark: false, text: '#111111', muted: '#666666', line: '#dddddd', card: '#ffffff', accent: '#0066cc', second: '#aa5500', warning: '#cc8800', critical: '#cc0000', broken: '#ff2e92', font: 'sans-serif' });

/** Frame of points from iteration `from` on, each with a loss; `blocks` adds others, by name: [values, numbers per point]. */
function frame(from, count, { attempt = 1, flags = new Array(count).fill(0), conflated = false, iterationFrom = undefined, blocks = {} } = {}) {
  const all = new Map([
    ['iteration', { name: 'iteration', dtype: 'f64', shape: [count], data: Float64Array.from({ length: count }, (_, i) => from + i) }],
    ['loss', { name: 'loss', dtype: 'f32', shape: [count], data: new Float32Array(count).fill(attempt) }],
    ['flags', { name: 'flags', dtype: 'f32', shape: [count], data: Float32Array.from(flags) }],
  ]);
  for (const [name, [values, rows]] of Object.entries(blocks)) {
    all.set(name, { name, dtype: rows ? 'f32' : 'f64', shape: rows ? [count, rows] : [count], data: rows ? Float32Array.from(values) : Float64Array.from(values) });
  }
  return /** @type {any} */ ({ header: { type: 'points', run: 'a', attempt, points: count, conflated, iterationFrom, layers: 2, batchNorms: 0 }, blocks: all });
}

describe('Samples of a run', () => {
  test('are nothing while nothing was sampled', () => {
    const model = new RunModel('a');
    model.addFrame(frame(0, 3));
    for (const group of ['activation', 'curvature', 'shattering', 'resources']) assert.equal(model.samples.has(group), false);
    for (const option of [activationOption, curvatureOption, shatteringOption, resourcesOption]) assert.equal(option(model, THEME), null);
  });

  test('stand where they were made; between them nothing is made up', () => {
    const model = new RunModel('a');
    model.addFrame(frame(0, 3, { flags: [0, 16, 0], blocks: { 'curvature.actual_change': [[NaN, -1e-12, NaN]], 'curvature.predicted_change': [[NaN, -2e-12, NaN]] } }));
    const view = model.samples.series('curvature.actual_change')?.view(10);
    assert.equal(view?.points, 1);
    assert.deepEqual([...(view?.smooth ?? [])], [1, -1e-12]);
    assert.equal(view?.broken.length, 0);
    assert.deepEqual(curvatureOption(model, THEME)?.series.filter((one) => one.type === 'line').map((one) => one.id), ['predicted', 'actual']);
  });

  test('keep a measured NaN apart from no sample', () => {
    const model = new RunModel('a');
    model.addFrame(frame(0, 3, { flags: [32, 32, 0], blocks: { 'shattering.correlation': [[NaN, 0.5, NaN]] } }));
    assert.deepEqual(model.samples.series('shattering.correlation')?.view(10).broken, [0]);
    assert.equal(shatteringOption(model, THEME)?.series[1].data.length, 1);
  });

  test('of layers: the newest sample is shown, also when the last point of a frame has none', () => {
    const model = new RunModel('a');
    model.layers = [{ name: 'one' }, { name: 'two' }];
    model.addFrame(frame(0, 2, { flags: [8, 0], blocks: { 'activation.negative_fraction': [[0.25, 0.75, NaN, NaN], 2] } }));
    assert.deepEqual([...(model.samples.latest.get('activation.negative_fraction') ?? [])], [0.25, 0.75]);
    const newest = activationOption(model, THEME)?.series.at(-1);
    assert.deepEqual([...newest.data], [0, 0.25, 1, 0.75]);
  });

  test('of the machine: a figure that it does not have is no line', () => {
    const model = new RunModel('a');
    model.addFrame(frame(0, 1, { flags: [64], blocks: { 'resources.heap_bytes': [[3e9]], 'resources.gpu': [[NaN]] } }));
    assert.equal(model.samples.series('resources.gpu'), null);
    assert.equal(model.samples.series('resources.heap_bytes')?.recentMean(1), 3e9);
  });

  test('are asked of history only where the run has some', () => {
    assert.deepEqual(sampledOf({ sampled: ['curvature', 'histograms'] }, ['curvature.step', 'resources.gpu']), ['curvature.step']);
    assert.deepEqual(sampledOf({}, ['curvature.step']), []);
  });

  test('of history with count 0 are none', () => {
    const model = new RunModel('a');
    model.samples.addSeries({ series: [{ metric: 'shattering.correlation', buckets: [{ from: 0, count: 1, min: 0.5, max: 0.5, mean: 0.5, nan: 0, inf: 0 }, { from: 10, count: 0, min: null, max: null, mean: null, nan: 0, inf: 0 }] }] }, 100);
    assert.equal(model.samples.series('shattering.correlation')?.points, 1);
  });
});

describe('A resumed run', () => {
  test('replaces what the attempt before had, samples too', () => {
    const model = new RunModel('a');
    model.addFrame(frame(0, 10, { flags: new Array(10).fill(32), blocks: { 'shattering.correlation': [new Array(10).fill(0.1)] } }));
    model.addEpoch({ epoch: 0, iteration: 4, attempt: 1 });
    model.addEpoch({ epoch: 1, iteration: 9, attempt: 1 });
    model.addFrame(frame(6, 2, { attempt: 2, flags: [32, 0], blocks: { 'shattering.correlation': [[0.9, NaN]] } }));
    const view = model.samples.series('shattering.correlation')?.view(20);
    assert.deepEqual([...(view?.smooth ?? [])], [0, 0.1, 1, 0.1, 2, 0.1, 3, 0.1, 4, 0.1, 5, 0.1, 6, 0.9]);
    assert.deepEqual([...model.scalars.loss.view(20).smooth], [0, 1, 1, 1, 2, 1, 3, 1, 4, 1, 5, 1, 6, 2, 7, 2]);
    assert.deepEqual([...model.epochs.keys()], [0]);
    assert.equal(model.iteration, 7);
  });

  test('is cut where the attempt began, when its first frame is conflated', () => {
    const model = new RunModel('a');
    model.addFrame(frame(0, 10));
    model.addFrame(frame(8, 1, { attempt: 2, conflated: true, iterationFrom: 4 }));
    assert.deepEqual([...model.scalars.loss.view(20).smooth], [0, 1, 1, 1, 2, 1, 3, 1, 8, 2]);
  });

  test('takes no stragglers of the attempt before', () => {
    const model = new RunModel('a');
    model.addFrame(frame(0, 4, { attempt: 2 }));
    model.addFrame(frame(2, 4, { attempt: 1 }));
    assert.equal(model.iteration, 3);
  });

  test('has a mark on the loss chart where it went on', () => {
    const model = new RunModel('a');
    model.updateRun({ classes: 0, attempts: [{ attempt: 1, firstIteration: 0 }, { attempt: 2, firstIteration: 3 }] });
    model.addFrame(frame(0, 10));
    const marks = lossOption(model, THEME).series.find((one) => one.id === 'loss').markLine.data;
    assert.deepEqual(marks.map(({ xAxis, name }) => [xAxis, name]), [[3, 'attempt 2']]);
  });

  test('shows in grey what was replaced, with breaks where nothing is finite', () => {
    const model = new RunModel('a');
    model.addFrame(frame(0, 10));
    model.setSuperseded([{ attempt: 1, buckets: [{ from: 4, to: 5, mean: 2.5 }, { from: 5, to: 6, mean: null }, { from: 6, to: 8, mean: 3 }] }]);
    const grey = lossOption(model, THEME).series.find((one) => one.id === 'loss-superseded-1');
    assert.deepEqual([...grey.data], [4, 2.5, 5, NaN, 6.5, 3]);
  });
});

test('memory has a unit', () => {
  assert.deepEqual([512, 2_000_000, 3.21e9, 15.2e9, NaN, null].map(bytes), ['512\u00a0B', '2\u00a0MB', '3.2\u00a0GB', '15\u00a0GB', '–', '–']);
});
