import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { each, ownScale, railWords, rescaled } from '../../main/resources/META-INF/resources/js/charts/scale.js';
import { csv, fileName, overIteration, profileTable, tableOf } from '../../main/resources/META-INF/resources/js/charts/table.js';
import { axis, brokenRail, decadeAxis, iterationAxis, line } from '../../main/resources/META-INF/resources/js/charts/common.js';

const theme = { dark: false, text: '#111111', muted: '#555555', faint: '#888888', line: '#dddddd', card: '#ffffff', accent: '#0072b2', second: '#b85c00', critical: '#c2410c', warning: '#9a6700', good: '#00795a', broken: '#e0186c', font: 'sans-serif' };
const formatter = (items) => items.map(({ value }) => value[1]).join(' ');
const linear = (ys, more = {}) => ({ tooltip: { formatter }, xAxis: iterationAxis(theme, 10), yAxis: axis(theme, { scalable: true }), series: [line('value', Float64Array.from(ys.flatMap((y, x) => [x, y])), more), brokenRail(theme, 'broken', [7], 0)] });
const decades = (exponents) => ({ tooltip: { formatter }, xAxis: axis(theme), yAxis: decadeAxis(theme, [-8, 0]), series: [line('value', Float64Array.from(exponents.flatMap((y, x) => [x, y]))), { ...brokenRail(theme, 'zero', [5], -8), rail: 0 }] });
const ys = (option, id) => {
  const all = [];
  each(option.series.find((one) => one.id === id).data, (_, y) => all.push(y));
  return all;
};
const near = (actual, expected) => assert.ok(actual.every((value, i) => Math.abs(value - expected[i]) < 1e-9), `${actual} is not ${expected}`);

describe('scales', () => {
  test('a chart says which scale it has by itself', () => {
    assert.equal(ownScale(linear([1])), 'linear');
    assert.equal(ownScale(decades([-1])), 'log');
    assert.equal(ownScale({ yAxis: axis(theme), series: [] }), null);
    assert.equal(ownScale(null), null);
  });

  test('a picture has no other scale than that it was painted for', () => {
    const painted = decades([-1]);
    painted.series.push({ type: 'custom', data: [[0, 1]] });
    assert.equal(ownScale(painted), null);
    assert.equal(rescaled(painted, 'linear', theme), painted);
  });

  test('its own scale, an unknown one and none leave it as it is', () => {
    const option = linear([1, 2]);
    for (const scale of ['linear', 'cubic', null]) assert.equal(rescaled(option, scale, theme), option);
  });

  test('logarithmic: every value at its logarithm, between whole decades', () => {
    const option = rescaled(linear([1e-6, 0.01, 100]), 'log', theme);
    near(ys(option, 'value'), [-6, -2, 2]);
    assert.ok(option.yAxis.min <= -6 && option.yAxis.max >= 2);
    assert.equal(option.yAxis.axisLabel.formatter(-6), '10⁻⁶');
  });

  test('few decades are labelled with numbers', () => {
    const option = rescaled(linear([2.5, 4.6]), 'log', theme);
    assert.ok(option.yAxis.max - option.yAxis.min < 0.6, 'the data fill the axis');
    assert.equal(option.yAxis.axisLabel.formatter(Math.log10(4)), '4');
    const timed = { ...linear([250, 4000]), yAxis: axis(theme, { scalable: true, axisLabel: { formatter: (ms) => `${ms} ms` } }) };
    assert.equal(rescaled(timed, 'log', theme).yAxis.axisLabel.formatter(3), '1000 ms', 'in the axis’ own words');
  });

  test('what has no place on a logarithmic axis is marked at the foot and counted, never dropped', () => {
    const option = rescaled(linear([1, 0, -3, 10]), 'log', theme);
    assert.deepEqual(option.series.find(({ id }) => id === 'off-scale-0').data.map(([x]) => x), [1, 2]);
    assert.equal(option.series.find(({ id }) => id === 'off-scale-0').data[0][1], option.yAxis.min);
    assert.equal(railWords(option), '2 places at zero or below, 1 place NaN or infinite');
    assert.equal(railWords(rescaled(linear([1, 10]), 'log', theme)), '1 place NaN or infinite');
    assert.equal(railWords({ series: [line('value', new Float64Array(0))] }), '');
  });

  test('marks of NaN and infinities stay at the foot of any scale', () => {
    for (const scale of ['log', 'symlog']) {
      const option = rescaled(linear([1, 1000]), scale, theme);
      assert.deepEqual(ys(option, 'broken'), [option.yAxis.min], scale);
    }
  });

  test('symlog has a place for zero and for both signs', () => {
    const option = rescaled(linear([-100, -0.1, 0, 0.1, 100]), 'symlog', theme);
    const [a, b, zero, c, d] = ys(option, 'value');
    assert.equal(zero, 0);
    assert.ok(a < b && b < 0 && 0 < c && c < d);
    near([a, b], [-d, -c]);
    assert.equal(railWords(option), '1 place NaN or infinite');
    assert.equal(option.yAxis.axisLabel.formatter(0), '0');
    assert.match(option.yAxis.axisLabel.formatter(option.yAxis.min), /^−10/);
  });

  test('symlog keeps values apart that differ by many decades', () => {
    const places = ys(rescaled(linear([1e-15, 1e-8, 1e-2]), 'symlog', theme), 'value');
    assert.ok(places[1] - places[0] > 5 && places[2] - places[1] > 5, String(places));
  });

  test('a chart of decades becomes linear, and its zeros are at zero', () => {
    const option = rescaled(decades([-3, -1, NaN]), 'linear', theme);
    near(ys(option, 'value').slice(0, 2), [0.001, 0.1]);
    assert.equal(option.yAxis.min, 0);
    assert.deepEqual(ys(option, 'zero'), [0]);
  });

  test('references move with the values; one that has no place goes', () => {
    const marked = linear([1, 100], { markLine: { data: [{ yAxis: 10 }, { yAxis: 0 }, { xAxis: 4 }] } });
    assert.deepEqual(rescaled(marked, 'log', theme).series[0].markLine.data, [{ yAxis: 1 }, { xAxis: 4 }]);
  });

  test('a tooltip tells the values, whatever the scale', () => {
    for (const scale of ['log', 'symlog']) {
      const option = rescaled(linear([0.5, 20]), scale, theme);
      const told = Number(option.tooltip.formatter([{ seriesIndex: 0, value: [1, ys(option, 'value')[1]] }]));
      assert.ok(Math.abs(told - 20) < 1e-9, `${scale}: ${told}`);
    }
  });

  test('an axis that has one scale only keeps its values', () => {
    const option = { ...linear([1, 100]), yAxis: [axis(theme, { scalable: true }), axis(theme, { min: 0, max: 1 })] };
    option.series = [option.series[0], line('share', Float64Array.from([0, 0.5]), { yAxisIndex: 1 })];
    const moved = rescaled(option, 'log', theme);
    assert.deepEqual(ys(moved, 'share'), [0.5]);
    assert.equal(moved.yAxis[1].max, 1);
  });

  test('nothing at all has an axis, too', () => {
    for (const scale of ['log', 'symlog']) {
      const { yAxis } = rescaled(linear([]), scale, theme);
      assert.ok(yAxis.min < yAxis.max, scale);
    }
  });
});

