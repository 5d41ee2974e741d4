import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { epochCurve, extent, halfLife, lastX, nearest, onAxis, placeWords, seriesCurve, styleOf } from '../../main/resources/META-INF/resources/js/state/overlay.js';
import { decimalsOf, overlayOption, timeStep } from '../../main/resources/META-INF/resources/js/charts/overlay.js';
import { Curves } from '../../main/resources/META-INF/resources/js/state/curves.js';
import { firstPlace, FlowSteps, flowWords, lastPlace, nextPlace, profilesOf } from '../../main/resources/META-INF/resources/js/state/flow-steps.js';
import { divergenceWords } from '../../main/resources/META-INF/resources/js/state/divergence.js';
import { alignedHref, alignOf, parseRoute } from '../../main/resources/META-INF/resources/js/router.js';

const THEME = /** @type {any} */ ({ dark: false, text: '#111111', muted: '#666666', faint: '#888888', line: '#dddddd', card: '#ffffff', accent: '#0072b2', second: '#b85c00', critical: '#c2410c', warning: '#9a6700', good: '#00795a', broken: '#e0186c', font: 'sans' });
const epoch = (epoch, more = {}) => ({ epoch, iteration: (epoch + 1) * 475 - 1, at: new Date(1e12 + (epoch + 1) * 60_000).toISOString(), validationLoss: 4 - epoch, validationAccuracy: 0.1 * epoch, ...more });
const ORIGIN = new Date(1e12).toISOString();

describe('curves on one axis', () => {
  test('epochs stand at their last iteration, at how many are done, or at the time since the first iteration', () => {
    const epochs = [epoch(1), epoch(0)];
    assert.deepEqual(epochCurve(epochs, 'validationLoss', 'iteration', ORIGIN).data, [[474, 4], [949, 3]]);
    assert.deepEqual(epochCurve(epochs, 'validationLoss', 'epoch', ORIGIN).data, [[1, 4], [2, 3]]);
    assert.deepEqual(epochCurve(epochs, 'validationLoss', 'wall', ORIGIN).data, [[60_000, 4], [120_000, 3]]);
    assert.deepEqual(epochCurve(epochs, 'validationLoss', 'wall', null).data, []);
  });

  test('what was not measured is left out; NaN breaks the line and is marked', () => {
    const { data, broken } = epochCurve([epoch(0), epoch(1, { validationLoss: null }), epoch(2, { validationLoss: 'NaN' })], 'validationLoss', 'epoch', null);
    assert.deepEqual(data, [[1, 4], [3, NaN]]);
    assert.deepEqual(broken, [3]);
  });

  test('a bucket stands in its middle, an epoch of training where its validation stands', () => {
    const bucket = { from: 10, to: 20, mean: 2, nan: 0, inf: 0 };
    assert.deepEqual(seriesCurve([bucket], 'iteration').data, [[14.5, 2]]);
    assert.deepEqual(seriesCurve([{ ...bucket, from: 0, to: 1 }], 'epoch').data, [[1, 2]]);
    assert.deepEqual(seriesCurve([bucket], 'wall').data, [[15, 2]]);
  });

  test('what is smoothed is preferred, and a bucket with NaN is marked', () => {
    const { data, broken } = seriesCurve([{ from: 0, to: 1, mean: 9, smoothed: { mean: 3 }, nan: 1, inf: 0 }, { from: 1, to: 2, mean: null, smoothed: null, nan: 1, inf: 0 }], 'iteration');
    assert.deepEqual(data, [[0, 3], [1, NaN]]);
    assert.deepEqual(broken, [0, 1]);
  });

  test('eight runs have eight looks, told apart by stroke where the colour is the same', () => {
    for (const dark of [false, true]) {
      const looks = Array.from({ length: 8 }, (_, place) => JSON.stringify(styleOf(place, dark)));
      assert.equal(new Set(looks).size, 8);
      assert.equal(styleOf(0, dark).stroke, 'solid');
      assert.notEqual(styleOf(4, dark).stroke, 'solid');
    }
  });

  test('the nearest point is found, and none that is too far', () => {
    const data = [[0, 1], [10, 2], [20, 3]];
    assert.deepEqual(nearest(data, 14), [10, 2]);
    assert.deepEqual(nearest(data, 16), [20, 3]);
    assert.deepEqual(nearest(data, 99), [20, 3]);
    assert.equal(nearest(data, 99, 5), null);
    assert.equal(nearest([], 1), null);
  });

  test('ranges hold all that is finite', () => {
    assert.deepEqual(extent([{ data: [[0, 1], [1, NaN]] }, { data: [[0, -2]] }]), [-2, 1]);
    assert.equal(extent([{ data: [[0, NaN]] }]), null);
    assert.equal(lastX([{ data: [[0, 1], [7, 1]] }, { data: [] }]), 7);
    assert.equal(lastX([]), 0);
  });

  test('places are said in the words of their axis', () => {
    assert.equal(placeWords(1200.4, 'iteration'), 'iteration 1,200');
    assert.equal(placeWords(3, 'epoch'), 'epoch 3');
    assert.equal(placeWords(60_000, 'wall'), '1\u00a0min 00\u00a0s after the first iteration');
  });

  test('an iteration has a place among epochs, and none in time', () => {
    assert.equal(onAxis(475, 'iteration', 475), 475);
    assert.equal(onAxis(475, 'epoch', 475), 1);
    assert.equal(onAxis(475, 'epoch', 0), null);
    assert.equal(onAxis(475, 'wall', 475), null);
  });

  test('smoothing follows the length of the runs and never vanishes', () => {
    assert.equal(halfLife(5000), 100);
    assert.equal(halfLife(1), 1);
  });
});

