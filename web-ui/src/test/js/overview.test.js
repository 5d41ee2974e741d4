import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { batches, msLeft, openAlerts, sparkline, stripCells, stripWords } from '../../main/resources/META-INF/resources/js/state/overview.js';
import { Overviews } from '../../main/resources/META-INF/resources/js/state/overviews.js';
import { between, howMany, Selection } from '../../main/resources/META-INF/resources/js/state/selection.js';
import { deletable, eachRun, tagCounts, tagFault } from '../../main/resources/META-INF/resources/js/state/bulk.js';

const layers = (meanAbs, more = {}) => ({ iteration: 9, meanAbs, notFinite: [], skip: [], ...more });
const kinds = (cells) => cells.map(({ kind }) => kind);

describe('the strip of a run', () => {
  test('tells alive, dead and broken layers, and what was not measured, apart', () => {
    assert.deepEqual(kinds(stripCells(layers([1e-3, 1e-8, 0.99e-8, 0, 'NaN', 'Infinity', null]))), ['alive', 'alive', 'dead', 'dead', 'broken', 'broken', 'unknown']);
  });

  test('a layer with single elements that are not finite is broken, whatever its mean is', () => {
    assert.deepEqual(kinds(stripCells(layers([1e-3, 1e-3], { notFinite: [1] }))), ['alive', 'broken']);
  });

  test('layers on skip paths have no cell, and the others keep their numbers', () => {
    assert.deepEqual(stripCells(layers([1, 2, 3], { skip: [1] })).map(({ layer }) => layer), [0, 2]);
  });

  test('is empty before the first iteration', () => {
    assert.deepEqual(stripCells(null), []);
    assert.equal(stripWords([]), 'No gradients by layer yet');
  });

  test('says in words what the colours say', () => {
    const words = stripWords(stripCells(layers([1e-18, 'NaN', 0.5, null])));
    assert.equal(words, '1 of 4 layers receive a gradient; 1 below Adam’s ε (1e-8); 1 with NaN or infinity; 1 not measured; the smallest is 1.0×10⁻¹⁸, in layer 0');
  });
});

describe('the small line of the loss', () => {
  const box = { width: 100, height: 20, pad: 0 };
  const bucket = (from, value, more = {}) => [from, from + 1, more.min ?? value, more.max ?? value, value, more.odd ?? 0];

  test('goes from the top left to the bottom right when the loss falls', () => {
    const { line, end } = sparkline({ to: 4, width: 1, buckets: [0, 1, 2, 3].map((i) => bucket(i, 4 - i)) }, box);
    assert.equal(line, 'M12.5 0L37.5 6.7L62.5 13.3L87.5 20');
    assert.deepEqual(end, { x: 87.5, y: 20 });
  });

  test('holds every extreme in its band', () => {
    const { band } = sparkline({ to: 2, width: 1, buckets: [bucket(0, 5, { min: 0, max: 10 }), bucket(1, 5)] }, box);
    assert.equal(band, 'M25 0L75 10L75 10L25 20Z');
  });

  test('breaks where nothing is finite, and marks the place', () => {
    const { line, broken } = sparkline({ to: 3, width: 1, buckets: [bucket(0, 1), [1, 2, null, null, null, 1], bucket(2, 2)] }, box);
    assert.equal(line.match(/M/g)?.length, 2);
    assert.deepEqual(broken, [50]);
  });

  test('breaks where there are no rows', () => {
    assert.equal(sparkline({ to: 9, width: 1, buckets: [bucket(0, 1), bucket(5, 2)] }, box).line.match(/M/g)?.length, 2);
  });

  test('stands in the middle when the loss never changes, and draws nothing of nothing', () => {
    assert.equal(sparkline({ to: 1, width: 1, buckets: [bucket(0, 4)] }, box).line, 'M50 10h.01');
    assert.deepEqual(sparkline({ to: 0, width: 1, buckets: [] }, box), { line: '', band: '', broken: [], end: null });
  });
});

