import { test, describe, beforeEach, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { LiveSocket, pauseAfter } from '../../main/resources/META-INF/resources/js/net/socket.js';
import { pointsFrame } from './dev/frames.mjs';

/** Stands in for the browser's WebSocket: remembers what was sent, and is opened, fed and lost by the test. */
class FakeSocket {
  static made = [];
  readyState = 0;
  sent = [];
  constructor(url) {
    this.url = url;
    FakeSocket.made.push(this);
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  open() {
    this.readyState = 1;
    this.onopen();
  }
  text(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }
  frame(from, to, prev = from - 1) {
    const points = Array.from({ length: to - from + 1 }, (_, i) => ({ iteration: from + i, loss: 1 }));
    this.onmessage({ data: pointsFrame({ run: 'r', seqFrom: from, prev, layers: 0 }, points) });
  }
  lose() {
    this.readyState = 3;
    this.onclose();
  }
}

describe('LiveSocket', () => {
  let socket;
  let seen;
  const last = () => FakeSocket.made.at(-1);
  const subscribe = () => socket.subscribe('r', { onFrame: ({ header }) => seen.push([header.seqFrom, header.seqTo]), onMessage: () => {} });

  beforeEach(() => {
    FakeSocket.made = [];
    seen = [];
    socket = new LiveSocket('ws://here/live', { WebSocket: FakeSocket, random: () => 0 });
  });
  afterEach(() => socket.close());

  function connected() {
    socket.connect();
    last().open();
    const end = subscribe();
    last().text({ type: 'subscribed', run: { id: 'r' } });
    return end;
  }

  test('asks again for a run that the service did not know yet, as soon as it is announced', () => {
    socket.connect();
    last().open();
    subscribe();
    last().text({ type: 'error', problem: { status: 404 }, request: { subscribe: 'r' } });
    last().text({ type: 'run', run: { id: 'other' } });
    assert.equal(last().sent.filter((message) => message.subscribe === 'r').length, 1);

    last().text({ type: 'run', run: { id: 'r' } });
    assert.equal(last().sent.filter((message) => message.subscribe === 'r').length, 2);
    last().text({ type: 'subscribed', run: { id: 'r' } });
    last().frame(0, 3, -1);
    assert.deepEqual(seen, [[0, 3]]);
  });

  test('a run that was deleted is told to everyone, and asked for no more by who ends its subscription then', () => {
    const told = [];
    socket.addEventListener('message', ({ detail }) => told.push(detail));
    socket.connect();
    last().open();
    let end = () => {};
    end = socket.subscribe('r', { onFrame: () => {}, onMessage: ({ type }) => type === 'deleted' && end() });
    last().text({ type: 'deleted', run: 'r' });
    last().text({ type: 'deleted', run: 'other' });
    assert.deepEqual(told.map(({ type, run }) => [type, run]), [['deleted', 'r'], ['deleted', 'other']]);
    last().lose();
    socket.connect();
    last().open();
    assert.deepEqual(last().sent, []);
  });

  test('asks again for an unknown run after a pause', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    socket.connect();
    last().open();
    const end = subscribe();
    last().text({ type: 'error', problem: { status: 404 }, request: { subscribe: 'r' } });
    t.mock.timers.tick(2000);
    assert.equal(last().sent.filter((message) => message.subscribe === 'r').length, 2);

    last().text({ type: 'error', problem: { status: 404 }, request: { subscribe: 'r' } });
    end();
    t.mock.timers.tick(10_000);
    assert.equal(last().sent.filter((message) => message.subscribe === 'r').length, 2);
  });

  test('asks for its runs when the connection is there', () => {
    subscribe();
    socket.watchAll();
    socket.connect();
    assert.deepEqual(last().sent, []);
    last().open();
    assert.deepEqual(last().sent, [{ subscribe: '*' }, { subscribe: 'r' }]);
    assert.equal(socket.connection, 'open');
  });

  test('hands frames on in order and ignores what was seen', () => {
    connected();
    last().frame(0, 4, -1);
    last().frame(3, 4);
    last().frame(5, 6);
    assert.deepEqual(seen, [[0, 4], [5, 6]]);
    assert.deepEqual(last().sent.filter(({ ack }) => ack), [{ ack: 'r' }], 'an ignored frame is given back at once');
  });

  test('subscribes again from the next number when it sees a gap, and drops frames until the answer', () => {
    connected();
    last().frame(0, 4, -1);
    last().frame(9, 9);
    last().frame(10, 10);
    assert.deepEqual(last().sent.filter(({ subscribe: run }) => run).at(-1), { subscribe: 'r', from: 5 });
    assert.equal(last().sent.filter(({ subscribe: run }) => run).length, 2);
    last().text({ type: 'subscribed', run: { id: 'r' } });
    last().frame(5, 10);
    assert.deepEqual(seen, [[0, 4], [5, 10]]);
  });

  test('after a reconnect it goes on where it was', async () => {
    connected();
    last().frame(0, 4, -1);
    last().lose();
    assert.equal(socket.connection, 'waiting');
    socket.connect();
    last().open();
    assert.equal(FakeSocket.made.length, 2);
    assert.deepEqual(last().sent, [{ subscribe: 'r', from: 5 }]);
  });

  test('takes any frame after a reset', () => {
    connected();
    last().frame(0, 4, -1);
    last().text({ type: 'reset', run: 'r', seq: 9000 });
    last().frame(9001, 9002);
    assert.deepEqual(seen.at(-1), [9001, 9002]);
  });

  test('frames of an ended subscription go nowhere, and the service is told', () => {
    const end = connected();
    end();
    last().frame(0, 1, -1);
    assert.deepEqual(seen, []);
    assert.deepEqual(last().sent.at(-1), { unsubscribe: 'r' });
  });

  test('an unreadable frame is told and does no harm', () => {
    connected();
    let told;
    socket.addEventListener('message', ({ detail }) => (told = detail));
    last().onmessage({ data: new ArrayBuffer(3) });
    assert.match(told.problem.detail, /invalid frame: 3 bytes/);
    last().frame(0, 1, -1);
    assert.deepEqual(seen, [[0, 1]]);
  });

  test('gives messages to the run’s subscriber and to everyone', () => {
    const mine = [];
    const all = [];
    socket.connect();
    last().open();
    socket.subscribe('r', { onFrame: () => {}, onMessage: ({ type }) => mine.push(type) });
    socket.addEventListener('message', ({ detail }) => all.push(detail.type));
    last().text({ type: 'subscribed', run: { id: 'r' } });
    last().text({ type: 'alert', alert: { runId: 'r' } });
    last().text({ type: 'error', problem: {}, request: { subscribe: 'r' } });
    last().text({ type: 'alert', alert: { runId: 'other' } });
    last().text({ type: 'heartbeat', now: 1 });
    assert.deepEqual(mine, ['subscribed', 'alert', 'error']);
    assert.deepEqual(all, ['subscribed', 'alert', 'error', 'alert', 'heartbeat']);
  });
});

test('pauses double up to eight seconds, shorter by chance', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 20].map((failures) => pauseAfter(failures, 0)), [500, 1000, 2000, 4000, 8000, 8000, 8000]);
  assert.equal(pauseAfter(0, 1), 375);
});
