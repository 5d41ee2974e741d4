/** The paper's figure: mean |g| of every layer, from the input to the loss. Pure: model in, option out. */
import { FLOOR, decades } from '../state/health.js';
import { profileOption, WINDOWS } from './profile.js';
import { power } from '../format.js';

const METRIC = 'gradient.mean_abs';
const FLOOR_DECADE = Math.log10(FLOOR);

/** The decades that the figure needs, with Adam's ε always in view. @param {import('../state/run-model.js').RunModel} model @returns {[number, number]} */
export function gradientFlowRange(model) {
  const profiles = (model.grid(METRIC)?.windows(WINDOWS) ?? []).map((window) => window.values);
  const latest = model.latest.get(METRIC);
  return /** @type {any} */ (decades(latest ? [...profiles, latest] : profiles, [FLOOR_DECADE - 1, -1]));
}

/**
 * @param {import('../state/run-model.js').RunModel} model
 * @param {import('../theme.js').Theme} t
 * @param {{range?: [number, number], cut?: {layer: number, label: string} | null, width?: number}} [more]
 */
export function gradientFlowOption(model, t, { range = gradientFlowRange(model), cut = null, width = 600 } = {}) {
  return profileOption(
    {
      layers: model.layers,
      windows: model.grid(METRIC)?.windows(WINDOWS) ?? [],
      newest: model.latest.get(METRIC) ?? null,
      iteration: model.iteration,
      range,
      floor: FLOOR,
      reference: { decade: FLOOR_DECADE, label: `Adam’s ε = ${power(FLOOR_DECADE)}` },
      cut,
      width,
      name: 'mean |g|',
    },
    t,
  );
}

/** Lines and points drawn, for tests and screen readers. @param {import('../state/run-model.js').RunModel} model */
export function gradientFlowPoints(model) {
  const windows = model.grid(METRIC)?.windows(WINDOWS).length ?? 0;
  return (windows + (model.latest.has(METRIC) ? 1 : 0)) * model.layers.length;
}