describe('the alert of a row', () => {
  const alert = (rule, severity, state = 'firing') => ({ rule, severity, state, since: '2026-01-01', message: rule, acknowledged: false });

  test('is the worst one, with the number of the others that are open', () => {
    const open = openAlerts([alert('plateau', 'warning'), alert('vanish-floor', 'critical'), alert('overfit', 'info', 'recovering')]);
    assert.equal(open?.rule, 'vanish-floor');
    assert.equal(open?.more, 2);
  });

  test('is none when all are only pending, but for a critical one', () => {
    assert.equal(openAlerts([alert('plateau', 'warning', 'pending')]), null);
    assert.equal(openAlerts([alert('nan-inf', 'critical', 'pending')])?.more, 0);
    assert.equal(openAlerts([]), null);
  });
});

test('the time left follows from the pace of the newest iterations; without one it is unknown', () => {
  const run = { state: 'running', iteration: 9, plannedIterations: 20 };
  assert.equal(msLeft(run, /** @type {any} */ ({ iterationMs: 100 })), 1000);
  assert.equal(msLeft(run, /** @type {any} */ ({ iterationMs: null })), null);
  assert.equal(msLeft(run, null), null);
  assert.equal(msLeft({ ...run, state: 'finished' }, /** @type {any} */ ({ iterationMs: 100 })), null);
});

