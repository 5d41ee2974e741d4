/** What is wrong with a run, where, since when, and what to try; or that nothing is. */
import { fill, h, icon, text } from '../dom.js';
import { alertAttention } from './alert-attention.js';
import { alertCard } from './alert-card.js';
import { cutByValues, gradientHealth, onMainPath, silentLayers, stretches, verdictOf, worstAlert } from '../state/health.js';
import { decimal, integer, plural, scientific, UNKNOWN } from '../format.js';

/** @type {Record<string, string>} */
const TITLES = {
  'nan-inf': 'NaN or infinity',
  'vanish-floor': 'The gradient vanishes',
  'vanish-depth': 'The gradient vanishes with depth',
  'slope-trend': 'The gradient begins to fade with depth',
  collapse: 'The gradient has collapsed',
  explode: 'The gradient explodes',
  'chance-level': 'The network guesses',
  'one-sided-units': 'Units see only one side',
  'batch-norm-health': 'Batch normalisation is not well',
  'update-ratio': 'The size of the steps is off',
  plateau: 'The loss stands still',
  divergence: 'The loss leaves its course',
  overfit: 'Learnt by heart',
  'telemetry-loss': 'Iterations are missing',
  'silent-run': 'Nothing comes from the run',
};
const VANISHED = 'Try batch normalisation or skip connections: vgg38-bn-resnet trains at the same depth. He initialisation helps too.';
/** @type {Record<string, string>} */
const ADVICE = {
  'vanish-floor': VANISHED,
  'vanish-depth': VANISHED,
  'nan-inf': 'Resume from a checkpoint before it, with a smaller learning rate.',
  explode: 'Try a smaller learning rate, or batch normalisation.',
  divergence: 'Try a smaller learning rate from the newest good checkpoint on.',
  'silent-run': 'Look whether its process is still there; a run that was killed goes on with gradwatch train --resume.',
  'update-ratio': 'The learning rate is the first thing to look at.',
  overfit: 'The best epoch lies behind: weight decay or more augmentation may carry it further.',
};
/** @type {Record<string, string>} */
const PHASES = { recovering: 'recovering', pending: 'watching', 'no data': 'no data' };

/**
 * @param {import('../state/run-model.js').RunModel} model
 * @param {import('../state/store.js').Store} store
 * @param {{twin?: ReturnType<typeof import('./twin-offer.js').twinOffer> | null, replayed?: boolean}} [more] `twin`: what to offer where the gradient vanishes; `replayed`: nothing can be said of alerts that are over
 */
export function alertBanner(model, store, { twin = null, replayed = false } = {}) {
  const count = h('strong.banner-count');
  const countNote = h('span.banner-count-note');
  const body = h('div.banner-body');
  const card = alertCard(model.id);
  const attention = replayed ? null : alertAttention(model.id, { now: () => store.now(), title: (rule) => TITLES[rule] ?? rule });
  const live = h('div.visually-hidden', { role: 'status', 'aria-live': 'polite' });
  const element = h('section.banner.tone-waiting', { 'data-testid': 'alert-banner', 'aria-label': 'Health' }, h('div.banner-figure', {}, count, countNote), body, attention?.element, card.element, live);
  const facts = { weakest: h('dd'), depth: h('dd') };
  let shown = '';

  function update() {
    const values = model.latest.get('gradient.mean_abs') ?? null;
    const health = values ? gradientHealth(onMainPath(values, model.layers)) : null;
    text(count, health ? `${health.alive} / ${health.total}` : '–');
    text(countNote, 'layers receive a gradient');
    if (health) weakness(facts, values, health, model.layers);
    const silent = silentOf(values, model.layers);
    Object.assign(facts, { silent });
    const alerts = store.alerts(model.id);
    const alert = worstAlert(alerts);
    const tone = toneOf(alert, health, model);
    card.update(alert, alerts);
    attention?.update(alert, alerts);
    element.className = `banner tone-${tone}`;
    element.dataset.tone = tone;
    const key = [tone, ...(alert ? [alert.id, alert.state, alert.severity, alert.message, alert.decadesLost] : []), alerts.length, alert ? '' : `${health?.total} ${health?.broken} ${silent}`].join('|');
    twin?.update();
    if (key === shown) return;
    shown = key;
    fill(body, ...(alert ? [...alertContent(alert, alerts, card, attention), twin?.cures(alert) ? twin.element : null] : quietContent(tone, health, alerts, facts, health?.broken ? model.grid('gradient.mean_abs')?.firstBroken() ?? -1 : -1)));
    text(live, alert ? `${alert.severity} alert: ${alert.message}` : '');
  }

  return { element, update, dispose: () => (card.dispose(), attention?.dispose()) };
}

/** Where the figures draw the cut: named by the gravest open alert that has one; else seen in the newest gradient. @param {any[]} alerts @param {any[]} layers @param {ArrayLike<number> | null} [values] */
export function cutOf(alerts, layers, values = null) {
  const alert = worstAlert(alerts.filter((one) => Number.isInteger(one.cutLayer))) ?? seenIn(values, layers);
  if (!alert) return null;
  const name = alert.cutLayerName ?? layers[alert.cutLayer]?.name;
  return { layer: alert.cutLayer, label: `cut: layer ${alert.cutLayer}${name ? ` · ${name}` : ''}` };
}

function seenIn(values, layers) {
  const cutLayer = values ? cutByValues(values, layers) : -1;
  return cutLayer < 0 ? null : { cutLayer, cutLayerName: null };
}

