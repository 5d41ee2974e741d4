import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { COURSE_METRICS, batchNormCourseOption, brokenNorms } from '../../main/resources/META-INF/resources/js/charts/batch-norm-course.js';
import { PANELS, placesOf } from '../../main/resources/META-INF/resources/js/charts/batch-norm.js';

const theme = /** @type {any} */ ({ dark: false, text: '#111111', muted: '#555555', faint: '#888888', line: '#dddddd', card: '#ffffff', accent: '#0072b2', second: '#b85c00', critical: '#c2410c', warning: '#9a6700', good: '#00795a', broken: '#e0186c', font: 'sans-serif' });
const model = { marks: [], range: null, iteration: 19 };
const bucket = (from, value, more = {}) => ({ from, to: from + 10, count: 10, nan: 0, inf: 0, mean: value, min: value * 0.9, max: value * 1.1, ...more });
const buckets = (metric) => (metric.endsWith('_min') ? [bucket(0, 0.5), bucket(10, 0.4)] : metric.endsWith('_max') ? [bucket(0, 2), bucket(10, 3)] : [bucket(0, 1), bucket(10, 1)]);
const series = (option, id) => option.series.find((one) => one.id === id);

describe('a batch-normalisation layer over iterations', () => {
  test('has γ and β, batch against running mean and variance, and drift', () => {
    const option = batchNormCourseOption({ buckets, model }, theme);
    for (const metric of PANELS.flatMap(({ lines }) => lines.map(([name]) => name))) assert.equal(series(option, metric).data.length, 4, metric);
    assert.deepEqual([option.xAxis.length, option.yAxis.length, option.grid.length], [4, 4, 4]);
    assert.ok(COURSE_METRICS.includes('bn.gamma_min') && COURSE_METRICS.includes('bn.drift'));
  });

  test('shades what the channels lie between, and holds it in view', () => {
    const option = batchNormCourseOption({ buckets, model }, theme);
    const band = series(option, 'bn.gamma_mean-band').renderItem(null, { coord: (point) => point });
    assert.deepEqual(band.children[0].shape.points, [[4.5, 2.2], [14.5, 3.3000000000000003], [14.5, 0.36000000000000004], [4.5, 0.45]]);
    assert.ok(option.yAxis[0].min <= 0.36 && option.yAxis[0].max >= 3.3);
  });

  test('variances and drift are on logarithmic axes', () => {
    const option = batchNormCourseOption({ buckets, model }, theme);
    assert.equal(series(option, 'bn.batch_var_mean').data[1], 0);
    assert.equal(series(option, 'bn.gamma_mean').data[1], 1);
  });

  test('always has the same series, and another kind than the chart of all layers', () => {
    const ids = (option) => option.series.map(({ id }) => id);
    assert.deepEqual(ids(batchNormCourseOption({ buckets: () => null, model }, theme)), ids(batchNormCourseOption({ buckets, model }, theme)));
    assert.equal(batchNormCourseOption({ buckets, model }, theme).kind, 'course');
  });

  test('tells the values under the pointer, and counts what is not finite', () => {
    assert.match(batchNormCourseOption({ buckets, model }, theme).tooltip.formatter([{ axisValue: 12 }]), /^iterations 10–19\nscale γ: 1\nshift β: 1\n/);
    assert.deepEqual(brokenNorms([bucket(0, 1, { nan: 3 }), bucket(10, 1, { inf: 1 })]), { nan: 3, inf: 1 });
    assert.deepEqual(brokenNorms(null), { nan: 0, inf: 0 });
  });

  test('the four charts lie beside each other where there is room, else two by two, else in a column', () => {
    const rows = (width) => new Set(placesOf(width).map(({ titleTop }) => titleTop)).size;
    assert.deepEqual([rows(1300), rows(700), rows(360)], [1, 2, 4]);
  });
});
