/**
 * All metrics by layer, as the heat map offers them. `kept`: over time from the first frame on; the others once somebody has chosen them.
 * `log`: on a logarithmic scale; `bn`: by batch-normalisation layer; `sampled`: in some iterations only, and by which part of a run's `sampled`;
 * `asked`: no frame brings it, history is asked for what is new; `gaps`: NaN says that it cannot be told, not that something broke.
 *
 * @typedef {{name: string, label: string, group: string, log: boolean, bn: boolean, kept?: boolean, sampled?: 'activation' | 'shattering', asked?: boolean, gaps?: boolean, share?: boolean}} LayerMetric
 */

/** @param {string} group @param {Partial<LayerMetric>} common @param {[string, string, Partial<LayerMetric>?][]} list */
const of = (group, common, list) => list.map(([name, label, more]) => /** @type {LayerMetric} */ ({ name, label, group, log: false, bn: false, ...common, ...more }));

const CHANNELS = /** @type {[string, string, boolean][]} */ ([
  ['gamma', 'γ', false],
  ['beta', 'β', false],
  ['batch_mean', 'batch mean', false],
  ['batch_var', 'batch variance', true],
  ['running_mean', 'running mean', false],
  ['running_var', 'running variance', true],
]);

/** @type {LayerMetric[]} */
export const LAYER_METRICS = [
  ...of('Gradient', {}, [
    ['gradient.mean_abs', 'Gradient: mean |g|', { log: true, kept: true }],
    ['gradient.max_abs', 'Gradient: max |g|', { log: true, kept: true }],
    ['gradient.l2', 'Gradient: L2 norm', { log: true, kept: true }],
    ['gradient.zero_fraction', 'Gradient: share of exact zeros', { share: true, kept: true }],
    ['gradient.nan', 'Gradient: elements that are NaN'],
    ['gradient.inf', 'Gradient: elements that are infinite'],
  ]),
  ...of('Weights and steps', { log: true, kept: true }, [
    ['update.ratio', 'Update ÷ parameter'],
    ['parameter.l2', 'Parameter: L2 norm'],
  ]),
  ...of('Batch normalisation', { bn: true }, [
    ['bn.drift', 'Batch norm: drift', { log: true, kept: true }],
    ...CHANNELS.map(([name, label, log]) => /** @type {[string, string, Partial<LayerMetric>]} */ ([`bn.${name}_mean`, `Batch norm: ${label}`, { log, kept: ['gamma', 'batch_var'].includes(name) }])),
    ...CHANNELS.flatMap(([name, label, log]) => /** @type {[string, string, Partial<LayerMetric>][]} */ (['min', 'max'].map((end) => [`bn.${name}_${end}`, `Batch norm: ${label}, ${end === 'min' ? 'smallest' : 'largest'} channel`, { log, asked: true }]))),
  ]),
  ...of('Sampled', { sampled: 'activation' }, [
    ['activation.mean', 'Activation: mean'],
    ['activation.std', 'Activation: standard deviation', { log: true }],
    ['activation.negative_fraction', 'Activation: share below zero', { share: true, gaps: true }],
    ['activation.one_sided_fraction', 'Activation: share of one-sided channels', { share: true, gaps: true }],
    ['shattering.layer_correlation', 'Agreement of half batches', { sampled: 'shattering', gaps: true }],
  ]),
];

/** @param {string} name */
export function layerMetric(name) {
  return LAYER_METRICS.find((one) => one.name === name) ?? LAYER_METRICS[0];
}

/** Whether a run has a metric. @param {LayerMetric} metric @param {any} run as in the API @param {any[]} batchNorms */
export function hasMetric({ bn, sampled }, run, batchNorms) {
  return sampled ? run?.sampled?.includes(sampled) === true : !bn || batchNorms.length > 0;
}

/** The row of a metric's heat map that shows a layer; -1: none. @param {LayerMetric} metric @param {number} layer @param {any[]} batchNorms */
export function rowOf({ bn }, layer, batchNorms) {
  return bn ? batchNorms.findIndex((one) => one.layer === layer) : layer;
}

/** The layer that a row of a metric's heat map shows. @param {LayerMetric} metric @param {number} row @param {any[]} batchNorms */
export function layerOf({ bn }, row, batchNorms) {
  return bn ? batchNorms[row]?.layer ?? -1 : row;
}
