/** Histograms of a layer's gradients or weights over time, for runs that sample them; for others, how to turn them on. */
import { fill, h, text } from '../dom.js';
import { chartPanel } from './panel.js';
import { binsOf, columnsOf, elementsOf, endOf, highestShare, histogramOption } from '../charts/histogram.js';
import { HistogramImage } from '../charts/histogram-image.js';
import { gradient } from '../charts/palette.js';
import { layerTitle } from '../charts/profile.js';
import { LayerHistograms } from '../state/histograms.js';
import { theme } from '../theme.js';
import { integer, percent, plural } from '../format.js';

/**
 * @param {import('../state/run-model.js').RunModel} model
 * @param {{selection: import('../state/layer-selection.js').LayerSelection, zoom: import('../state/zoom.js').Zoom | null, urge: (panel: any) => void, arrived: (panel: any) => void}} environment
 */
export function histogramPanel(model, { selection, zoom, urge, arrived }) {
  const histograms = new LayerHistograms(model, { onChange: () => arrived(whole) });
  const image = new HistogramImage();
  /** @type {'gradient' | 'parameter'} */
  let kind = 'gradient';
  let layer = 0;
  let named = -1;
  /** What the picture shows: it is painted again for other samples only. @type {any} */
  let painted = null;
  const layers = /** @type {HTMLSelectElement} */ (h('select', { 'data-testid': 'histogram-layer', onchange: () => ((layer = Number(layers.value)), urge(whole)) }));
  const kinds = /** @type {HTMLSelectElement} */ (h('select', { 'data-testid': 'histogram-kind', onchange: () => ((kind = /** @type {any} */ (kinds.value)), urge(whole)) }, h('option', { value: 'gradient' }, 'Gradient |g|'), h('option', { value: 'parameter' }, 'Weights |w|')));
  const controls = h('div.selects', {}, h('label.select', {}, h('span.visually-hidden', {}, 'Layer of the histograms'), layers), h('label.select', {}, h('span.visually-hidden', {}, 'Of what'), kinds));
  const low = h('span.legend-end');
  const high = h('span.legend-end');
  const said = h('span.legend-key');
  const legend = h('div.legend', {}, low, h('span.legend-bar', { style: { background: gradient() } }), high, h('span', {}, 'of the elements in a bin'), said);
  const has = () => model.run?.sampled?.includes('histograms') === true;
  const shown = () => (zoom?.range ? { marks: model.marks, range: zoom.range, iteration: model.iteration } : model);

  const panel = chartPanel({
    title: 'Histograms over time',
    note: 'Sizes of one layer’s elements; white: the median, and the middle nine tenths',
    testid: 'chart-histograms',
    every: 500,
    controls,
    legend,
    option: () => {
      name();
      showTools();
      if (!has()) return null;
      histograms.want(kind, layer);
      const { items, edges } = histograms;
      const bins = binsOf(items);
      if (bins === null) return null;
      if (items !== painted) {
        painted = items;
        const columns = columnsOf(items, endOf(items));
        image.take(columns, bins, endOf(items));
        describe(items, columns);
      }
      return histogramOption({ items, edges, model: shown(), image: (width, height) => image.at(width, height) }, theme());
    },
    zoom,
    exact: () => histograms.complete,
    points: () => histograms.items.length,
    iteration: () => model.iteration,
    label: () => `${kind === 'gradient' ? 'Gradient' : 'Weights'} of ${layerTitle(model.layers[layer], layer)}, ${plural(histograms.items.length, 'sample')}.`,
    empty: () => {
      if (!has()) return 'This run was started without histograms. ./gradwatch train --histograms-every 100 takes one of every layer in each 100th iteration.';
      if (model.iteration < 0) return model.run?.state === 'running' ? 'Waiting for the first iteration' : 'This run has no iterations';
      if (histograms.problem !== null) return `The histograms did not come: ${histograms.problem.message}`;
      if (histograms.items.length > 0) return 'All elements of this layer are zero, or not finite';
      return histograms.complete ? 'No histogram yet' : 'Loading the histograms';
    },
  });

  function showTools() {
    controls.hidden = !has();
    legend.hidden = !has() || model.iteration < 0;
  }

  function name() {
    if (named === model.layers.length) return;
    named = model.layers.length;
    fill(layers, ...model.layers.map((one, index) => h('option', { value: String(index) }, layerTitle(one, index))));
    layers.value = String(layer);
  }

  function describe(items, columns) {
    const last = items[items.length - 1];
    text(low, percent(0, 0));
    text(high, percent(highestShare(columns), 0));
    const zeros = last.zeros / elementsOf(last);
    text(said, `${plural(items.length, 'sample')}${histograms.every > 1 ? `, one of ${histograms.every}` : ''}; exactly zero now: ${percent(zeros, zeros > 0 && zeros < 0.01 ? 2 : 0)}${last.notFinite > 0 ? `; NaN or infinite: ${integer(last.notFinite)}` : ''}`);
  }

  function follow() {
    if (selection.layer === null) return;
    layer = selection.layer;
    layers.value = String(layer);
    urge(whole);
  }

  const whole = {
    ...panel,
    dispose() {
      selection.removeEventListener('change', follow);
      histograms.dispose();
      panel.dispose();
    },
  };
  showTools();
  selection.addEventListener('change', follow);
  return whole;
}