describe('the chart of several runs', () => {
  const curve = (run, data, more = {}) => ({ run, name: run, colour: '#0072b2', stroke: 'solid', data, broken: [], ...more });
  const state = (curves, more = {}) => ({ curves, align: /** @type {any} */ ('iteration'), kind: /** @type {any} */ ('loss'), chance: null, mark: null, ...more });

  test('draws one line a run and reaches as far as it is told to', () => {
    const option = overlayOption(state([curve('a', [[0, 4], [9, 2]]), curve('b', [[0, 4]])], { to: 20 }), THEME);
    assert.deepEqual(option?.series.slice(0, 2).map(({ id }) => id), ['run-a', 'run-b']);
    assert.equal(option?.xAxis.max, 20);
  });

  test('one run that explodes does not flatten the others', () => {
    const option = overlayOption(state([curve('a', [[0, 4.6], [9, 2]]), curve('b', [[0, 4.6], [9, 1e6]])], { chance: 4.605 }), THEME);
    assert.ok(option && option.yAxis.max < 10);
  });

  test('is nothing without data, but shows where all values were NaN', () => {
    assert.equal(overlayOption(state([curve('a', [])]), THEME), null);
    const option = overlayOption(state([curve('a', [[3, NaN]], { broken: [3] })]), THEME);
    assert.ok(option?.series.some(({ id }) => id === 'broken-a'));
  });

  test('marks where two runs part, without words where they would lie on the axis', () => {
    const lines = (x) => overlayOption(state([curve('a', [[0, 4], [100, 2]])], { mark: { x, label: 'they part' } }), THEME)?.series.find(({ id }) => id === 'marks').markLine.data;
    assert.equal(lines(50)[0].xAxis, 50);
    assert.equal(lines(50)[0].label.show, true);
    assert.equal(lines(0)[0].label.show, false);
  });

  test('tells all runs at a place, the best first, and takes no name for a style', () => {
    const option = overlayOption(state([curve('{bad|a}', [[0, 4], [100, 3]]), curve('b', [[0, 4], [100, 2]])]), THEME);
    const lines = option?.tooltip.formatter([{ axisValue: 99 }]).split('\n');
    assert.equal(lines[0], 'iteration 100');
    assert.match(lines[1], /^b {2}2/);
    assert.doesNotMatch(lines[2], /[{}|]/);
  });

  test('a name of 10,000 characters is cut in the tip', () => {
    const option = overlayOption(state([curve('x', [[0, 1]], { name: 'ש'.repeat(10_000) })]), THEME);
    assert.ok(option?.tooltip.formatter([{ axisValue: 0 }]).length < 100);
  });

  test('an axis of time has at most five labels, on times that a person counts in', () => {
    assert.equal(timeStep(461_000), 120_000);
    assert.equal(timeStep(3_000), 1_000);
    assert.equal(timeStep(20 * 3_600_000), 6 * 3_600_000);
    for (const end of [900, 5e4, 3e6, 9e8, 1e12]) assert.ok(end / timeStep(end) <= 5 + 1e-9);
  });

  test('labels have the decimals that their step needs', () => {
    assert.deepEqual([5, 0.5, 0.25, 2.5, 0.005].map(decimalsOf), [0, 1, 2, 1, 3]);
  });
});