function toneOf(alert, health, model) {
  if (alert) return alert.state === 'pending' ? 'warning' : alert.severity === 'critical' ? 'critical' : 'warning';
  if (!health) return model.run?.state === 'failed' ? 'critical' : ended(model.run) ? 'ended' : 'waiting';
  return /** @type {any} */ ({ broken: 'critical', large: 'critical', vanished: 'critical', weak: 'warning', good: 'good', unknown: 'waiting' })[verdictOf(health)];
}

function ended(run) {
  return run?.state === 'finished' || run?.state === 'stopped';
}

function alertContent(alert, alerts, card, attention) {
  const others = alerts.filter((other) => other.id !== alert.id && ['firing', 'recovering', 'no data'].includes(other.state));
  return [
    h(
      'h2',
      {},
      icon('alert'),
      h('span', {}, TITLES[alert.rule] ?? alert.rule),
      h('span.chip', {}, alert.severity),
      PHASES[alert.state] && h('span.chip', {}, PHASES[alert.state]),
    ),
    h('p', {}, alert.message),
    h(
      'dl.facts',
      {},
      ...(Number.isInteger(alert.cutLayer) ? fact('Cut at', h('span', { 'data-testid': 'cut-layer' }, `layer ${alert.cutLayer}${alert.cutLayerName ? ` · ${alert.cutLayerName}` : ''}`)) : []),
      ...fact('Since', `iteration ${integer(alert.firstIteration)}`),
      ...(Number.isFinite(alert.decadesLost) ? fact('Lost', `${decimal(alert.decadesLost, 1)} decades`) : []),
    ),
    ADVICE[alert.rule] && h('p.advice', {}, ADVICE[alert.rule]),
    h('div.banner-actions', {}, card.button, attention?.buttons),
    others.length > 0 && h('p.note', {}, 'Also: ', ...others.flatMap((other, i) => [i > 0 && ', ', h('button.also-button', { type: 'button', onclick: () => card.open(other) }, TITLES[other.rule] ?? other.rule), ` (${other.state})`])),
  ];
}

function quietContent(tone, health, alerts, facts, since) {
  const resolved = alerts.filter((alert) => alert.state === 'resolved').length;
  const past = resolved > 0 ? h('p.note', {}, `${plural(resolved, 'alert')} resolved earlier.`) : null;
  if (health?.broken === 0 && health.below > 0) {
    return [
      title('alert', `${integer(health.below)} of ${plural(health.total, 'layer')} receive${health.below === 1 ? 's' : ''} no gradient`),
      h('p', { 'data-testid': 'silent-layers' }, facts.silent),
      measured(facts),
      h('p.advice', {}, VANISHED),
      h('p.note', {}, 'Said of the newest iteration; no alert is open.'),
      past,
    ];
  }
  if (tone === 'good') return [title('check', 'Healthy'), h('p', {}, health.below === 0 ? 'The gradient reaches every layer; no alert is open.' : 'No alert is open.'), measured(facts), past];
  if (tone === 'critical' && health?.broken === 0) {
    return [
      title('alert', 'Gradients are too large'),
      h('p', {}, 'In the newest iteration half of the layers have a mean |g| above 1.'),
      h('p.advice', {}, ADVICE.explode),
      h('p.note', {}, 'Said of the newest iteration; no alert is open.'),
      past,
    ];
  }
  if (tone === 'critical' && health) {
    return [title('alert', 'NaN or infinity'), h('p', {}, `${plural(health.broken, 'layer')} without a finite gradient in the newest iteration${since >= 0 ? `; first seen at iteration ${integer(since)}` : ''}.`), past];
  }
  if (tone === 'critical') return [title('alert', 'The run failed'), h('p', {}, 'It ended before its first iteration.')];
  if (tone === 'ended') return [title('info', 'Nothing was measured'), h('p', {}, 'The run ended before its first iteration.')];
  return [title('info', 'Waiting'), h('p', {}, 'Nothing measured yet.')];
}

/** @param {string} sign @param {string} words */
function title(sign, words) {
  return h('h2', {}, icon(sign), h('span', {}, words));
}

function measured(facts) {
  return h('dl.facts', {}, h('div', {}, h('dt', {}, 'Weakest'), facts.weakest), h('div', {}, h('dt', {}, 'From loss to input'), facts.depth));
}

/** Which layers receive no gradient, and where it is lost; empty: all receive one. @param {ArrayLike<number> | null} values @param {any[]} layers */
function silentOf(values, layers) {
  const indices = values ? silentLayers(values, layers) : [];
  if (values === null || indices.length === 0) return '';
  const cut = cutByValues(values, layers);
  const where = cut >= 0 && cut === indices.at(-1) ? ` It is lost on its way back from the loss, before ${layers[cut]?.name ? `layer ${cut} (${layers[cut].name})` : `layer ${cut}`}.` : '';
  return `Layer${indices.length === 1 ? '' : 's'} ${stretches(indices)}: mean |g| below 10⁻⁸, too small for Adam to move a weight.${where}`;
}

/** What a run's figures are; they move with every iteration, so only their text changes. */
function weakness(facts, values, health, layers) {
  const index = values.indexOf(health.lowest);
  text(facts.weakest, index < 0 ? UNKNOWN : `${scientific(health.lowest)} in layer ${index}${layers[index] ? ` · ${layers[index].name}` : ''}`);
  const lost = health.decadesLost;
  text(facts.depth, Number.isNaN(lost) ? UNKNOWN : Math.abs(lost) < 0.05 ? 'equally strong' : lost > 0 ? `${decimal(lost, 1)} decades weaker` : `${decimal(-lost, 1)} decades stronger`);
}

function fact(name, value) {
  return [h('div', {}, h('dt', {}, name), h('dd', {}, value))];
}