describe('tables', () => {
  test('hold every point in the units of the chart', () => {
    assert.deepEqual(tableOf(linear([4.5, 0])).rows, [['value', 0, 0, 4.5], ['value', 0, 1, 0], ['broken', 0, 7, 'not finite']]);
    assert.deepEqual(tableOf(decades([-1, -2])).rows, [['value', 0, 0, 0.1], ['value', 0, 1, 0.01], ['zero', 0, 5, 0]]);
  });

  test('tell lines of one series apart', () => {
    const option = { xAxis: axis(theme), yAxis: axis(theme), series: [line('windows', Float64Array.from([0, 1, NaN, NaN, 0, 2]))] };
    assert.deepEqual(tableOf(option).rows.map(([, part]) => part), [0, 1]);
    assert.equal(tableOf(option).columns[2], 'layer');
  });

  test('know charts over iterations', () => {
    assert.equal(overIteration(linear([1])), true);
    assert.equal(overIteration(decades([1])), false);
    assert.equal(tableOf(linear([1])).columns[2], 'iteration');
  });

  test('name the iterations of every profile, and the layers that are shown', () => {
    const profiles = { windows: [{ from: 0, to: 8, values: [1, 2] }], newest: [3, NaN], iteration: 9 };
    assert.deepEqual(profileTable([{ name: 'a' }, { name: 'b' }], profiles, null).rows, [[0, 'a', 0, 7, 1], [1, 'b', 0, 7, 2], [0, 'a', 9, 9, 3], [1, 'b', 9, 9, NaN]]);
    assert.deepEqual(profileTable([], profiles, new Set([1])).rows.map(([layer]) => layer), [1, 1]);
  });

  test('are CSV that no spreadsheet misreads', () => {
    assert.equal(csv({ columns: ['a', 'b'], rows: [['x,"y"', 1e-300], ['=1+1', NaN], [null, -0.5], ['two\nlines', 0.1 + 0.2]] }), 'a,b\r\n"x,""y""",1e-300\r\n\'=1+1,NaN\r\n,-0.5\r\n"two\nlines",0.30000000000000004\r\n');
  });

  test('have a file name that any system takes', () => {
    assert.equal(fileName('vgg38-bn, lr 0.1', 'loss', 'png'), 'vgg38-bn-lr-0.1-loss.png');
    assert.equal(fileName('../../<script>', 'loss', 'csv'), 'script-loss.csv');
    assert.equal(fileName('‮كاما', '', 'svg'), 'chart.svg');
    assert.ok(fileName('x'.repeat(10_000), 'loss', 'svg').length < 100);
  });
});
