import { afterEach, test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { LayerHistograms } from '../../main/resources/META-INF/resources/js/state/histograms.js';
import { binsOf, columnsOf, elementsOf, endOf, highestShare, histogramOption, quantile } from '../../main/resources/META-INF/resources/js/charts/histogram.js';

const theme = /** @type {any} */ ({ dark: false, text: '#111111', muted: '#555555', faint: '#888888', line: '#dddddd', card: '#ffffff', accent: '#0072b2', second: '#b85c00', critical: '#c2410c', warning: '#9a6700', good: '#00795a', broken: '#e0186c', font: 'sans-serif' });
const EDGES = Array.from({ length: 65 }, (_, i) => 4 ** (i - 51));
const item = (iteration, more = {}) => ({ iteration, firstBin: 45, counts: [1, 0, 3], zeros: 0, below: 0, above: 0, notFinite: 0, ...more });
const series = (option, id) => option.series.find((one) => one.id === id);
const tick = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('a histogram', () => {
  test('counts all elements, also those that no bin holds', () => {
    assert.equal(elementsOf(item(0, { zeros: 2, below: 1, above: 1, notFinite: 1 })), 9);
  });

  test('has quantiles within their bins', () => {
    const even = item(0, { counts: [4] });
    assert.ok(Math.abs(quantile(even, EDGES, 0.5) - 2 * EDGES[45]) < 1e-12, 'the middle of a bin is twice its lower end');
    assert.equal(quantile(item(0, { counts: [1], zeros: 9 }), EDGES, 0.5), 0);
    assert.equal(quantile(item(0, { counts: [1], below: 9 }), EDGES, 0.5), EDGES[0]);
    assert.equal(quantile(item(0, { counts: [1], above: 9 }), EDGES, 0.5), EDGES[64]);
    assert.ok(Number.isNaN(quantile(item(0, { counts: [], notFinite: 3 }), EDGES, 0.5)));
  });

  test('is shown until the next one, the last until the end', () => {
    const columns = columnsOf([item(0), item(10)], 14);
    assert.deepEqual(columns.map(({ from, to }) => [from, to]), [[0, 10], [10, 14]]);
    assert.deepEqual([...columns[0].shares], [0.25, 0, 0.75]);
    assert.equal(highestShare(columns), 0.75);
    assert.deepEqual([endOf([item(0), item(10)]), endOf([item(7)]), endOf([])], [20, 8, 1]);
  });

  test('the bins are those in which something is', () => {
    assert.deepEqual(binsOf([item(0), item(10, { firstBin: 40, counts: [1] })]), [40, 48]);
    assert.equal(binsOf([item(0, { counts: [], zeros: 5 })]), null);
  });
});

describe('histograms over time', () => {
  const model = { marks: [], range: null, iteration: 19 };

  test('place the picture between the first sample and the end, and between the ends of the bins', () => {
    const option = histogramOption({ items: [item(5), item(10)], edges: EDGES, model, image: (w, h) => [w, h] }, theme);
    const drawn = series(option, 'cells').renderItem(null, { coord: ([x, y]) => [x * 10, -y * 10] });
    assert.deepEqual([drawn.style.x, Math.round(drawn.style.width)], [50, 100], 'the newest sample lasts as long as the one before it');
    assert.equal(Math.round(drawn.style.height * 100), Math.round(30 * Math.log10(4) * 100));
    assert.ok(option.yAxis.min <= Math.log10(EDGES[45]) && option.yAxis.max >= Math.log10(EDGES[48]));
  });

  test('draw median and middle nine tenths; where all is zero the lines break', () => {
    const option = histogramOption({ items: [item(0), item(10, { counts: [1], zeros: 99 })], edges: EDGES, model, image: () => null }, theme);
    const [, first, , second] = series(option, 'median').data;
    assert.ok(first > Math.log10(EDGES[47]) && first < Math.log10(EDGES[48]));
    assert.ok(Number.isNaN(second));
  });

  test('mark what is not finite, and tell the sample under the pointer', () => {
    const option = histogramOption({ items: [item(0), item(10, { zeros: 4, notFinite: 2 })], edges: EDGES, model, image: () => null }, theme);
    assert.deepEqual(series(option, 'broken').data.map(([x]) => x), [10]);
    const words = option.tooltip.formatter([{ axisValue: 17 }]);
    assert.match(words, /^sampled at iteration 10\nmedian .*\nexactly zero: 40\.0.% of 10\nNaN or infinite: 2$/);
  });

  test('have axes without samples', () => {
    const option = histogramOption({ items: [], edges: EDGES, model, image: () => null }, theme);
    assert.deepEqual(series(option, 'cells').data, []);
    assert.equal(option.tooltip.formatter([{ axisValue: 3 }]), 'iteration 3');
  });
});

describe('histograms of a layer', () => {
  /** @type {LayerHistograms[]} */
  const open = [];
  afterEach(() => open.splice(0).forEach((one) => one.dispose()));

  function started({ every = 10, page = 500, broken = /** @type {number[]} */ ([]) } = {}) {
    const asked = /** @type {any[]} */ ([]);
    const model = /** @type {any} */ ({ id: 'r', iteration: 35, attempt: 1 });
    const clock = { now: 0 };
    const api = /** @type {any} */ ({ getHistograms: async (_id, query) => {
      asked.push(query);
      const all = Array.from({ length: 10_000 }, (_, i) => i * every).filter((i) => i >= query.from && i < query.to);
      return { edges: EDGES, items: all.slice(0, page).map((i) => item(i, broken.includes(i) ? { notFinite: 1 } : {})), next: all[page] ?? null };
    } });
    const histograms = new LayerHistograms(model, { onChange: () => {}, api, now: () => clock.now });
    open.push(histograms);
    const settle = async (layer = 0, times = 8) => {
      for (let i = 0; i < times; i++) {
        histograms.want('gradient', layer);
        await tick();
      }
    };
    return { histograms, model, asked, clock, settle };
  }

  test('come page by page, and then only what is new', async () => {
    const { histograms, model, asked, clock, settle } = started({ page: 2 });
    await settle();
    assert.deepEqual(asked.map(({ from, to }) => [from, to]), [[0, 36], [20, 36]]);
    assert.deepEqual(histograms.items.map(({ iteration }) => iteration), [0, 10, 20, 30]);
    model.iteration = 45;
    await settle();
    assert.equal(asked.length, 2, 'not so soon');
    clock.now = 6000;
    await settle();
    assert.deepEqual([asked[2].from, asked[2].to], [36, 46]);
    assert.equal(histograms.items.length, 5);
  });

  test('of another layer, or another attempt, are other ones', async () => {
    const { histograms, model, asked, settle } = started();
    await settle(0);
    await settle(1);
    assert.equal(asked[1].layer, 1);
    model.attempt = 2;
    await settle(1);
    assert.deepEqual([asked.length, asked[2].from, histograms.items.length], [3, 0, 4]);
  });

  test('beyond the place of a replay are not shown', async () => {
    const { histograms, model, settle } = started();
    await settle();
    model.iteration = 12;
    assert.deepEqual(histograms.items.map(({ iteration }) => iteration), [0, 10]);
  });

  test('of a very long run are not all kept, but the newest is, and what is not finite', async () => {
    const { histograms, model, settle } = started({ every: 1, broken: [4321] });
    model.iteration = 9000;
    await settle(0, 30);
    const { items, every } = histograms;
    assert.equal(every, 8);
    assert.ok(items.length > 1000 && items.length <= 2000);
    assert.equal(items.at(-1).iteration, 9000);
    assert.deepEqual(items.filter(({ notFinite }) => notFinite > 0).map(({ iteration }) => iteration), [4321]);
    const steps = items.slice(1).map(({ iteration }, i) => iteration - items[i].iteration);
    assert.ok(steps.every((step) => step > 0 && step < 16), 'evenly over the whole run');
  });
});