describe('loading curves', () => {
  const settled = async () => {
    for (let i = 0; i < 6; i++) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  const answer = (runs, align) => ({ align, series: runs.flatMap((run) => ['loss', 'accuracy'].map((metric) => ({ run, metric, buckets: [{ from: 0, to: 1, mean: 1, nan: 0, inf: 0 }] }))) });
  const fake = (more = {}) => {
    const asked = [];
    return { asked, getEpochsWithOrigin: async () => ({ items: [epoch(0)], origin: ORIGIN }), getSeveralSeries: async (query) => (asked.push(query), answer(query.runs, query.align)), ...more };
  };

  const curvesOf = (ids, api) => Object.assign(new Curves(ids, 'iteration', { api }), { iterations: 500 });

  test('before the first iteration nothing is asked for', async () => {
    const api = fake();
    const curves = Object.assign(curvesOf(['a'], api), { iterations: 0 });
    await curves.load();
    assert.equal(api.asked.length, 0);
    assert.equal(curves.loaded, false);
    curves.dispose();
  });

  test('asks once for the series of all runs', async () => {
    const api = fake();
    const curves = curvesOf(['a', 'b'], api);
    await curves.load();
    assert.equal(api.asked.length, 1);
    assert.deepEqual(api.asked[0].runs, ['a', 'b']);
    assert.equal(api.asked[0].halflife, 10);
    assert.deepEqual(curves.training('b', 'loss').data, [[0, 1]]);
    assert.deepEqual(curves.validation('a', 'validationLoss').data, [[474, 4]]);
    curves.dispose();
  });

  test('another alignment counts when its curves are there, not before', async () => {
    const curves = curvesOf(['a'], fake());
    await curves.load();
    curves.alignBy('epoch');
    assert.equal(curves.shownAlign, 'iteration');
    await settled();
    assert.equal(curves.shownAlign, 'epoch');
    assert.deepEqual(curves.validation('a', 'validationLoss').data, [[1, 4]]);
    curves.dispose();
  });

  test('an answer that comes too late changes nothing', async () => {
    const late = [];
    const api = fake({ getSeveralSeries: ({ runs, align }) => new Promise((resolve) => late.push(() => resolve(answer(runs, align)))) });
    const curves = curvesOf(['a'], api);
    curves.load();
    await settled();
    curves.alignBy('epoch');
    await settled();
    late[1]();
    await settled();
    late[0]();
    await settled();
    assert.equal(curves.shownAlign, 'epoch');
    curves.dispose();
  });

  test('a failure is told and leaves what was there', async () => {
    let works = true;
    const api = fake({ getEpochsWithOrigin: async () => (works ? { items: [epoch(0)], origin: ORIGIN } : Promise.reject(new Error('away'))) });
    const curves = curvesOf(['a'], api);
    const failures = [];
    curves.addEventListener('failed', (event) => failures.push(/** @type {any} */ (event).detail.message));
    await curves.load();
    works = false;
    await curves.load();
    assert.deepEqual(failures, ['away']);
    assert.equal(curves.validation('a', 'validationLoss').data.length, 1);
    curves.dispose();
  });
});

describe('gradient flow in step', () => {
  const series = (run, layer, value, more = {}) => ({ run, metric: 'gradient.mean_abs', layer, buckets: [{ from: 5, to: 6, count: 1, mean: value, nan: 0, inf: 0, ...more }] });

  test('has the layers of each run in their order; NaN is NaN, and a run without the iteration is not there', () => {
    const profiles = profilesOf([series('a', 1, 2), series('a', 0, 1), series('a', 2, null, { nan: 1 }), { run: 'b', layer: 0, buckets: [] }]);
    assert.deepEqual([...(profiles.get('a') ?? [])], [1, 2, NaN]);
    assert.equal(profiles.has('b'), false);
  });

  test('begins at the last iteration that all runs have', () => {
    assert.equal(firstPlace([{ iteration: 499 }, { iteration: 59 }, { iteration: null }, null]), 59);
    assert.equal(lastPlace([{ iteration: 499 }, { iteration: 59 }, null]), 499);
    assert.equal(firstPlace([]), 0);
  });

  test('while somebody moves, only the newest place is asked for, one at a time; what was seen is kept', async () => {
    const asked = [];
    const answers = [];
    const steps = new FlowSteps(['a'], { api: { getSeveralSeries: ({ from }) => new Promise((resolve) => (asked.push(from), answers.push(() => resolve({ series: [series('a', 0, 10 ** -from)] })))) } });
    const settled = () => new Promise((resolve) => setTimeout(resolve, 1));
    for (const place of [1, 2, 3, 4]) steps.go(place);
    assert.deepEqual(asked, [1]);
    answers[0]();
    await settled();
    assert.deepEqual(asked, [1, 4]);
    answers[1]();
    await settled();
    assert.equal(steps.shown?.place, 4);
    assert.deepEqual(steps.seen, [-4, -1]);
    steps.go(1);
    assert.equal(steps.shown?.place, 1);
    assert.equal(asked.length, 2);
    steps.dispose();
  });

  test('playing ends at the last iteration, and takes no more steps than a person would watch', () => {
    assert.equal(nextPlace(0, 10), 1);
    assert.equal(nextPlace(47_400, 47_499), 47_499);
    assert.equal(nextPlace(10, 10), null);
    let steps = 0;
    for (let place = /** @type {number | null} */ (0); place !== null; place = nextPlace(place, 47_499)) steps++;
    assert.ok(steps <= 122, `${steps}`);
  });

  test('a profile is said in words, layers on skip paths apart', () => {
    assert.equal(flowWords(Float64Array.of(1e-18, 1e-9, 0.5), [{}, { mainPath: false }, {}]), '1 of 2 layers above 10⁻⁸; smallest 1.0×10⁻¹⁸');
    assert.equal(flowWords(undefined, []), '');
  });

  test('a failure is told', async () => {
    const steps = new FlowSteps(['a'], { api: { getSeveralSeries: async () => Promise.reject(new Error('away')) } });
    const told = new Promise((resolve) => steps.addEventListener('failed', (event) => resolve(/** @type {any} */ (event).detail.message)));
    steps.go(1);
    assert.equal(await told, 'away');
    assert.equal(steps.shown, null);
  });
});

describe('where two runs part', () => {
  const metric = (name, iteration, more = {}) => ({ iteration, metric: name, layer: null, layerName: null, differing: [], ...more });

  test('is said with the layer that is to blame and both values', () => {
    const words = divergenceWords({
      from: 0, to: 100, first: { iteration: 12, metric: 'gradient.mean_abs', layer: 36, layerName: 'stage3.conv12' },
      metrics: [metric('gradient.mean_abs', 12, { layer: 36, layerName: 'stage3.conv12', differing: [{ layer: 36, a: 1e-5, b: 'NaN' }] }), metric('loss', null)],
    });
    assert.equal(words.iteration, 12);
    assert.equal(words.headline, 'They part at iteration 12, in the gradient of layer 36 (stage3.conv12)');
    assert.deepEqual(words.details, ['the gradient: from iteration 12 of layer 36 (stage3.conv12), 1.000×10⁻⁵ and NaN', 'the loss: no difference']);
  });

  test('twins do not part, and runs may have nothing in common', () => {
    assert.match(divergenceWords({ from: 0, to: 60, first: null, metrics: [] }).headline, /nothing differs in 60 iterations/);
    assert.match(divergenceWords({ from: 0, to: 0, first: null, metrics: [] }).headline, /no iteration in common/);
  });
});

describe('addresses', () => {
  test('a comparison says what it is aligned by', () => {
    assert.equal(alignOf('#/compare/a,b?align=wall'), 'wall');
    assert.equal(alignOf('#/compare/a,b?align=nonsense'), 'iteration');
    assert.equal(alignOf('#/compare/a,b'), 'iteration');
    assert.equal(alignedHref('#/compare/a,b', 'epoch'), '#/compare/a,b?align=epoch');
    assert.equal(alignedHref('#/compare/a,b', 'iteration'), '#/compare/a,b');
    assert.deepEqual(parseRoute('#/compare/a,b?align=epoch'), { view: 'compare', ids: ['a', 'b'] });
  });

  test('the paper’s table has one', () => {
    assert.deepEqual(parseRoute('#/table1'), { view: 'table1' });
  });
});
