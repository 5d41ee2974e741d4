/** Where two runs part, in words. Pure. */
import { integer, scientific } from '../format.js';
import { jsonNumber } from '../net/protocol.js';

/** What counts as a difference. @type {[string, string][]} */
export const TOLERANCES = [
  ['0', 'exactly, bit by bit'],
  ['0.001', 'within 0.1 %'],
  ['0.01', 'within 1 %'],
  ['0.1', 'within 10 %'],
];

const NAMES = { loss: 'the loss', 'gradient.mean_abs': 'the gradient', 'parameter.l2': 'the weights' };

/** @param {string} metric */
function nameOf(metric) {
  return NAMES[/** @type {'loss'} */ (metric)] ?? metric;
}

function layerOf({ layer, layerName }) {
  if (layer === null || layer === undefined) return '';
  return ` of layer ${layer}${layerName ? ` (${layerName})` : ''}`;
}

/**
 * @param {any} answer as in the API
 * @returns {{iteration: number | null, headline: string, details: string[]}}
 */
export function divergenceWords(answer) {
  const { first, metrics, from, to } = answer;
  if (!(to > from)) return { iteration: null, headline: 'They have no iteration in common', details: [] };
  if (first === null) return { iteration: null, headline: `They do not part: nothing differs in ${integer(to - from)} iterations`, details: [] };
  const details = metrics.map((one) => {
    if (one.iteration === null) return `${nameOf(one.metric)}: no difference`;
    const worst = one.differing.find(({ layer }) => layer === one.layer) ?? one.differing[0];
    const values = worst ? `, ${scientific(jsonNumber(worst.a), 4)} and ${scientific(jsonNumber(worst.b), 4)}` : '';
    return `${nameOf(one.metric)}: from iteration ${integer(one.iteration)}${layerOf(one)}${values}`;
  });
  return { iteration: first.iteration, headline: `They part at iteration ${integer(first.iteration)}, in ${nameOf(first.metric)}${layerOf(first)}`, details };
}
