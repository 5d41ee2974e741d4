/** Size of the applied update against the size of the weights, by layer. Pure. */
import { decades } from '../state/health.js';
import { profileOption, WINDOWS } from './profile.js';
import { power } from '../format.js';

const METRIC = 'update.ratio';

/** @param {import('../state/run-model.js').RunModel} model @param {import('../theme.js').Theme} t @param {{width?: number}} [more] */
export function updateRatioOption(model, t, { width = 600 } = {}) {
  const windows = model.grid(METRIC)?.windows(WINDOWS) ?? [];
  const newest = model.latest.get(METRIC) ?? null;
  const profiles = windows.map((window) => window.values);
  return profileOption(
    {
      layers: model.layers,
      windows,
      newest,
      iteration: model.iteration,
      range: /** @type {any} */ (decades(newest ? [...profiles, newest] : profiles, [-4, -1])),
      floor: null,
      reference: { decade: -3, label: `${power(-3)}: a usual size` },
      cut: null,
      width,
      name: '‖update‖ ÷ ‖parameter‖',
    },
    t,
  );
}
