import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TABLE_1 } from '../../main/resources/META-INF/resources/js/state/table1-paper.js';
import { caveatsOf, epochsDone, figureOf, points, rowOf, tableOf } from '../../main/resources/META-INF/resources/js/state/table1.js';

const PRESETS = fileURLToPath(new URL('../../../../trainer/experiments/src/main/java/io/gradwatch/experiments/network/Presets.java', import.meta.url));
const configuration = (more = {}) => ({ 'depth-blocks': '5', bn: 'before', skip: 'conv', activation: 'leaky-relu', lr: '0.001', 'weight-decay': '0.0', init: 'uniform', ...more });
const run = (more = {}) => ({ id: 'r', preset: 'vgg38-bn-resnet', batchSize: 512, iteration: 9299, iterationsPerEpoch: 93, startedAt: '2026-01-01', dataset: { name: 'cifar-100', synthetic: false }, configuration: configuration(), result: null, bestValidationAccuracy: null, ...more });
const rowNamed = (preset) => /** @type {import('../../main/resources/META-INF/resources/js/state/table1-paper.js').PaperRow} */ (TABLE_1.find((row) => row.preset === preset));

test('the dashboard has the figures that the presets have', () => {
  const rows = [...readFileSync(PRESETS, 'utf8').matchAll(/row\(\s*"([^"]+)",\s*(?:[^()]|\([^()]*\))*?,\s*(\d+),\s*([\d.e-]+),\s*([\d.e-]+),\s*([\d.]+),\s*([\d.]+)\)/g)];
  assert.equal(rows.length, 16);
  assert.deepEqual(TABLE_1.map(({ preset, batch, lr, weightDecay, test: t, train }) => [preset, batch, lr, weightDecay, t, train]), rows.map(([, preset, ...numbers]) => [preset, ...numbers.map(Number)]));
});

describe('the row of a run', () => {
  test('is that of its network and its training, whatever the preset is called', () => {
    assert.equal(rowOf(run())?.row.preset, 'vgg38-bn-resnet');
    assert.equal(rowOf(run())?.exact, true);
    const other = rowOf(run({ batchSize: 256, configuration: configuration({ lr: '0.01', 'weight-decay': '6.0E-4' }) }));
    assert.equal(other?.row.preset, 'vgg38-bn-resnet-b256-lr0.01-wd6e-4');
    assert.equal(other?.exact, true);
  });

  test('is that of the preset when the training is another one', () => {
    const found = rowOf(run({ batchSize: 100 }));
    assert.equal(found?.row.preset, 'vgg38-bn-resnet');
    assert.equal(found?.exact, false);
  });

  test('follows the network where the preset was changed by options', () => {
    assert.equal(rowOf(run({ preset: 'vgg38', batchSize: 100, configuration: configuration({ skip: 'none' }) }))?.row.preset, 'vgg38-bn');
  });

  test('is the plain one for the plain networks of the paper’s framework, which say what they have', () => {
    const entry = run({ preset: 'vgg08-bn-entry', batchSize: 100, configuration: configuration({ 'depth-blocks': '0', bn: 'entry', skip: 'none' }) });
    const found = rowOf(entry);
    assert.equal(found?.row.preset, 'vgg08');
    assert.match(caveatsOf(entry, rowNamed('vgg08'))[0], /behind the entry convolution/);
  });

  test('is none for networks that the paper does not have', () => {
    assert.equal(rowOf(run({ preset: 'wide-resnet', configuration: { lr: '0.001' } })), null);
    assert.equal(rowOf(run({ preset: 'vgg38-bn-after', configuration: configuration({ bn: 'after', skip: 'none' }) })), null);
    assert.equal(rowOf(run({ preset: '', configuration: {} })), null);
  });
});

describe('the figure of a run', () => {
  test('is the test accuracy of its best epoch, where that is known', () => {
    assert.deepEqual(figureOf(run({ result: { testAccuracy: 0.5784 }, bestValidationAccuracy: 0.6 }), rowNamed('vgg38-bn-resnet')), { accuracy: 0.5784, measured: 'test', difference: 57.84 - 58.84 });
  });

  test('is the best validation accuracy until then, and says so', () => {
    const figure = figureOf(run({ bestValidationAccuracy: 0.6 }), rowNamed('vgg38-bn-resnet'));
    assert.equal(figure?.measured, 'validation');
    assert.ok(Math.abs((figure?.difference ?? 0) - 1.16) < 1e-9);
  });

  test('is none before the first epoch, and none of a NaN', () => {
    assert.equal(figureOf(run(), rowNamed('vgg38')), null);
    assert.equal(figureOf(run({ result: { testAccuracy: 'NaN' } }), rowNamed('vgg38')), null);
  });
});

test('what is unlike the paper is named', () => {
  const row = rowNamed('vgg38-bn-resnet');
  assert.deepEqual(caveatsOf(run(), row), []);
  assert.deepEqual(caveatsOf(run({ batchSize: 100, iteration: 100, iterationsPerEpoch: 475, dataset: { synthetic: true }, configuration: configuration({ lr: '1', init: 'he' }) }), row), ['generated images', 'batch 100', 'learning rate 1', 'less than one of 100 epochs', 'initialised he']);
  assert.deepEqual(caveatsOf(run({ dataset: { name: 'cifar-10', synthetic: false } }), row), ['cifar-10']);
});

test('epochs are counted by iterations, the begun one as a share', () => {
  assert.equal(epochsDone({ iteration: 949, iterationsPerEpoch: 475 }), 2);
  assert.equal(epochsDone({ iteration: null }), 0);
  assert.equal(epochsDone({ iteration: 5, iterationsPerEpoch: 0 }), null);
});

test('the table has all rows of the paper, and the runs that are most like it first', () => {
  const short = run({ id: 'short', iteration: 100, bestValidationAccuracy: 0.1 });
  const whole = run({ id: 'whole', bestValidationAccuracy: 0.5 });
  const begun = run({ id: 'begun', iteration: null });
  const table = tableOf([begun, short, whole, run({ id: 'none', preset: 'highway', configuration: {} })]);
  assert.deepEqual(table.map(({ row }) => row.preset), TABLE_1.map(({ preset }) => preset));
  const lines = table.find(({ row }) => row.preset === 'vgg38-bn-resnet')?.lines ?? [];
  assert.deepEqual(lines.map((line) => line.run.id), ['whole', 'short', 'begun']);
  assert.equal(table.reduce((sum, one) => sum + one.lines.length, 0), 3);
});

test('points have a sign, and never a minus before nothing', () => {
  assert.deepEqual([0.421, -3.1, 0, -0.001].map(points), ['+0.42', '−3.10', '0.00', '0.00']);
});
