import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isLive, settled, shapes, trace, unseen } from '../../main/resources/META-INF/resources/js/charts/live.js';
import { profileOption } from '../../main/resources/META-INF/resources/js/charts/profile.js';

const THEME = /** @type {any} */ ({ dark: false, text: '#111111', muted: '#666666', line: '#dddddd', card: '#ffffff', accent: '#0066cc', critical: '#cc0000', good: '#00795a', broken: '#ff2e92', font: 'sans-serif' });

const LAYERS = [{ name: 'conv0' }, { name: 'conv1' }, { name: 'skip', mainPath: false }, { name: 'dense' }];
const option = ({ newest = [1e-2, 1e-3, 1e-2, 1e-4], windows = [], range = [-6, 0], floor = 1e-8, width = 600, theme = THEME } = {}) =>
  profileOption({ layers: LAYERS, windows, newest, iteration: 7, range, reference: null, floor, cut: null, width, name: 'mean |g|' }, theme);
const series = (one, id) => one.series.find((series) => series.id === id);

describe('a whole drawing', () => {
  const before = settled(option());

  test('is not needed when only the newest values have changed, or older lines', () => {
    assert.equal(settled(option({ newest: [2e-2, 2e-3, 2e-2, 2e-4] })), before);
    assert.equal(settled(option({ windows: [{ from: 0, to: 4, values: [1e-1, 1e-2, 1e-2, 1e-3] }] })), before);
  });

  for (const [what, more] of Object.entries({
    'the axis has other ends': { range: [-12, 0] },
    'a value is not finite any more': { newest: [1e-2, NaN, 1e-2, 1e-4] },
    'a value is zero': { newest: [1e-2, 0, 1e-2, 1e-4] },
    'the line has another colour, because a layer is dead': { newest: [1e-12, 1e-3, 1e-2, 1e-4] },
    'there are other labels': { width: 120 },
    'the theme is another': { theme: { ...THEME, line: '#333333' } },
  })) {
    test(`is needed when ${what}`, () => assert.notEqual(settled(option(more)), before));
  }
});

test('charts without a live series have nothing to move', () => {
  assert.ok(isLive(option()));
  assert.equal(isLive({ series: [{ type: 'line', data: [] }] }), false);
});

test('ECharts gets the values of a live line for its tooltip, and draws neither it nor the dots', () => {
  const given = option();
  const drawn = unseen(given);
  assert.equal(series(drawn, 'newest').data, series(given, 'newest').data);
  assert.equal(series(drawn, 'newest').lineStyle.opacity, 0);
  assert.deepEqual(series(drawn, 'dots').data, []);
  assert.equal(series(given, 'newest').lineStyle.opacity, undefined, 'what is saved as a picture is as it was');
});

describe('the live series', () => {
  const place = (x, y) => /** @type {[number, number]} */ ([10 * x, -10 * y]);

  test('are a line that breaks where there is no value, and dots of one style together', () => {
    const all = shapes(option({ newest: [1e-2, NaN, 1e-2, 1e-10] }), place);
    const line = all.get('newest');
    assert.deepEqual(line.lines.map((piece) => piece.map(([x]) => x)), [[0], [30]]);
    assert.equal(line.style.stroke, THEME.critical);
    const dots = [...all].filter(([name]) => name !== 'newest').map(([, { style, dots }]) => [style.fill, dots.map(({ x, diamond }) => [x, diamond])]);
    assert.deepEqual(dots, [
      [THEME.good, [[0, false]]],
      [THEME.card, [[20, true]]],
      [THEME.critical, [[30, false]]],
    ]);
  });

  test('are at the place of their values', () => {
    const [[[x, y]]] = shapes(option(), place).get('newest').lines;
    assert.deepEqual([x, y], [0, 20]);
  });

  test('are drawn as one path', () => {
    const calls = [];
    const context = new Proxy({}, { get: (_, name) => (...values) => calls.push(`${String(name)} ${values.slice(0, 2)}`) });
    trace(context, { lines: [[[0, 1], [2, 3]], [[4, 5]]], dots: [{ x: 1, y: 1, size: 2, diamond: false }, { x: 5, y: 5, size: 2, diamond: true }] });
    assert.deepEqual(calls, ['moveTo 0,1', 'lineTo 2,3', 'moveTo 4,5', 'moveTo 2,1', 'arc 1,1', 'moveTo 5,4', 'lineTo 6,5', 'lineTo 5,6', 'lineTo 4,5', 'closePath ']);
  });
});