describe('requests for overviews', () => {
  test('hold neither too many ids nor too many characters', () => {
    assert.deepEqual(batches(['a', 'b', 'c'], 2), [['a', 'b'], ['c']]);
    assert.deepEqual(batches(['aaaa', 'bbbb', 'cccc'], 50, 15), [['aaaa', 'bbbb'], ['cccc']]);
    assert.deepEqual(batches([]), []);
    const long = Array.from({ length: 50 }, (_, i) => `${i}`.padStart(120, 'x'));
    for (const batch of batches(long)) assert.ok(batch.map(encodeURIComponent).join(',').length < 3000);
    assert.deepEqual(batches(long).flat(), long);
  });

  const settled = async () => {
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  const fake = (items = (ids) => ids.map((id) => ({ id, seq: 1 }))) => {
    const asked = [];
    return { asked, getOverviews: async (ids) => (asked.push(ids), items(ids)) };
  };

  test('ask for all runs of a page at once', async () => {
    const api = fake();
    const overviews = new Overviews({ api });
    overviews.want(['a', 'b']);
    overviews.want(['c']);
    await settled();
    assert.deepEqual(api.asked, [['a', 'b', 'c']]);
    assert.equal(overviews.of('b')?.seq, 1);
    overviews.dispose();
  });

  test('a run that changes is asked for again after a pause, a new one at once', async () => {
    const api = fake();
    const overviews = new Overviews({ api });
    overviews.want(['a']);
    await settled();
    overviews.want(['a']);
    await settled();
    assert.equal(api.asked.length, 1, 'not again so soon');
    overviews.want(['new']);
    await settled();
    assert.deepEqual(api.asked[1], ['a', 'new']);
    overviews.dispose();
  });

  test('tell which runs are gone', async () => {
    const overviews = new Overviews({ api: fake((ids) => ids.filter((id) => id !== 'gone').map((id) => ({ id }))) });
    const gone = [];
    overviews.addEventListener('gone', (event) => gone.push(.../** @type {any} */ (event).detail));
    overviews.want(['a', 'gone']);
    await settled();
    assert.deepEqual(gone, ['gone']);
    overviews.dispose();
  });

  test('a failure leaves what was there', async () => {
    let works = true;
    const overviews = new Overviews({ api: { getOverviews: async (ids) => (works ? /** @type {any} */ (ids.map((id) => ({ id, seq: 7 }))) : Promise.reject(new Error('away'))) } });
    overviews.want(['a']);
    await settled();
    works = false;
    overviews.want(['a', 'b']);
    await settled();
    assert.equal(overviews.of('a')?.seq, 7);
    assert.equal(overviews.of('b'), null);
    overviews.dispose();
  });
});

describe('the selection', () => {
  test('keeps the order of choosing and tells of changes', () => {
    const selection = new Selection();
    let changes = 0;
    selection.addEventListener('change', () => changes++);
    selection.set('b', true);
    selection.set('a', true);
    selection.set('a', true);
    assert.deepEqual(selection.ids, ['b', 'a']);
    selection.set('b', false);
    assert.deepEqual(selection.ids, ['a']);
    assert.equal(changes, 3);
  });

  test('extends from the row that was changed last, in either direction', () => {
    const order = ['a', 'b', 'c', 'd'];
    const selection = new Selection();
    selection.set('c', true);
    selection.extend('a', true, order);
    assert.deepEqual(new Set(selection.ids), new Set(['a', 'b', 'c']));
    selection.extend('b', false, order);
    assert.deepEqual(selection.ids, ['c']);
  });

  test('rows that are gone are chosen no more; the rest stays, and a range begins where it did', () => {
    const order = ['a', 'b', 'c', 'd'];
    const selection = new Selection();
    let changes = 0;
    selection.set('d', true);
    selection.set('b', true);
    selection.addEventListener('change', () => changes++);
    selection.drop(['c']);
    assert.equal(changes, 0);
    selection.drop(['d']);
    assert.equal(changes, 1);
    assert.deepEqual(selection.ids, ['b']);
    selection.extend('c', true, order);
    assert.deepEqual(selection.ids, ['b', 'c']);
  });

  test('a range whose beginning is gone is its other end alone', () => {
    const selection = new Selection();
    selection.set('a', true);
    selection.drop(['a']);
    selection.extend('c', true, ['a', 'b', 'c']);
    assert.deepEqual(selection.ids, ['c']);
  });

  test('a range with an end that is not shown is its other end alone', () => {
    assert.deepEqual(between(['a', 'b'], 'gone', 'b'), ['b']);
  });

  test('none, some and all are told apart', () => {
    const selection = new Selection();
    assert.equal(howMany(['a', 'b'], selection), 'none');
    assert.equal(howMany([], selection), 'none');
    selection.set('a', true);
    assert.equal(howMany(['a', 'b'], selection), 'some');
    selection.all(['a', 'b'], true);
    assert.equal(howMany(['a', 'b'], selection), 'all');
  });
});

describe('what is done to several runs', () => {
  test('one that fails keeps no other from being done, and is told with its reason', async () => {
    const done = [];
    const outcomes = await eachRun(['a', 'b', 'c'], async (id) => {
      if (id === 'b') throw new Error('run b is running');
      return id.toUpperCase();
    }, { onProgress: (count) => done.push(count) });
    assert.deepEqual(outcomes.map(({ id, answer, error }) => [id, answer, error?.message ?? null]), [['a', 'A', null], ['b', null, 'run b is running'], ['c', 'C', null]]);
    assert.deepEqual(done, [1, 2, 3]);
  });

  test('only a few are under way at a time', async () => {
    let now = 0;
    let most = 0;
    await eachRun(Array.from({ length: 9 }, (_, i) => `${i}`), async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      now--;
    }, { atOnce: 3 });
    assert.equal(most, 3);
    assert.deepEqual(await eachRun([], async () => 1), []);
  });

  test('tags are counted by run, the commonest first', () => {
    assert.deepEqual(tagCounts([{ tags: ['b', 'a'] }, { tags: ['a', 'a'] }, {}]), [{ tag: 'a', count: 2 }, { tag: 'b', count: 1 }]);
  });

  test('a tag that the service would refuse is refused here', () => {
    assert.equal(tagFault('cured'), '');
    assert.equal(tagFault('<b>שלום</b>'), '');
    assert.equal(tagFault('😀'.repeat(64)), '');
    assert.match(tagFault('x'.repeat(10_000)), /at most 64 characters; this one has 10000/);
    assert.match(tagFault('a\u0007'), /control/);
    assert.match(tagFault(''), /at least one/);
  });

  test('runs in training are kept from deletion, silent ones are not', () => {
    const { yes, no } = deletable(['running', 'paused', 'silent', 'finished', 'failed', 'stopped'].map((state) => ({ state })));
    assert.deepEqual(yes.map(({ state }) => state), ['silent', 'finished', 'failed', 'stopped']);
    assert.deepEqual(no.map(({ state }) => state), ['running', 'paused']);
  });
});
