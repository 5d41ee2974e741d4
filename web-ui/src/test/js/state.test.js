import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { RunModel } from '../../main/resources/META-INF/resources/js/state/run-model.js';
import { RunSession } from '../../main/resources/META-INF/resources/js/state/run-session.js';
import { Store } from '../../main/resources/META-INF/resources/js/state/store.js';
import { cutByValues, decades, gradientHealth, gradientWords, onMainPath, progress, silentLayers, stretches, timeLeft, verdictOf, worstAlert } from '../../main/resources/META-INF/resources/js/state/health.js';
import { decodeFrame } from '../../main/resources/META-INF/resources/js/net/protocol.js';
import { pointsFrame } from './dev/frames.mjs';

const point = (iteration, more = {}) => ({ iteration, epoch: 0, loss: 4.6, accuracy: 0.01, flags: 0, 'gradient.mean_abs': [1e-18, 1e-4], 'gradient.nan': [0, 0], ...more });
const frameOf = (points, more = {}) => decodeFrame(pointsFrame({ run: 'r', seqFrom: points[0].iteration, prev: points[0].iteration - 1, layers: 2, ...more }, points));

describe('RunModel', () => {
  test('a frame moves the newest values and the series', () => {
    const model = new RunModel('r');
    model.addFrame(frameOf([point(0), point(1, { loss: 4.5 })], { dropped: 3, producedAt: 99 }));
    assert.equal(model.iteration, 1);
    assert.equal(model.newest.loss, 4.5);
    assert.equal(model.dropped, 3);
    assert.equal(model.producedAt, 99);
    assert.equal(model.grid('gradient.mean_abs').length, 2);
    assert.deepEqual([...model.latest.get('gradient.mean_abs')], [1e-18, 1e-4].map(Math.fround));
  });

  test('a loss that was not measured is left out; one measured as NaN is kept', () => {
    const model = new RunModel('r');
    model.addFrame(frameOf([point(0, { loss: NaN, flags: 1 }), point(1, { loss: NaN })]));
    assert.equal(model.scalars.loss.points, 1);
    assert.deepEqual(model.scalars.loss.view(10).broken, [1]);
    assert.ok(Number.isNaN(model.newest.loss));
  });

  test('a new attempt takes the place of what the old one had from there on', () => {
    const model = new RunModel('r');
    model.addFrame(frameOf([point(0), point(1), point(2)]));
    model.addFrame(frameOf([point(1, { loss: 1 })], { attempt: 2 }));
    assert.equal(model.iteration, 1);
    assert.equal(model.scalars.loss.length, 2);
    assert.equal(model.scalars.loss.sum[1], 1);
    assert.equal(model.grid('gradient.mean_abs').length, 2);
  });

  test('a conflated frame counts for all its iterations', () => {
    const model = new RunModel('r');
    model.addFrame(frameOf([point(9, { loss: 4, 'loss.min': 3, 'loss.max': 5, count: 4 })], { conflated: true }));
    assert.equal(model.scalars.loss.finite[9], 4);
    assert.equal(model.scalars.loss.min[9], 3);
  });

  test('older series come in through the API, NaN included', () => {
    const model = new RunModel('r');
    model.addSeries({ series: [{ metric: 'loss', buckets: [{ from: 0, to: 2, count: 2, min: 1, max: 3, mean: 2, nan: 0, inf: 0 }, { from: 2, to: 4, count: 2, min: null, max: null, mean: 'NaN', nan: 2, inf: 0 }] }, { metric: 'unheard', buckets: [] }] });
    assert.equal(model.scalars.loss.finite[0], 2);
    assert.equal(model.scalars.loss.nan[2], 2);
  });
});

