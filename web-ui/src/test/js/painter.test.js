import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Painter } from '../../main/resources/META-INF/resources/js/views/painter.js';

const FRAME_MS = 1000 / 60;
const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, performance: globalThis.performance };
let clock;

/** A browser's clock, frames and timers; time passes only in `pass`. */
class Clock {
  now = 0;
  frames = 0;
  #frame = null;
  #timers = new Map();
  #next = 1;

  install() {
    const document = { hidden: false, addEventListener: (_, listener) => (this.visibility = listener), removeEventListener: () => {} };
    Object.assign(globalThis, {
      document,
      requestAnimationFrame: (run) => ((this.#frame = run), 1),
      cancelAnimationFrame: () => (this.#frame = null),
      setTimeout: (run, ms) => (this.#timers.set(this.#next, { run, at: this.now + ms }), this.#next++),
      clearTimeout: (id) => this.#timers.delete(id),
    });
    Object.defineProperty(globalThis, 'performance', { value: { now: () => this.now }, configurable: true, writable: true });
  }

  /** @param {number} ms @param {(at: number) => void} [each] called before every frame */
  pass(ms, each = () => {}) {
    const end = this.now + ms;
    while (this.now + FRAME_MS <= end) {
      this.now += FRAME_MS;
      for (const [id, { run, at }] of [...this.#timers]) if (at <= this.now && this.#timers.delete(id)) run();
      each(this.now);
      const frame = this.#frame;
      this.#frame = null;
      if (frame) {
        this.frames++;
        frame();
      }
    }
  }
}

const panel = ({ every = 90, visible = true, costs = 0 } = {}) => ({
  every,
  drawn: 0,
  visible: () => visible,
  draw() {
    this.drawn++;
    clock.now += costs;
  },
});

beforeEach(() => (clock = new Clock()).install());
afterEach(() => {
  Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
  Object.defineProperty(globalThis, 'performance', { value: real.performance, configurable: true, writable: true });
});

/** A change every 100 ms, for so long; returns how many frames were asked for. */
function changing(painter, ms) {
  clock.frames = 0;
  let next = clock.now;
  clock.pass(ms, (at) => {
    if (at < next) return;
    next += 100;
    painter.invalidate();
  });
  return clock.frames;
}

test('what changed is drawn in the next frame, and reported', () => {
  let reported = 0;
  const [painter, one] = [new Painter(() => reported++), panel()];
  painter.add(one);
  clock.pass(20);
  assert.deepEqual([one.drawn, reported], [1, 1]);
});

test('a panel is drawn about as often as it asks for, early by a quarter at most, and the last change is drawn all the same', () => {
  const [painter, one] = [new Painter(() => {}), panel({ every: 190 })];
  painter.add(one);
  clock.pass(1000, () => clock.now < 900 && painter.invalidate(one));
  assert.ok(one.drawn >= 4 && one.drawn <= 7, `${one.drawn} times`);
  const before = one.drawn;
  painter.invalidate(one);
  clock.pass(400);
  assert.equal(one.drawn, before + 1);
});

test('while nothing may be drawn yet, no frame is asked for', () => {
  const [painter, often, seldom] = [new Painter(() => {}), panel({ every: 45 }), panel({ every: 480 })];
  painter.add(often, seldom);
  clock.pass(20);
  const frames = changing(painter, 2000);
  assert.ok(often.drawn >= 19, `${often.drawn} times`);
  assert.ok(frames <= 21, `${frames} frames for 20 changes`);
});

test('panels that are nearly due share a frame', () => {
  const [painter, one, other] = [new Painter(() => {}), panel({ every: 45 }), panel({ every: 110 })];
  painter.add(one, other);
  clock.pass(20);
  const frames = changing(painter, 1000);
  assert.deepEqual([one.drawn, other.drawn].map((times) => times >= 10), [true, true]);
  assert.ok(frames <= 11, `${frames} frames for 10 changes`);
});

test('a panel out of view is drawn soon at first, and more and more seldom', () => {
  const [painter, hidden] = [new Painter(() => {}), panel({ visible: false })];
  painter.add(hidden);
  const drawnBy = (ms) => (clock.pass(ms - clock.now, () => painter.invalidate()), hidden.drawn);
  assert.deepEqual([100, 4000, 12_000, 60_000, 120_000].map(drawnBy), [1, 2, 4, 6, 9]);
  const before = hidden.drawn;
  hidden.visible = () => true;
  clock.pass(200, () => painter.invalidate());
  assert.ok(hidden.drawn > before, 'at once when it comes into view');
});

test('what does not fit into a frame comes in the next ones, the longest undrawn first', () => {
  const [painter, panels] = [new Painter(() => {}), Array.from({ length: 5 }, () => panel({ costs: 6, every: 30 }))];
  painter.add(...panels);
  clock.pass(17);
  assert.equal(panels.filter(({ drawn }) => drawn > 0).length, 2);
  clock.pass(100);
  assert.ok(panels.every(({ drawn }) => drawn > 0));
});

test('a hidden page draws nothing, and reports at once', () => {
  let reported = 0;
  const [painter, one] = [new Painter(() => reported++), panel()];
  painter.add(one);
  clock.pass(20);
  globalThis.document.hidden = true;
  painter.invalidate();
  assert.equal(reported, 2);
  clock.pass(200);
  assert.equal(one.drawn, 1);
});

/** A panel that is watched, and two that cost more than fits together. */
function costly() {
  const painter = new Painter(() => {});
  const live = panel({ every: 45, costs: 1 });
  const others = [panel({ every: 290, costs: 6 }), panel({ every: 480, costs: 7 })];
  painter.add(live, ...others);
  changing(painter, 2000);
  const drawn = [];
  for (const one of [live, ...others]) {
    const { draw } = one;
    one.draw = function () {
      drawn.push({ at: clock.now, one });
      draw.call(one);
    };
  }
  return { painter, live, others, drawn };
}

test('within a tenth of a second no more is drawn than leaves time for something else, and yet everything in its turn', () => {
  const { painter, live, others, drawn } = costly();
  for (const one of [live, ...others]) one.drawn = 0;
  changing(painter, 10_000);
  const times = drawn.filter(({ one }) => one !== live).map(({ at }) => at);
  assert.ok(times.slice(1).every((at, i) => at - times[i] > 90), 'never two of the costly ones together');
  assert.ok(live.drawn > 95, `what a person watches is drawn with every change: ${live.drawn}`);
  assert.ok(others[0].drawn >= 20 && others[1].drawn >= 14, `${others.map(({ drawn }) => drawn)}`);
});

test('one that is too costly for it is drawn all the same, later', () => {
  const painter = new Painter(() => {});
  const [live, huge] = [panel({ every: 45, costs: 1 }), panel({ every: 290, costs: 30 })];
  painter.add(live, huge);
  changing(painter, 10_000);
  assert.ok(huge.drawn >= 20, String(huge.drawn));
});

test('what somebody waits for is drawn together', () => {
  const { painter, others, drawn } = costly();
  drawn.length = 0;
  painter.now();
  clock.pass(20);
  assert.deepEqual(drawn.map(({ one }) => one).filter((one) => others.includes(one)), others);
});
