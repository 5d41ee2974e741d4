/** Ties what the charts of a run show to the address: the range, the smoothing, and the layer that somebody looks at. */
import { rangeOf, rangeText } from '../state/view-options.js';

/** Longest half-life that makes sense of an address, in iterations. */
const LONGEST = 100_000;

/** The half-life that was chosen; null: by the length of what is shown. @param {string | null} text */
export function halfLifeChosen(text) {
  return text !== null && /^\d{1,6}$/.test(text) && Number(text) <= LONGEST ? Number(text) : null;
}

/**
 * @param {import('../state/zoom.js').Zoom} zoom
 * @param {import('../state/view-options.js').ViewOptions} options
 * @returns {{arrived: () => void, dispose: () => void}} `arrived`: the run has more iterations now
 */
export function keepView(zoom, options) {
  /** A range that the address names and the run does not have yet. @type {{from: number, to: number} | null} */
  let awaited = rangeOf(options.get('zoom'));
  let following = false;

  function arrived() {
    if (awaited === null || zoom.end < awaited.to) return;
    const range = awaited;
    awaited = null;
    follow(() => zoom.choose(range));
  }

  function follow(change) {
    following = true;
    change();
    following = false;
  }

  function fromAddress(event) {
    const names = event.detail;
    if (names.includes('smooth')) follow(() => zoom.smooth(halfLifeChosen(options.get('smooth'))));
    if (!names.includes('zoom')) return;
    awaited = rangeOf(options.get('zoom'));
    if (awaited === null) follow(() => zoom.reset());
    else arrived();
  }

  function fromCharts(event) {
    if (following || event.detail !== null) return;
    awaited = null;
    options.set('zoom', rangeText(zoom.range), { step: true });
  }

  options.addEventListener('change', fromAddress);
  zoom.addEventListener('change', fromCharts);
  follow(() => zoom.smooth(halfLifeChosen(options.get('smooth'))));
  arrived();
  return {
    arrived,
    dispose() {
      options.removeEventListener('change', fromAddress);
      zoom.removeEventListener('change', fromCharts);
    },
  };
}

/** The layer that an address names, of so many; null: none. @param {string | null} text @param {number} layers */
export function layerChosen(text, layers) {
  return text !== null && /^\d{1,5}$/.test(text) && Number(text) < layers ? Number(text) : null;
}

/**
 * The layer that the address names is chosen, now and whenever the address changes, and the one that somebody chooses is in the address.
 *
 * @param {import('../state/layer-selection.js').LayerSelection} selection
 * @param {import('../state/view-options.js').ViewOptions} options
 * @param {() => number} layers how many the run has
 * @returns {() => void} ends it
 */
export function keepLayer(selection, options, layers) {
  const fromAddress = () => selection.choose(layerChosen(options.get('layer'), layers()));
  const onOptions = (event) => event.detail.includes('layer') && fromAddress();
  const onSelection = () => options.set('layer', selection.layer === null ? null : String(selection.layer));
  fromAddress();
  options.addEventListener('change', onOptions);
  selection.addEventListener('change', onSelection);
  return () => {
    options.removeEventListener('change', onOptions);
    selection.removeEventListener('change', onSelection);
  };
}
