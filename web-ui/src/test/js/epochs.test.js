import { afterEach, test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { decodeFrame } from '../../main/resources/META-INF/resources/js/net/protocol.js';
import { EpochProfiles, epochsOf } from '../../main/resources/META-INF/resources/js/state/epoch-profiles.js';
import { epochFlowOption, epochWords, onTheAxis } from '../../main/resources/META-INF/resources/js/charts/epoch-flow.js';
import { encodeFrame } from './dev/frames.mjs';

const theme = /** @type {any} */ ({ dark: false, text: '#111111', muted: '#555555', faint: '#888888', line: '#dddddd', card: '#ffffff', accent: '#0072b2', second: '#b85c00', critical: '#c2410c', warning: '#9a6700', good: '#00795a', broken: '#e0186c', font: 'sans-serif' });
const series = (option, id) => option.series.find((one) => one.id === id);

/** As the service answers: the value of a layer is 1 + the number of its epoch. */
function heatmap({ from, to, columns }) {
  const width = Math.ceil((to - from) / columns);
  const rows = 2;
  const starts = Float64Array.from({ length: columns }, (_, i) => from + i * width);
  const values = [...new Array(rows)].flatMap(() => [...starts].map((start) => 1 + Math.floor(start / 10)));
  const full = (value) => new Float32Array(rows * columns).fill(value);
  return decodeFrame(encodeFrame({ type: 'heatmap', metric: 'gradient.mean_abs', from, to, width, rows, columns }, [
    { name: 'starts', dtype: 'f64', shape: [columns], data: starts },
    ...Object.entries({ mean: values, min: values, max: values, nan: full(0), inf: full(0), count: full(width) }).map(([name, data]) => ({ name, shape: [rows, columns], data })),
  ]));
}

/** @type {EpochProfiles[]} */
started.open = [];
afterEach(() => started.open.splice(0).forEach((profiles) => profiles.dispose()));

function started(iteration, { fails = false } = {}) {
  const asked = /** @type {any[]} */ ([]);
  const model = /** @type {any} */ ({ id: 'r', run: { iterationsPerEpoch: 10 }, iteration, attempt: 1, resumed: [] });
  const clock = { now: 0 };
  let changes = 0;
  const api = { getHeatmap: async (_id, query) => {
    asked.push(query);
    if (fails) throw new Error('away');
    return heatmap(query);
  } };
  const profiles = new EpochProfiles(model, { onChange: () => changes++, api: /** @type {any} */ (api), now: () => clock.now });
  const settle = async () => {
    for (let i = 0; i < 4; i++) {
      profiles.refresh();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  };
  started.open.push(profiles);
  return { profiles, model, asked, clock, settle, changes: () => changes };
}

describe('epochs', () => {
  test('an epoch is so many iterations, the last one runs', () => {
    assert.deepEqual(epochsOf(24, 10), { ended: 2, running: 5 });
    assert.deepEqual(epochsOf(19, 10), { ended: 2, running: 0 });
    assert.deepEqual(epochsOf(-1, 10), { ended: 0, running: 0 });
    assert.deepEqual(epochsOf(24, 0), { ended: 0, running: 0 });
  });

  test('ended epochs are one request with one column each, the running one another', async () => {
    const { profiles, asked, settle } = started(24);
    await settle();
    assert.deepEqual(asked.map(({ from, to, columns }) => [from, to, columns]), [[0, 20, 2], [20, 25, 1]]);
    assert.deepEqual(profiles.profiles.map(({ epoch, from, to, complete }) => [epoch, from, to, complete]), [[0, 0, 10, true], [1, 10, 20, true], [2, 20, 25, false]]);
    assert.deepEqual([...profiles.profiles[1].values], [2, 2]);
  });

  test('a run that is younger than an epoch shows the running one', async () => {
    const { profiles, asked, settle } = started(3);
    await settle();
    assert.deepEqual(asked.map(({ from, to, columns }) => [from, to, columns]), [[0, 4, 1]]);
    assert.equal(profiles.profiles[0].complete, false);
  });

  test('new iterations ask for the running epoch alone, and not at once', async () => {
    const { model, asked, clock, settle } = started(24);
    await settle();
    model.iteration = 26;
    await settle();
    assert.equal(asked.length, 2);
    clock.now = 5000;
    await settle();
    assert.deepEqual([asked[2].from, asked[2].to], [20, 27]);
    model.iteration = 31;
    clock.now = 10_000;
    await settle();
    assert.deepEqual(asked.slice(3).map(({ from, to }) => [from, to]), [[20, 30], [30, 32]], 'what has ended is asked for once more, whole');
  });

  test('nothing is asked twice of a run that has ended', async () => {
    const { asked, clock, settle } = started(24);
    await settle();
    clock.now = 60_000;
    await settle();
    assert.equal(asked.length, 2);
  });

  test('a new attempt replaces the epochs from its first iteration on', async () => {
    const { profiles, model, asked, clock, settle } = started(39);
    await settle();
    Object.assign(model, { attempt: 2, resumed: [{ attempt: 2, iteration: 25 }], iteration: 29 });
    clock.now = 60_000;
    await settle();
    assert.deepEqual([asked[1].from, asked[1].to], [20, 30]);
    assert.equal(profiles.profiles.length, 3);
  });

  test('a replay shows no epoch that it has not reached', async () => {
    const { profiles, model, settle } = started(39);
    await settle();
    model.iteration = 14;
    assert.equal(profiles.profiles.length, 1);
  });

  test('a failure is told, and tried again later', async () => {
    const { profiles, asked, clock, settle, changes } = started(9, { fails: true });
    await settle();
    assert.equal(profiles.problem?.message, 'away');
    assert.equal(asked.length, 1);
    assert.equal(changes(), 1);
    clock.now = 11_000;
    await settle();
    assert.equal(asked.length, 2);
  });
});

describe('the paper’s figure', () => {
  const epoch = (number, values, complete = true) => ({ epoch: number, from: number * 10, to: number * 10 + (complete ? 10 : 4), complete, values: Float64Array.from(values) });
  const epochs = [epoch(0, [1e-3, 2e-3, 4e-3]), epoch(1, [2e-3, 2e-3, 8e-3]), epoch(2, [1e-12, NaN, 2e-3], false)];
  const layers = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];

  test('has a linear axis from zero that holds all epochs, whichever is chosen', () => {
    const tops = [0, 1, 2].map((chosen) => epochFlowOption({ layers, epochs, chosen }, theme).yAxis);
    assert.deepEqual(tops.map(({ type, min, max }) => [type, min, max]), new Array(3).fill(['value', 0, 0.008]));
  });

  test('draws a translucent line for each epoch up to the chosen one, and no later one', () => {
    const option = epochFlowOption({ layers, epochs, chosen: 1 }, theme);
    assert.equal(series(option, 'epochs').data.length, 2 * (3 + 1));
    assert.match(series(option, 'epochs').lineStyle.color, /,0\.3\)$/);
    assert.deepEqual([...series(option, 'chosen').data], [0, 2e-3, 1, 2e-3, 2, 8e-3]);
  });

  test('a running epoch is dashed, NaN is marked on the axis', () => {
    const option = epochFlowOption({ layers, epochs, chosen: 2 }, theme);
    assert.notEqual(series(option, 'chosen').lineStyle.type, 'solid');
    assert.deepEqual(series(option, 'broken').data, [[1, 0]]);
    assert.equal(onTheAxis(epochs[2]), 1);
  });

  test('layers on skip paths stand beside the lines', () => {
    const option = epochFlowOption({ layers: [layers[0], { name: 'p', mainPath: false }, layers[2]], epochs, chosen: 0 }, theme);
    assert.deepEqual([...series(option, 'chosen').data].filter((_, i) => i % 2 === 0), [0, 2]);
    assert.equal(series(option, 'dots').data[1].symbol, 'diamond');
  });

  test('says which epoch it is, and of which iterations', () => {
    assert.equal(epochWords(epochs[1], 10), 'epoch 2, iterations 10–19');
    assert.equal(epochWords(epochs[2], 10), 'epoch 3, so far 4 of 10 iterations');
    assert.equal(epochWords(undefined, 10), '');
    assert.match(epochFlowOption({ layers, epochs, chosen: 1 }, theme).tooltip.formatter([{ axisValue: 2.2 }]), /layer 2 · c\nepoch 2: mean \|g\| 8\.0×10⁻³/);
  });

  test('always has the same series', () => {
    const ids = (state) => epochFlowOption({ layers, ...state }, theme).series.map(({ id }) => id);
    assert.deepEqual(ids({ epochs: [], chosen: -1 }), ids({ epochs, chosen: 2 }));
  });
});
