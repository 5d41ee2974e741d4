import { test, describe, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { LiveSocket } from '../../main/resources/META-INF/resources/js/net/socket.js';
import { decodeFrame } from '../../main/resources/META-INF/resources/js/net/protocol.js';
import { parseRoute, replayHref, runHref } from '../../main/resources/META-INF/resources/js/router.js';
import { Replay } from '../../main/resources/META-INF/resources/js/state/replay.js';
import { RunSession } from '../../main/resources/META-INF/resources/js/state/run-session.js';
import { Store } from '../../main/resources/META-INF/resources/js/state/store.js';
import { keyAction, reachedLabel, speedLabel, ticksOf } from '../../main/resources/META-INF/resources/js/views/replay-bar.js';
import { pointsFrame } from './dev/frames.mjs';

/** Stands in for the browser's WebSocket. */
class FakeSocket {
  static made = [];
  readyState = 0;
  sent = [];
  constructor() {
    FakeSocket.made.push(this);
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {}
  open() {
    this.readyState = 1;
    this.onopen();
  }
  text(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }
  frame(bytes) {
    this.onmessage({ data: bytes });
  }
}

const bytes = (from, to, more = {}) => pointsFrame({ run: 'r', replay: 'page-1', seqFrom: from, prev: from - 1, layers: 0, ...more }, Array.from({ length: to - from + 1 }, (_, i) => ({ iteration: from + i, loss: (from + i) / 10 })));
const replaying = { type: 'replaying', replay: 'page-1', runs: [{ run: { id: 'r', name: 'r' }, layers: [], batchNorms: [], from: 0, to: 1000, startedAtMs: 5000 }] };
const place = (iteration, more = {}) => ({ run: 'r', iteration, epoch: 0, attempt: 1, producedAtMs: 5000 + 20 * iteration, ...more });
const sought = (iteration, more = {}) => ({ type: 'sought', replay: 'page-1', runs: [{ ...place(iteration), older: { from: 0, to: 0 }, epochs: [], alerts: [], ...more }] });
const status = (state, iteration, more = {}) => ({ type: 'replay', replay: 'page-1', state, speed: 1, reached: null, from: null, to: null, loop: false, runs: [place(iteration)], ...more });

describe('a replay', () => {
  let socket;
  let wire;
  let replay;
  let session;
  let store;
  let asked;
  let time;

  beforeEach(() => {
    FakeSocket.made = [];
    asked = [];
    time = 0;
    socket = new LiveSocket('ws://here/live', { WebSocket: FakeSocket, random: () => 0 });
    socket.connect();
    wire = FakeSocket.made[0];
    wire.open();
    begin();
  });

  function begin(options = {}) {
    store = new Store();
    replay = new Replay(['r'], { socket, now: () => time }, options);
    const api = { getSeries: async (id, query) => (asked.push(query), { series: [] }), getHeatmap: async (id, query) => (asked.push(query), Promise.reject(new Error('none'))) };
    session = new RunSession('r', { socket: replay.source('r'), store, api });
    session.open();
    replay.start();
  }

  test('asks for the run and fills a model that nothing live touches', () => {
    const live = new Store();
    socket.addEventListener('message', ({ detail }) => detail.alert && live.putAlert(detail.alert));
    assert.deepEqual(wire.sent.at(-1), { replay: 'r', align: 'iteration', speed: 1, paused: false, loop: false, id: 'page-1' });
    wire.text(replaying);
    wire.text(sought(null));
    wire.frame(bytes(0, 9));
    wire.text({ type: 'alert', replay: 'page-1', run: 'r', alert: { id: 'a', runId: 'r', state: 'firing', transitions: [] } });
    wire.text({ type: 'epoch', replay: 'page-1', run: 'r', epoch: { epoch: 0, iteration: 9 } });
    assert.equal(session.model.iteration, 9);
    assert.equal(session.model.epochs.size, 1);
    assert.equal(store.alerts('r').length, 1);
    assert.equal(live.alerts('r').length, 0);
    session.drawn();
    assert.deepEqual(wire.sent.at(-1), { ack: 'r', replay: 'page-1' });
  });

  test('forgets what is shown when another place was sought, and asks history for what is older', () => {
    wire.text(replaying);
    wire.text(sought(null));
    wire.frame(bytes(0, 99));
    store.putAlert({ id: 'late', runId: 'r', transitions: [] });
    const before = session.model.version;
    wire.text(sought(700, { alerts: [{ id: 'early', runId: 'r', transitions: [] }], epochs: [{ epoch: 0, iteration: 474 }] }));
    assert.equal(session.model.iteration, -1);
    assert.equal(session.model.scalars.loss.length, 0);
    assert.deepEqual(store.alerts('r').map(({ id }) => id), ['early']);
    assert.ok(session.model.version > before);
    wire.frame(bytes(189, 700, { prev: -1 }));
    assert.equal(session.model.iteration, 700);
    assert.deepEqual([asked[0].from, asked[0].to], [0, 189]);
  });

  test('an answer of history that comes after the next seek is not used', async () => {
    let answer = (_) => {};
    session.api.getSeries = () => new Promise((resolve) => (answer = resolve));
    wire.text(replaying);
    wire.text(sought(700));
    wire.frame(bytes(600, 700, { prev: -1 }));
    wire.text(sought(null));
    answer({ series: [{ metric: 'loss', buckets: [{ from: 0, to: 600, count: 600, min: 1, max: 2, mean: 1.5, nan: 0, inf: 0 }] }] });
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(session.model.scalars.loss.length, 0);
  });

  test('sends what it is told, with its id', () => {
    wire.text(replaying);
    const sent = (act) => {
      act();
      return wire.sent.at(-1);
    };
    assert.deepEqual(sent(() => replay.pause()), { pause: 'page-1' });
    assert.deepEqual(sent(() => replay.play()), { resume: 'page-1' });
    assert.deepEqual(sent(() => replay.step(-3)), { step: 'page-1', iterations: -3 });
    assert.deepEqual(sent(() => replay.setSpeed('recorded')), { speed: 'page-1', value: 'recorded' });
    assert.deepEqual(sent(() => replay.setRange({ from: 5, to: 10, loop: true })), { range: 'page-1', from: 5, to: 10, loop: true });
    assert.deepEqual(sent(() => replay.stop()), { stop: 'page-1' });
    replay.step(1);
    assert.deepEqual(wire.sent.at(-1), { stop: 'page-1' });
  });

  test('of seeks in quick succession the last one is sent; never beyond the run', async () => {
    wire.text(replaying);
    time = 1000;
    for (const iteration of [100, 200, 300, 5000]) replay.seek(iteration);
    assert.deepEqual(wire.sent.filter((message) => message.seek).map((message) => message.iteration), [100]);
    assert.equal(replay.target, 999);
    time = 1200;
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.deepEqual(wire.sent.filter((message) => message.seek).map((message) => message.iteration), [100, 999]);
    wire.text(sought(999));
    assert.equal(replay.target, null);
  });

  test('begins again where it was after the connection was lost', () => {
    replay.setSpeed(50);
    wire.text(replaying);
    wire.text(status('playing', 321, { speed: 50 }));
    wire.onclose();
    socket.connect();
    FakeSocket.made[1].open();
    assert.deepEqual(FakeSocket.made[1].sent, [{ replay: 'r', align: 'iteration', speed: 50, paused: false, at: 321, loop: false, id: 'page-1' }]);
    socket.close();
  });

  test('a refusal is told; one of the start ends it', () => {
    const told = [];
    const failed = [];
    replay.addEventListener('failed', (event) => told.push(event.detail.detail));
    session.addEventListener('failed', (event) => failed.push(event.detail.detail));
    wire.text({ type: 'error', problem: { status: 400, detail: 'iteration is 9' }, request: { seek: 'page-1', iteration: 9 } });
    assert.notEqual(replay.state, 'failed');
    wire.text({ type: 'error', problem: { status: 404, detail: 'there is no run' }, request: { replay: 'r', id: 'page-1' } });
    assert.equal(replay.state, 'failed');
    assert.deepEqual(told, ['iteration is 9', 'there is no run']);
    assert.deepEqual(failed, ['there is no run']);
  });

  test('knows how long the run had been going', () => {
    wire.text(replaying);
    assert.equal(replay.elapsedMs, null);
    wire.text(status('playing', 50));
    assert.equal(replay.elapsedMs, 1000);
    assert.deepEqual(replay.bounds, [0, 999]);
  });

  test('a frame of a replay does not reach the live model of the same run', () => {
    const seen = [];
    socket.subscribe('r', { onFrame: (frame) => seen.push(frame), onMessage: () => {} });
    wire.text({ type: 'subscribed', run: { id: 'r' } });
    wire.frame(bytes(0, 9));
    assert.equal(seen.length, 0);
    wire.frame(bytes(0, 9, { replay: undefined }));
    assert.equal(seen.length, 1);
    assert.equal(decodeFrame(bytes(0, 9)).header.replay, 'page-1');
  });
});

describe('the bar', () => {
  test('keys', () => {
    assert.deepEqual(keyAction({ key: ' ' }, 'main'), { action: 'toggle' });
    assert.deepEqual(keyAction({ key: 'ArrowLeft' }, 'body'), { action: 'step', iterations: -1 });
    assert.deepEqual(keyAction({ key: 'ArrowRight', shiftKey: true }, 'button'), { action: 'step', iterations: 10 });
    assert.deepEqual(keyAction({ key: 'Home' }, 'main'), { action: 'first' });
    assert.deepEqual(keyAction({ key: 'End' }, 'main'), { action: 'last' });
    assert.equal(keyAction({ key: ' ' }, 'button'), null, 'a button takes the space itself');
    assert.equal(keyAction({ key: 'ArrowLeft' }, 'input'), null, 'so does the slider take arrows');
    assert.equal(keyAction({ key: 'ArrowLeft', altKey: true }, 'main'), null, 'the browser goes back');
    assert.equal(keyAction({ key: 'x' }, 'main'), null);
  });

  test('marks of epochs are thinned out, those of alerts are not', () => {
    const epochs = Array.from({ length: 1000 }, (_, epoch) => ({ epoch, iteration: 10 * epoch + 9 }));
    const alerts = [{ rule: 'vanish-floor', severity: 'critical', firedIteration: 2500 }, { rule: 'x', severity: 'warning', firedIteration: null }];
    const ticks = ticksOf([0, 9999], epochs, alerts);
    assert.ok(ticks.length < 130 && ticks.length > 60);
    assert.deepEqual(ticks.filter(({ kind }) => kind === 'alert').map(({ at, tone }) => [Math.round(at * 1000), tone]), [[250, 'critical']]);
    assert.ok(ticks.every(({ at }) => at >= 0 && at <= 1));
  });

  test('says the speed, and the speed reached when that is less', () => {
    assert.equal(speedLabel(0.5), '×0.5');
    assert.equal(speedLabel('recorded'), 'as recorded');
    assert.equal(reachedLabel(10, 9.8), '');
    assert.equal(reachedLabel(1000, 234.4), 'reaches ×234');
    assert.equal(reachedLabel('recorded', 0.5), 'reaches ×0.5');
    assert.equal(reachedLabel(10, null), '');
  });
});

test('addresses of replays', () => {
  assert.deepEqual(parseRoute('#/runs/a?replay='), { view: 'run', id: 'a', replay: { at: null, speed: 1, align: 'iteration' } });
  assert.deepEqual(parseRoute('#/runs/a?replay=120&speed=recorded'), { view: 'run', id: 'a', replay: { at: 120, speed: 'recorded', align: 'iteration' } });
  assert.deepEqual(parseRoute('#/compare/a,b?replay=7&speed=1e9&align=wall'), { view: 'compare', ids: ['a', 'b'], replay: { at: 7, speed: 1, align: 'wall' } });
  assert.deepEqual(parseRoute('#/runs/a?replay=7&loop=5-9').replay, { at: 7, speed: 1, align: 'iteration', from: 5, to: 10, loop: true });
  assert.deepEqual(parseRoute('#/runs/a?replay=7&loop=9-5').replay, { at: 7, speed: 1, align: 'iteration' });
  assert.equal(replayHref('#/runs/a', { at: 7, from: 5, to: 10, loop: true }), '#/runs/a?replay=7&loop=5-9');
  assert.deepEqual(parseRoute('#/runs/a'), { view: 'run', id: 'a' });
  assert.equal(replayHref(runHref('a b')), '#/runs/a%20b?replay=');
  assert.deepEqual(parseRoute(replayHref(runHref('a'), { at: 5, speed: 0.5, align: 'epoch' })), { view: 'run', id: 'a', replay: { at: 5, speed: 0.5, align: 'epoch' } });
});
