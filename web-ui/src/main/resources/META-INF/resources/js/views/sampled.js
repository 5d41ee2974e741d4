/** The section with what a run samples. It is there only for a run that samples something, and so is each of its charts. */
import { h } from '../dom.js';
import { theme } from '../theme.js';
import { chartPanel } from './panel.js';
import { activationOption, curvatureOption, resourcesOption, shatteringOption } from '../charts/sampled.js';
import { bytes, decimal, integer, percent, scientific } from '../format.js';

const EVERY_MS = 400;

/** @param {import('../state/run-model.js').RunModel} model @param {import('../state/zoom.js').Zoom | null} [zoom] */
export function sampledSection(model, zoom = null) {
  const shown = () => zoom?.shown() ?? model;
  const exact = (name) => () => shown().isExact?.(name) === true;
  const points = (name) => shown().samples.series(name)?.points ?? 0;
  const newest = (name) => model.samples.series(name)?.recentMean(1) ?? NaN;
  const panel = (group, more) => ({ group, ...chartPanel({ level: 3, every: EVERY_MS, iteration: () => model.iteration, empty: () => 'No sample yet', ...more }) });
  const panels = [
    panel('activation', {
      title: 'Activations',
      note: 'Share of pre-activations below zero, by layer; dotted: channels that nearly always are',
      testid: 'chart-activations',
      option: () => activationOption(shown(), theme()),
      layers: () => model.layers,
      zoomKey: () => 'activation.negative_fraction',
      points: () => model.layers.length,
      label: () => `From ${percent(model.samples.latest.get('activation.negative_fraction')?.[0] ?? null)} of the pre-activations below zero at the input.`,
    }),
    panel('curvature', {
      title: 'Curvature along the gradient',
      note: 'Change of the batch’s loss by one step along −g: dashed predicted (−ε gᵀg + ½ε² gᵀHg), solid actual',
      testid: 'chart-curvature',
      option: () => curvatureOption(shown(), theme()),
      zoom,
      exact: exact('curvature.actual_change'),
      zoomKey: () => 'curvature.actual_change',
      points: () => points('curvature.actual_change'),
      label: () => `Predicted ${scientific(newest('curvature.predicted_change'))}, actual ${scientific(newest('curvature.actual_change'))}.`,
    }),
    panel('shattering', {
      title: 'Agreement of half batches',
      note: 'Correlation of their gradients: 1 the same, 0 shattered',
      testid: 'chart-shattering',
      option: () => shatteringOption(shown(), theme()),
      zoom,
      exact: exact('shattering.correlation'),
      zoomKey: () => 'shattering.correlation',
      points: () => points('shattering.correlation'),
      label: () => `Correlation ${decimal(newest('shattering.correlation'))}.`,
    }),
    panel('resources', {
      title: 'Resources',
      note: 'Of the training process: processors in use; memory, and the heap in it',
      testid: 'chart-resources',
      option: () => resourcesOption(shown(), theme()),
      zoom,
      exact: exact('resources.process_cpu'),
      zoomKey: () => 'resources.process_cpu',
      points: () => points('resources.process_cpu'),
      label: () => `${decimal(newest('resources.process_cpu'), 1)} processors, ${bytes(newest('resources.resident_bytes'))} at iteration ${integer(model.iteration)}.`,
    }),
  ];
  const element = h('section.sampled', { hidden: true, 'data-testid': 'sampled', 'aria-label': 'Sampled' }, h('div.panel-title', {}, h('h2', {}, 'Sampled'), h('p.note', {}, 'Measured in some iterations only')), h('div.grid', {}, ...panels.map((one) => one.element)));

  /** Shows what there is; panels that are hidden are not drawn. */
  function update() {
    for (const one of panels) one.element.hidden = !model.samples.has(one.group);
    element.hidden = panels.every((one) => one.element.hidden);
  }

  return { element, panels, update };
}
