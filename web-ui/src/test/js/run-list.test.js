import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { compareFault } from '../../main/resources/META-INF/resources/js/views/bulk-bar.js';
import { nextSort } from '../../main/resources/META-INF/resources/js/views/run-list-head.js';
import { progressWords, shortName } from '../../main/resources/META-INF/resources/js/views/run-row.js';
import { QUERY } from '../../main/resources/META-INF/resources/js/views/table1.js';

describe('the run list', () => {
  test('a column sorts figures from their top, names from their beginning, then the other way, then not at all', () => {
    assert.deepEqual(['', '-loss', 'loss'].map((sort) => nextSort(sort, 'loss')), ['-loss', 'loss', '']);
    assert.deepEqual(['', 'name', '-name'].map((sort) => nextSort(sort, 'name')), ['name', '-name', '']);
    assert.equal(nextSort('name', 'loss'), '-loss');
  });

  test('two to eight runs can be compared', () => {
    assert.match(compareFault(1), /two/);
    assert.equal(compareFault(2), '');
    assert.equal(compareFault(8), '');
    assert.match(compareFault(9), /At most 8/);
  });

  test('a long name is cut between its characters, a short one stays', () => {
    assert.equal(shortName('<b>vgg</b>'), '<b>vgg</b>');
    assert.equal([...shortName('x'.repeat(10_000))].length, 161);
    assert.equal(shortName('😀'.repeat(5000)), `${'😀'.repeat(160)}…`);
  });

  test('progress says the iteration, and the epoch where epochs are planned', () => {
    assert.equal(progressWords({ iteration: 1200, epoch: 2, plannedEpochs: 100 }), 'iteration 1,200 · epoch 3 of 100');
    assert.equal(progressWords({ iteration: 0, epoch: null, plannedEpochs: 0 }), 'iteration 0');
    assert.equal(progressWords({ iteration: null }), 'no iteration yet');
  });

  test('what Table 1 asks for is within the limits of the language of queries', () => {
    assert.ok(QUERY.length <= 2000);
    assert.ok(QUERY.split(' OR ').length <= 100);
  });
});
