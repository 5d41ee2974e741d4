/** One run in the list. */
import { attribute, fill, h, icon, text } from '../dom.js';
import { jsonNumber } from '../net/protocol.js';
import { ago, decimal, duration, integer, percent, plural } from '../format.js';
import { progress } from '../state/health.js';
import { msLeft, openAlerts } from '../state/overview.js';
import { runHref } from '../router.js';
import { attemptTag, datasetTag, statePill, tagLink } from './badges.js';
import { smallLoss, smallStrip } from './run-glance.js';

/** Tags that a row shows; the rest is counted. */
const TAGS = 4;

/** A row's name is a line or two; what is longer is cut, and never moves the columns. @param {string} name */
export function shortName(name) {
  const letters = [...name.slice(0, 400)];
  return letters.length > 160 || name.length > 400 ? `${letters.slice(0, 160).join('')}…` : name;
}

/** How far a run is: "iteration 412 · epoch 1 of 100". @param {any} run */
export function progressWords(run) {
  if (run.iteration === null || run.iteration === undefined) return 'no iteration yet';
  const epochs = run.plannedEpochs > 0 ? ` · epoch ${integer((run.epoch ?? 0) + 1)} of ${integer(run.plannedEpochs)}` : '';
  return `iteration ${integer(run.iteration)}${epochs}`;
}

/**
 * @param {any} run
 * @param {{now: number, chosen: boolean, onChoose: (chosen: boolean, range: boolean) => void}} environment
 */
export function runRow(run, { now, chosen, onChoose }) {
  const name = h('a.run-link', { href: runHref(run.id), dir: 'auto' });
  const sub = h('span.run-sub');
  const state = h('td', { 'data-label': 'State' });
  const fillBar = h('span.progress-fill');
  const done = h('span.progress-text');
  const left = h('span.progress-left');
  const lossValue = h('span.row-figure');
  const spark = smallLoss();
  const accuracyValue = h('span.row-figure');
  const best = h('span.note');
  const strip = smallStrip();
  const alerts = h('td.row-alerts', { 'data-label': 'Alerts' });
  const age = h('td.number', { 'data-label': 'Last data' });
  const box = /** @type {HTMLInputElement} */ (h('input', { type: 'checkbox', 'data-testid': 'row-select' }));
  box.checked = chosen;
  box.addEventListener('click', (event) => onChoose(box.checked, event.shiftKey));
  const element = h(
    'tr.run-row',
    { 'data-testid': 'run-row', 'data-run-id': run.id, dataset: { startedAt: run.startedAt ?? '' } },
    h('td.run-select', {}, h('label.check', {}, box)),
    h('td.run-cell', {}, h('div.run-words', {}, name, sub)),
    state,
    h('td.run-progress', { 'data-label': 'Progress' }, h('span.progress', {}, fillBar), h('span.progress-words', {}, done, left)),
    h('td.row-loss', { 'data-label': 'Loss' }, h('div.row-loss-box', {}, lossValue, spark.element)),
    h('td.row-accuracy.number', { 'data-label': 'Accuracy' }, accuracyValue, best),
    h('td.row-layers', { 'data-label': 'Layers' }, strip.element),
    alerts,
    age,
  );
  let latest = run;
  /** @type {import('../state/overview.js').Overview | null} */
  let overview = null;
  let described = '';
  let alerted = '';

  function update(newer, time) {
    latest = newer;
    const key = JSON.stringify([newer.name, newer.preset, newer.dataset, newer.tags, newer.attempt, newer.state]);
    if (key !== described) {
      described = key;
      const title = newer.name || newer.id;
      text(name, shortName(title));
      attribute(name, 'title', title === newer.id ? newer.id : `${title}\n${newer.id}`);
      attribute(box, 'aria-label', `Choose ${shortName(title)}`);
      const tags = newer.tags ?? [];
      fill(sub, newer.preset && newer.preset !== newer.name ? h('span.run-preset', {}, newer.preset) : null, datasetTag(newer.dataset), attemptTag(newer), ...tags.slice(0, TAGS).map(tagLink), tags.length > TAGS && h('span.tag', { title: tags.slice(TAGS).join(', ') }, `+${tags.length - TAGS}`));
      fill(state, statePill(newer.state));
    }
    figures();
    showAlerts();
    ageNow(time);
  }

  function figures() {
    const share = progress(latest, latest.iteration);
    fillBar.style.setProperty('transform', `scaleX(${share ?? 0})`);
    text(done, progressWords(latest));
    attribute(done, 'title', share === null ? null : percent(share));
    const ms = msLeft(latest, overview);
    text(left, ms === null ? '' : `${duration(ms)} left`);
    text(lossValue, decimal(jsonNumber(latest.loss)));
    lossValue.classList.toggle('bad', Number.isNaN(jsonNumber(latest.loss)));
    text(accuracyValue, percent(jsonNumber(latest.accuracy)));
    const top = jsonNumber(latest.bestValidationAccuracy);
    text(best, top === null ? '' : `best val. ${percent(top)}`);
  }

  function showAlerts() {
    const open = overview ? openAlerts(overview.alerts) : latest.firingAlerts > 0 ? { rule: plural(latest.firingAlerts, 'alert'), severity: latest.worstSeverity, state: 'firing', message: '', more: 0, acknowledged: false } : null;
    const key = JSON.stringify(open);
    if (key === alerted) return;
    alerted = key;
    if (open === null) return fill(alerts, h('span.quiet', {}, 'none'));
    const tone = open.acknowledged ? 'quiet' : open.severity === 'critical' ? 'critical' : open.severity === 'warning' ? 'warning' : 'quiet';
    const words = [open.message, open.state === 'firing' ? '' : open.state, open.acknowledged ? 'acknowledged' : ''].filter(Boolean).join(' · ');
    return fill(alerts, h('a.row-alert', { href: runHref(latest.id), title: words, 'data-testid': 'row-alert', 'data-severity': open.severity }, h(`span.pill.tone-${tone}`, {}, icon(open.acknowledged ? 'check' : 'alert'), h('span.pill-words', {}, open.rule)), open.more > 0 && h('span.note', {}, `+${open.more}`), h('span.visually-hidden', {}, ` ${open.severity ?? ''} ${words}`)));
  }

  function ageNow(time) {
    text(age, ago(latest.lastSeenAt ?? latest.startedAt, time));
  }

  update(run, now);
  return {
    element,
    update,
    age: ageNow,
    /** @param {boolean} is */
    choose(is) {
      if (box.checked !== is) box.checked = is;
      element.classList.toggle('is-chosen', is);
    },
    /** @param {import('../state/overview.js').Overview | null} newer */
    look(newer) {
      overview = newer;
      strip.update(newer?.layers ?? null);
      spark.update(newer?.loss ?? null);
      figures();
      showAlerts();
    },
  };
}
