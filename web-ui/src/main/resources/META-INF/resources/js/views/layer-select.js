/** Which layers the charts by layer show: those of a stage, or of a kind. */
import { attribute, fill, h } from '../dom.js';
import { layerChoices } from '../state/layer-filter.js';

/** @param {() => any[]} layersOf @param {import('../state/view-options.js').ViewOptions} options */
export function layerSelect(layersOf, options) {
  const select = /** @type {HTMLSelectElement} */ (h('select', { 'data-testid': 'layer-filter', onchange: () => options.set('layers', select.value || null) }));
  const element = h('label.select.layer-select', { hidden: true }, h('span', {}, 'Layers '), select);
  let shown = '';

  /** The layers are known when the run is described; a run that goes on may get others. */
  function update() {
    const choices = layerChoices(layersOf());
    const chosen = options.get('layers') ?? '';
    const key = JSON.stringify([choices.map(({ words }) => words), chosen]);
    if (key === shown) return;
    shown = key;
    element.hidden = choices.length === 0;
    const option = ({ key: value, words }) => h('option', { value, selected: value === chosen }, words);
    const part = (group) => {
      const own = choices.filter((one) => one.group === group);
      return own.length === 0 ? null : h('optgroup', { label: group }, ...own.map(option));
    };
    fill(select, h('option', { value: '' }, 'all'), part('Stage'), part('Kind'));
    attribute(element, 'data-filtered', chosen === '' ? null : 'true');
  }

  update();
  return { element, update };
}
