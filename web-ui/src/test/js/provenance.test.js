import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { provenanceLine, provenanceOf, provenanceText, trainCommand } from '../../main/resources/META-INF/resources/js/state/provenance.js';

const RUN = {
  id: '20261124-024250-vgg08-bn-resnet-c2bc', preset: 'vgg08-bn-resnet', seed: 0, startedAt: '2026-11-24T02:42:50.000Z', endedAt: null, parameters: 63204, layers: 11, batchNorms: 7,
  attempt: 2, attempts: [{ attempt: 1, firstIteration: 0, lastIteration: 584 }, { attempt: 2, firstIteration: 475, lastIteration: 899 }],
  dataset: { name: 'cifar-100', synthetic: false, sha256: 'f31298fc616915fa', train: 47500, validation: 2500, test: 10000 },
  configuration: { threads: '2', seed: '0', preset: 'vgg08-bn-resnet', lr: '0.001', data: '/data/my images', bn: 'before' },
  versions: { nd4j: '1.0.0-M2.1', gradwatch: '0.1.0' }, host: 'vm',
};
const rows = (title) => Object.fromEntries(/** @type {any} */ (provenanceOf(RUN).find((one) => one.title === title)).rows);

describe('where a run comes from', () => {
  test('is seed, data with its checksum, settings, versions, machine and attempts', () => {
    assert.deepEqual([rows('Run').seed, rows('Run').attempts], ['0', '1: iterations 0–584; 2: iterations 475–899']);
    assert.deepEqual([rows('Data set').sha256, rows('Data set')['train, validation, test']], ['f31298fc616915fa', '47,500, 2,500, 10,000']);
    assert.deepEqual(Object.keys(rows('Configuration')), ['preset', 'lr', 'seed', 'bn', 'data', 'threads'], 'what is asked for first comes first');
    assert.deepEqual(Object.keys(rows('Versions and machine')), ['gradwatch', 'nd4j', 'host']);
  });

  test('what nobody told is a dash, not a zero', () => {
    const [run, , data] = provenanceOf({ id: 'x', dataset: null, attempt: 1 });
    assert.deepEqual(run.rows.filter(([name]) => ['seed', 'preset', 'ended'].includes(name)).map(([, value]) => value), ['–', '–', '–']);
    assert.ok(data.rows.every(([, value]) => !value.includes('0')));
  });

  test('is one line while it is folded away, and text to be copied', () => {
    assert.equal(provenanceLine(RUN), 'seed 0 · cifar-100 f31298fc6169 · gradwatch 0.1.0 · vm');
    assert.match(provenanceText(RUN), /^Run\n {2}id: 20261124.*\n\nCommand\n {2}\.\/gradwatch train vgg08-bn-resnet/s);
  });

  test('is a command that trains it again, for runs that a command made', () => {
    assert.equal(trainCommand(RUN), "./gradwatch train vgg08-bn-resnet --lr 0.001 --seed 0 --bn before --data '/data/my images' --threads 2");
    assert.equal(trainCommand({ ...RUN, configuration: { lr: '0.1' } }), null);
    assert.equal(trainCommand({ id: 'x' }), null);
  });
});
