import { test } from 'node:test';
import assert from 'node:assert/strict';
import { layerChoices, layersKept } from '../../main/resources/META-INF/resources/js/state/layer-filter.js';
import { ofLayers } from '../../main/resources/META-INF/resources/js/charts/layers.js';
import { each } from '../../main/resources/META-INF/resources/js/charts/scale.js';

const layers = [
  { block: 'entry', type: 'conv2d', mainPath: true },
  { block: 'stage 1 block 1', type: 'conv2d', mainPath: true },
  { block: 'stage 1 reduction', type: 'conv2d', mainPath: false },
  { block: 'stage 2 block 1', type: 'conv2d', mainPath: true },
  { block: 'head', type: 'dense', mainPath: true },
];

test('layers can be chosen by stage and by kind', () => {
  assert.deepEqual(layerChoices(layers).map(({ key, layers: indexes }) => [key, indexes]), [['entry', [0]], ['stage-1', [1, 2]], ['stage-2', [3]], ['head', [4]], ['kind-conv2d', [0, 1, 3]], ['kind-skip-path', [2]], ['kind-dense', [4]]]);
  assert.equal(layerChoices(layers)[1].words, 'stage 1: 2 layers');
});

test('a network without stages has only kinds, one of equal layers nothing to choose', () => {
  assert.deepEqual(layerChoices([{ type: 'dense' }, { type: 'lstm' }]).map(({ group }) => group), ['Kind', 'Kind']);
  assert.deepEqual(layerChoices([{ type: 'dense' }, { type: 'dense' }]), []);
});

test('a choice that this network does not have shows all', () => {
  assert.equal(layersKept(layers, 'stage-9'), null);
  assert.equal(layersKept(layers, null), null);
  assert.deepEqual(layersKept(layers, 'stage-1'), new Set([1, 2]));
});

test('a chart by layer breaks its lines where layers are left out, whatever form its data have', () => {
  const option = { xAxis: { over: 'layer', min: 0, max: 4 }, series: [{ data: Float64Array.from([0, 5, 1, 6, 2, 7, NaN, NaN]) }, { data: [[1, 3], { value: [4, 9], symbol: 'diamond' }] }] };
  const kept = ofLayers(option, new Set([1, 2]));
  assert.deepEqual([kept.xAxis.min, kept.xAxis.max], [1, 2]);
  const seen = [];
  kept.series.forEach(({ data }) => each(data, (x, y) => seen.push([x, y])));
  assert.deepEqual(seen, [[0, NaN], [1, 6], [2, 7], [NaN, NaN], [1, 3], [4, NaN]]);
  assert.equal(kept.series[1].data[1].symbol, 'diamond');
  assert.deepEqual(option.series[0].data[1], 5, 'and the chart’s own data stay');
});

test('a heat map is cut to the rows between the first and the last', () => {
  const option = { xAxis: { over: 'iteration' }, yAxis: { over: 'layer', min: 0, max: 5 }, series: [] };
  const { min, max } = ofLayers(option, new Set([1, 3])).yAxis;
  assert.deepEqual([min, max], [1, 4]);
});

test('charts without layers, and all layers, stay as they are', () => {
  const option = { xAxis: { over: 'iteration' }, yAxis: {}, series: [] };
  assert.equal(ofLayers(option, new Set([1])), option);
  assert.equal(ofLayers(option, null), option);
  assert.equal(ofLayers(null, new Set([1])), null);
});
