/** Name, state, progress and the figures of a run; how old the data is and what was dropped. */
import { attribute, fill, h, text } from '../dom.js';
import { attemptTag, datasetTag, statePill, tagLink } from './badges.js';
import { ago, compact, decimal, duration, freshness, integer, percent, setting, UNKNOWN } from '../format.js';
import { progress, timeLeft } from '../state/health.js';
import { jsonNumber } from '../net/protocol.js';
import { runHref } from '../router.js';

/** Iterations that the shown loss and accuracy are a mean of. */
const RECENT = 20;

/**
 * @param {import('../state/run-model.js').RunModel} model
 * @param {{store: import('../state/store.js').Store, socket: import('../net/socket.js').LiveSocket, small?: boolean, replayed?: boolean, actions?: Node[]}} environment `small`: for a column among others; `replayed`: nothing here is live
 */
export function runHeader(model, { store, socket, small = false, replayed = false, actions = [] }) {
  const title = h(small ? 'h2.run-name' : 'h1.run-name');
  const pills = h('div.run-pills');
  const about = h('p.run-about');
  const age = h('span.age', { 'data-testid': 'data-age' });
  const drops = h('span.drops', { 'data-testid': 'drop-counter' });
  const bar = h('span.progress-fill');
  const left = h('span.progress-text');
  const figures = figureRow(small);
  const element = h(
    `header.run-header${small ? '.run-header-small' : ''}`,
    {},
    h('div.run-line', {}, h('div.run-heading', {}, title, pills), h('div.run-freshness', {}, age, drops, ...actions)),
    about,
    figures.element,
    h('div.progress-line', {}, h('span.progress', { role: 'progressbar', 'aria-label': 'Progress', 'aria-valuemin': '0', 'aria-valuemax': '100' }, bar), left),
  );
  let described = '';

  function update() {
    const { run } = model;
    if (run === null) return;
    const key = JSON.stringify([run.name, run.state, run.attempt, run.tags, run.dataset, run.preset, run.reason]);
    if (key !== described) {
      described = key;
      fill(title, small ? h('a', { href: runHref(run.id) }, run.name || run.id) : run.name || run.id);
      fill(pills, statePill(run.state), datasetTag(run.dataset), attemptTag(run), ...(run.tags ?? []).map(tagLink));
    }
    const started = ago(run.startedAt, store.now());
    text(about, [run.preset && run.preset !== run.name ? `preset ${run.preset}` : '', `${integer(run.layers ?? model.layers.length)} layers`, `${compact(run.parameters)} parameters`, `batch ${integer(run.batchSize)}`, `seed ${run.seed ?? UNKNOWN}`, `started ${started}`, run.state === 'failed' ? run.reason : ''].filter(Boolean).join(' · '));
    const iteration = model.iteration >= 0 ? model.iteration : run.iteration;
    figures.update(model, iteration);
    const share = progress(run, iteration);
    bar.style.setProperty('transform', `scaleX(${share ?? 0})`);
    attribute(/** @type {Element} */ (bar.parentElement), 'aria-valuenow', share === null ? null : String(Math.round(share * 100)));
    const remaining = timeLeft(run, iteration ?? -1, model.iterationMs);
    text(left, share === null ? (run.plannedIterations > 0 ? 'not started' : 'no end planned') : `${percent(share)}${remaining === null ? '' : ` · about ${duration(remaining)} left`}`);
    updateFreshness();
  }

  /** Called several times a second, data or not: age grows by itself. */
  function updateFreshness() {
    const { run } = model;
    if (run === null) return;
    const [words, tone] = replayed ? replayedAt(model) : freshnessOf(model, socket.connection, store.now());
    text(age, words);
    attribute(age, 'data-tone', tone);
    text(drops, model.dropped > 0 ? `${integer(model.dropped)} records dropped` : '0 dropped');
    attribute(drops, 'data-tone', model.dropped > 0 ? 'critical' : 'quiet');
    attribute(drops, 'title', 'Records that the trainer had to throw away because Kafka was too slow or away');
    attribute(drops, 'data-dropped', String(model.dropped));
    // for the drills: what has arrived in this page, however many of them a point of a chart stands for
    attribute(element, 'data-iterations', String(model.scalars.loss.count));
  }

  return { element, update, updateFreshness };
}