describe('RunSession', () => {
  function started({ api = {} } = {}) {
    const socket = { acks: 0, ack: () => socket.acks++, subscribe: (_id, subscriber) => { socket.subscriber = subscriber; return () => (socket.ended = true); } };
    const asked = [];
    const answers = { getEpochs: async () => [], getCommands: async () => [], getAlerts: async () => [], getSeries: async (_id, query) => { asked.push(query); return { series: [] }; }, getHeatmap: async (_id, query) => { asked.push(query); return Promise.reject(new Error('away')); }, ...api };
    const session = new RunSession('r', { socket, store: new Store(), api: answers });
    session.open();
    return { session, socket, asked };
  }

  test('gives each frame back once, after it was drawn', () => {
    const { session, socket } = started();
    socket.subscriber.onFrame(frameOf([point(0)]));
    socket.subscriber.onFrame(frameOf([point(1)]));
    assert.equal(socket.acks, 0);
    session.drawn();
    session.drawn();
    assert.equal(socket.acks, 2);
  });

  test('loads what is older than the first frame, and only that', () => {
    const { socket, asked } = started();
    socket.subscriber.onFrame(frameOf([point(700)]));
    socket.subscriber.onFrame(frameOf([point(701)]));
    assert.deepEqual(asked.map(({ metric, from, to }) => [metric.split(',')[0], from, to]), [['loss', 0, 700], ['gradient.mean_abs', 0, 700], ['update.ratio', 0, 700]]);
  });

  test('asks for another metric’s older cells once', () => {
    const { session, socket, asked } = started();
    socket.subscriber.onFrame(frameOf([point(700)]));
    session.needGrid('gradient.l2');
    session.needGrid('gradient.l2');
    assert.equal(asked.filter(({ metric }) => metric === 'gradient.l2').length, 1);
  });

  test('a run seen from its start needs no history', () => {
    const { socket, asked } = started();
    socket.subscriber.onFrame(frameOf([point(0)]));
    assert.deepEqual(asked, []);
  });

  test('after a reset it fills the gap from the API', () => {
    const { socket, asked } = started();
    socket.subscriber.onFrame(frameOf([point(0)]));
    socket.subscriber.onMessage({ type: 'reset', run: 'r', seq: 9000 });
    socket.subscriber.onFrame(frameOf([point(9001)]));
    assert.deepEqual([asked[0].from, asked[0].to], [1, 9001]);
  });

  test('a history that does not come is told and does not end the session', async () => {
    const { session, socket } = started();
    const told = [];
    session.addEventListener('incomplete', ({ detail }) => told.push(detail));
    socket.subscriber.onFrame(frameOf([point(700)]));
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(told.map(({ error, metrics }) => [error.message, metrics[0]]), [['away', 'gradient.mean_abs'], ['away', 'update.ratio']]);
    assert.equal(session.model.iteration, 700);
  });

  test('what did not come is asked for again on demand, and when the connection is back, each time once', async () => {
    const { session, socket, asked } = started();
    const told = [];
    const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
    session.addEventListener('incomplete', ({ detail }) => told.push(detail));
    socket.subscriber.onFrame(frameOf([point(700)]));
    await settled();
    told[0].retry();
    told[0].retry();
    assert.equal(asked.length, 4);
    await settled();
    socket.subscriber.onMessage({ type: 'subscribed', run: { id: 'r' }, layers: [], batchNorms: [] });
    assert.equal(asked.length, 6);
    await settled();
    socket.subscriber.onMessage({ type: 'sought', epochs: [], alerts: [] });
    told.forEach(({ retry }) => retry());
    assert.equal(asked.length, 6, 'a replay that went elsewhere needs none of it');
  });

  test('a run that is deleted ends its session, whether or not it was there yet, and is no news of the run', () => {
    for (const known of [true, false]) {
      const { session, socket } = started();
      const told = [];
      if (known) socket.subscriber.onMessage({ type: 'subscribed', run: { id: 'r' }, layers: [], batchNorms: [] });
      for (const type of ['change', 'deleted', 'failed']) session.addEventListener(type, () => told.push(type));
      socket.subscriber.onMessage({ type: 'deleted', run: 'r' });
      assert.deepEqual(told, ['deleted']);
      assert.equal(socket.ended, true);
    }
  });

  test('what history still answers of a deleted run is not called missing', async () => {
    const { session, socket } = started();
    const told = [];
    session.addEventListener('incomplete', ({ detail }) => told.push(detail));
    socket.subscriber.onFrame(frameOf([point(700)]));
    socket.subscriber.onMessage({ type: 'deleted', run: 'r' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(told, []);
  });

  test('ends its subscription when disposed', () => {
    const { session, socket } = started();
    session.dispose();
    assert.equal(socket.ended, true);
  });
});

describe('Store', () => {
  test('a deleted run is gone with its alerts, and the others stay', () => {
    const store = new Store();
    const told = [];
    store.putRuns([{ id: 'a' }, { id: 'b' }]);
    store.putAlert({ id: 'a/1', runId: 'a' });
    store.putAlert({ id: 'b/1', runId: 'b' });
    store.addEventListener('deleted', (event) => told.push([/** @type {CustomEvent} */ (event).detail, store.run('a')]));
    store.dropRun('a');
    assert.deepEqual(told, [['a', null]]);
    assert.deepEqual(store.runs().map(({ id }) => id), ['b']);
    assert.deepEqual([store.alerts('a').length, store.alerts('b').length], [0, 1]);
  });

  test('that a run was deleted is told even if the store never had it', () => {
    const store = new Store();
    const told = [];
    store.addEventListener('deleted', (event) => told.push(/** @type {CustomEvent} */ (event).detail));
    store.dropRun('unheard');
    assert.deepEqual(told, ['unheard']);
  });
});

describe('gradientHealth', () => {
  test('counts the layers below the floor and the decades lost', () => {
    const health = gradientHealth([1e-18, 1e-18, 1e-15, 1e-10, 6e-5, 2e-4]);
    assert.equal(health.below, 4);
    assert.equal(health.alive, 2);
    assert.ok(Math.abs(health.decadesLost - 14.04) < 0.1, `${health.decadesLost}`);
  });
  test('layers on skip paths are not counted', () => assert.deepEqual(onMainPath([1, 2, 3], [{}, { mainPath: false }, { mainPath: true }]), [1, 3]));
  test('zero is below the floor, NaN is broken', () => {
    const { below, broken, alive } = gradientHealth([0, NaN, Infinity, 1]);
    assert.deepEqual([below, broken, alive], [1, 2, 1]);
  });
  test('no layers, no opinion', () => assert.equal(gradientHealth([]).total, 0));
});

describe('decades', () => {
  test('holds all values in whole decades', () => assert.deepEqual(decades([[1.6e-15, 3e-4]]), [-15, -3]));
  test('leaves zeros, NaN and infinities out', () => assert.deepEqual(decades([[0, NaN, Infinity, 0.02]]), [-2, -1]));
  test('a power of ten needs no decade more', () => assert.deepEqual(decades([[1e-3, 1e-1]]), [-3, -1]));
  test('nothing gives nothing, or what is asked for', () => {
    assert.equal(decades([[NaN]]), null);
    assert.deepEqual(decades([], [-9, -1]), [-9, -1]);
  });
});

describe('alerts', () => {
  const alert = (id, state, severity, since) => ({ id, runId: 'r', state, severity, since, transitions: [] });
  test('the gravest firing one comes first', () => {
    assert.equal(worstAlert([alert('a', 'pending', 'critical', '1'), alert('b', 'firing', 'warning', '2'), alert('c', 'firing', 'critical', '1')]).id, 'c');
  });
  test('resolved ones are no worry', () => assert.equal(worstAlert([alert('a', 'resolved', 'critical', '1')]), null));
  test('an older transition does not overwrite a newer one', () => {
    const store = new Store();
    store.putAlert({ ...alert('a', 'firing', 'critical', '2'), transitions: [{ transition: 1 }, { transition: 2 }] });
    store.putAlert({ ...alert('a', 'pending', 'critical', '1'), transitions: [{ transition: 1 }] });
    assert.equal(store.alerts('r')[0].state, 'firing');
  });
});

test('time left and progress know when they know nothing', () => {
  const run = { state: 'running', plannedIterations: 100 };
  assert.equal(timeLeft(run, 9, 100), 9000);
  assert.equal(timeLeft(run, 9, NaN), null);
  assert.equal(timeLeft({ ...run, state: 'finished' }, 9, 100), null);
  assert.equal(progress(run, 49), 0.5);
  assert.equal(progress({ plannedIterations: 0 }, 49), null);
  assert.equal(progress(run, null), null);
});

test('the service’s clock is taken from the message with the least delay', () => {
  const store = new Store();
  store.noteClock(10_000, 1000);
  store.noteClock(10_900, 2000);
  assert.equal(store.now(3000), 12_000);
});

describe('what the newest gradient says by itself', () => {
  const dead = [...new Array(36).fill(1e-15), 6e-5, 2e-4];

  test('a run without alerts whose layers receive nothing is not healthy', () => {
    assert.equal(verdictOf(gradientHealth(dead)), 'vanished');
    assert.equal(verdictOf(gradientHealth([1e-9, ...new Array(9).fill(1e-3)])), 'weak');
    assert.equal(verdictOf(gradientHealth([1e-3, 1e-3])), 'good');
    assert.equal(verdictOf(gradientHealth([1e-15, NaN])), 'broken');
    assert.equal(verdictOf(gradientHealth([0.2, 5, 8, 1e4])), 'large');
    assert.equal(verdictOf(gradientHealth([30, 0.1, 0.2])), 'good', 'one large layer is none: with batch normalisation the first begins near 1');
    assert.equal(verdictOf(null), 'unknown');
  });

  test('names the layers as stretches', () => {
    assert.equal(stretches(silentLayers(dead, [])), '0–35');
    assert.equal(stretches([0, 2, 3, 7]), '0, 2–3, 7');
    assert.equal(stretches([]), '');
  });

  test('layers on skip paths are not among them', () => {
    assert.deepEqual(silentLayers([1e-15, 1e-15, 1], [{}, { mainPath: false }, {}]), [0]);
  });

  test('says so in a few words, NaN first', () => {
    assert.equal(gradientWords(dead, []), 'Layers 0–35 receive no gradient');
    assert.equal(gradientWords([1e-15, NaN, 1], []), 'Layer 1: NaN or infinite; Layer 0 receives no gradient');
    assert.equal(gradientWords([1, 1], []), 'Every layer receives a gradient');
  });

  test('the cut is the last layer of a silent stretch that begins at the input', () => {
    assert.equal(cutByValues(dead, []), 35);
    assert.equal(cutByValues([1e-3, 1e-15, 1e-3], []), -1);
    assert.equal(cutByValues([1e-15, 1, 1], [{}, { mainPath: false }, {}]), 0);
    assert.equal(cutByValues([], []), -1);
  });
});