/**
 * What to say about the age of the data.
 *
 * @param {import('../state/run-model.js').RunModel} model
 * @param {string} connection
 * @param {number} now by the service's clock
 * @returns {[string, 'live' | 'stale' | 'critical' | 'quiet']}
 */
export function freshnessOf(model, connection, now) {
  const { run } = model;
  const seen = model.producedAt || Date.parse(run.lastSeenAt) || 0;
  const ms = Math.max(0, now - seen);
  if (run.state === 'finished' || run.state === 'stopped' || run.state === 'failed') return [`ended ${ago(run.endedAt ?? run.lastSeenAt, now)}`, 'quiet'];
  if (connection !== 'open') return [seen === 0 ? 'disconnected' : `disconnected, data is ${freshness(ms)} old`, 'critical'];
  if (seen === 0) return ['no data yet', 'quiet'];
  if (run.state === 'paused') return ['paused', 'quiet'];
  const usual = Math.max(3000, 5 * (model.iterationMs || 0));
  return ms > usual ? [`stale: data is ${freshness(ms)} old`, 'stale'] : [`data is ${freshness(ms)} old`, 'live'];
}

/** In a replay the data is as old as it is: what counts is when it was made. @returns {[string, 'replay']} */
function replayedAt(model) {
  return [model.producedAt > 0 ? `recorded ${new Date(model.producedAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })}` : 'replay', 'replay'];
}

/** Mean of the newest iterations: one batch of 16 says little. A NaN is not averaged away. */
function recent(series, newest) {
  if (newest !== undefined && !Number.isFinite(newest)) return newest;
  const mean = series.recentMean(RECENT);
  return Number.isNaN(mean) ? null : mean;
}

function figureRow(small) {
  const values = {
    iteration: h('dd', { 'data-testid': 'iteration' }),
    epoch: h('dd'),
    loss: h('dd', { 'data-testid': 'loss' }),
    accuracy: h('dd', { 'data-testid': 'accuracy' }),
    rate: h('dd'),
    speed: h('dd'),
    cost: h('dd'),
    result: h('dd', { 'data-testid': 'result' }),
  };
  const outcome = h('div', { hidden: true }, h('dt', {}, 'Test accuracy'), values.result);
  const cell = (name, value) => h('div', {}, h('dt', {}, name), value);
  const element = h(
    'dl.figures',
    {},
    cell('Iteration', values.iteration),
    !small && cell('Epoch', values.epoch),
    cell(`Loss, last ${RECENT}`, values.loss),
    cell(`Accuracy, last ${RECENT}`, values.accuracy),
    !small && cell('Learning rate', values.rate),
    cell('Speed', values.speed),
    !small && cell('Telemetry', values.cost),
    outcome,
  );
  return {
    element,
    update(model, iteration) {
      const { run, newest, scalars } = model;
      attribute(values.iteration, 'data-iteration', String(iteration ?? ''));
      text(values.iteration, integer(iteration));
      text(values.epoch, run.plannedEpochs > 0 && run.epoch !== null ? `${integer((run.epoch ?? 0) + 1)} of ${integer(run.plannedEpochs)}` : integer(run.epoch === null || run.epoch === undefined ? null : run.epoch + 1));
      text(values.loss, decimal(recent(scalars.loss, newest.loss) ?? jsonNumber(run.loss)));
      text(values.accuracy, percent(recent(scalars.accuracy, newest.accuracy) ?? jsonNumber(run.accuracy)));
      text(values.rate, setting(newest.learning_rate ?? jsonNumber(run.learningRate)));
      const ms = model.iterationMs;
      text(values.speed, ms > 0 ? `${decimal(1000 / ms, 1)}\u00a0it/s` : UNKNOWN);
      const cost = model.scalars.telemetry_ms.recentMean(50) / model.scalars.iteration_ms.recentMean(50);
      text(values.cost, Number.isNaN(cost) ? UNKNOWN : percent(cost, 2));
      const tested = jsonNumber(run.result?.testAccuracy);
      outcome.hidden = tested === null;
      text(values.result, percent(tested, 2));
      attribute(values.result, 'title', tested === null ? null : `with the parameters of epoch ${integer(run.result.bestEpoch + 1)}, the best on the validation images (${percent(jsonNumber(run.result.validationAccuracy), 2)})`);
    },
  };
}
