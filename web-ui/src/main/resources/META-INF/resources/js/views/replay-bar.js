/** What a replay is steered with: play, step, speed, position, loop; and what says all the time that this is no live run. */
import { attribute, fill, h, icon, text } from '../dom.js';
import { decimal, duration, integer, UNKNOWN } from '../format.js';
import { SPEEDS } from '../state/replay.js';

/** More marks than this are thinned out: a slider is a few hundred pixels wide. */
const MOST_TICKS = 120;
const BIG_STEP = 10;

/**
 * Marks on the position slider, thinned out evenly where there are too many. Alerts are all kept: they are few and matter.
 *
 * @param {[number, number]} bounds first and last iteration
 * @param {{iteration: number, epoch: number}[]} epochs
 * @param {any[]} alerts as in the API
 * @returns {{at: number, kind: 'epoch' | 'alert', tone: string, label: string}[]} `at` from 0 to 1
 */
export function ticksOf([first, last], epochs, alerts) {
  const span = Math.max(1, last - first);
  const inside = ({ at }) => at >= 0 && at <= 1;
  const every = Math.ceil(epochs.length / MOST_TICKS);
  const ends = epochs.filter((_, i) => every <= 1 || i % every === every - 1).map((epoch) => ({ at: (epoch.iteration - first) / span, kind: /** @type {const} */ ('epoch'), tone: 'quiet', label: `end of epoch ${integer(epoch.epoch + 1)}` }));
  const fired = alerts
    .filter((alert) => alert.firedIteration !== null && alert.firedIteration !== undefined)
    .map((alert) => ({ at: (alert.firedIteration - first) / span, kind: /** @type {const} */ ('alert'), tone: alert.severity, label: `${alert.rule} fired at iteration ${integer(alert.firedIteration)}` }));
  return [...ends, ...fired].filter(inside);
}

/**
 * What a key does to a replay, or null. Keys that mean something where the focus is (a slider, a list, a field) are left alone.
 *
 * @param {{key: string, shiftKey?: boolean, ctrlKey?: boolean, altKey?: boolean, metaKey?: boolean}} event
 * @param {string} focused name of the element with the focus, in lower case
 * @returns {{action: 'toggle'} | {action: 'step', iterations: number} | {action: 'first' | 'last'} | null}
 */
export function keyAction(event, focused) {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  if (['input', 'select', 'textarea'].includes(focused)) return null;
  const size = event.shiftKey ? BIG_STEP : 1;
  switch (event.key) {
    case ' ':
      return ['button', 'a', 'summary'].includes(focused) ? null : { action: 'toggle' };
    case 'ArrowRight':
      return { action: 'step', iterations: size };
    case 'ArrowLeft':
      return { action: 'step', iterations: -size };
    case 'Home':
      return { action: 'first' };
    case 'End':
      return { action: 'last' };
    default:
      return null;
  }
}

/** @param {number | 'recorded'} speed */
export function speedLabel(speed) {
  return speed === 'recorded' ? 'as recorded' : `×${speed}`;
}

/** What to say of the speed reached: nothing while it is what was asked for. @param {number | 'recorded'} speed @param {number | null} reached */
export function reachedLabel(speed, reached) {
  const wanted = speed === 'recorded' ? 1 : speed;
  return reached === null || reached > 0.9 * wanted || reached <= 0 ? '' : `reaches ×${decimal(reached, reached < 10 ? 1 : 0)}`;
}

/**
 * @param {import('../state/replay.js').Replay} replay
 * @param {{liveHref: string, marks?: Promise<{epochs: any[], alerts: any[]}>}} more `marks`: of the run that leads
 */
export function replayBar(replay, { liveHref, marks = Promise.resolve({ epochs: [], alerts: [] }) }) {
  const stop = new AbortController();
  const { signal } = stop;
  let dragging = false;
  let ticks = { epochs: /** @type {any[]} */ ([]), alerts: /** @type {any[]} */ ([]) };
  let ticked = '';

  const play = h('button.icon-button.replay-play', { type: 'button', 'data-testid': 'replay-play', onclick: () => replay.toggle() });
  const back = h('button.icon-button', { type: 'button', 'aria-label': 'Step back one iteration', title: 'Step back (←)', onclick: () => replay.step(-1) }, icon('step-back'));
  const forward = h('button.icon-button', { type: 'button', 'aria-label': 'Step forward one iteration', title: 'Step forward (→)', onclick: () => replay.step(1) }, icon('step-forward'));
  const speed = /** @type {HTMLSelectElement} */ (h('select', { 'aria-label': 'Speed', 'data-testid': 'replay-speed', onchange: () => replay.setSpeed(speed.value === 'recorded' ? 'recorded' : Number(speed.value)) }, ...SPEEDS.map((one) => h('option', { value: String(one) }, speedLabel(/** @type {any} */ (one))))));
  const reached = h('span.replay-reached', { 'data-testid': 'replay-reached' });
  const slider = /** @type {HTMLInputElement} */ (h('input.replay-slider', { type: 'range', step: '1', 'aria-label': 'Position, as an iteration', 'data-testid': 'replay-position' }));
  const marked = h('div.replay-ticks', { 'aria-hidden': 'true' });
  const where = h('p.replay-where', { 'data-testid': 'replay-where' });
  const loop = h('button.button.replay-loop', { type: 'button', 'aria-pressed': 'false', title: 'Play a range again and again', onclick: () => replay.setRange({ ...range(), loop: !replay.range.loop }) }, 'Loop');
  const from = bound('Loop from iteration');
  const to = bound('Loop to iteration');
  const bounds = h('span.replay-bounds', { hidden: true }, from, h('span', { 'aria-hidden': 'true' }, '–'), to);
  const problem = h('p.replay-problem', { role: 'alert', hidden: true });
  const said = h('span.visually-hidden', { role: 'status', 'aria-live': 'polite' });
  const element = h(
    'section.replay-bar',
    { 'aria-label': 'Replay', 'data-testid': 'replay-bar' },
    h('div.replay-line', {}, h('span.replay-badge', {}, icon('replay'), 'Replay'), where, h('a.button.replay-live', { href: liveHref, 'data-testid': 'replay-live' }, 'Live')),
    h('div.replay-track', {}, slider, marked),
    h('div.replay-line', {}, h('div.replay-buttons', {}, back, play, forward), h('span.select', {}, speed), reached, h('span.replay-range', {}, loop, bounds)),
    problem,
    said,
  );

  slider.addEventListener('input', () => {
    dragging = true;
    replay.seek(Number(slider.value));
  });
  slider.addEventListener('change', () => (dragging = false));
  document.addEventListener('keydown', onKey, { signal });
  replay.addEventListener('status', update, { signal });
  replay.addEventListener('failed', (event) => {
    problem.hidden = false;
    text(problem, /** @type {any} */ (event).detail.detail ?? 'The replay was refused.');
  }, { signal });
  marks.then((found) => {
    ticks = found;
    update();
  }, () => {});

  function bound(label) {
    return /** @type {HTMLInputElement} */ (h('input.replay-bound', { type: 'number', min: '0', step: '1', 'aria-label': label, onchange: () => replay.setRange({ ...range(), loop: true }) }));
  }

  /** The fields as a range; what lies outside the run, or is no number, means the run's end. The service excludes the end of a range, the field shows the last iteration. */
  function range() {
    const [first, last] = replay.bounds;
    const number = (field, otherwise) => (field.value === '' || !Number.isFinite(field.valueAsNumber) ? otherwise : Math.round(Math.min(last, Math.max(first, field.valueAsNumber))));
    const begin = number(from, first);
    return { from: begin, to: Math.max(begin, number(to, last)) + 1 };
  }

  function onKey(event) {
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
    const focused = document.activeElement?.tagName.toLowerCase() ?? '';
    const wanted = keyAction(event, focused);
    if (wanted === null) return;
    event.preventDefault();
    const [first, last] = replay.bounds;
    if (wanted.action === 'toggle') replay.toggle();
    else if (wanted.action === 'step') replay.step(wanted.iterations);
    else replay.seek(wanted.action === 'first' ? first : last);
  }

  function update() {
    const { playing, place, target } = replay;
    const [first, last] = replay.bounds;
    const iteration = target ?? place.iteration;
    element.dataset.state = replay.state;
    attribute(play, 'aria-label', playing ? 'Pause' : 'Play');
    attribute(play, 'title', playing ? 'Pause (space)' : 'Play (space)');
    if (play.dataset.shows !== String(playing)) {
      play.dataset.shows = String(playing);
      fill(play, icon(playing ? 'pause' : 'play'));
    }
    if (document.activeElement !== speed) speed.value = String(SPEEDS.includes(replay.speed) ? replay.speed : nearest(/** @type {number} */ (replay.speed)));
    text(reached, playing ? reachedLabel(replay.speed, replay.reached) : '');
    attribute(slider, 'min', String(first));
    attribute(slider, 'max', String(last));
    if (!dragging) slider.value = String(iteration ?? first);
    slider.style.setProperty('--share', String(last > first ? ((iteration ?? first) - first) / (last - first) : 0));
    const words = position(iteration, last, place);
    attribute(slider, 'aria-valuetext', words);
    text(where, words);
    attribute(loop, 'aria-pressed', String(replay.range.loop));
    bounds.hidden = !replay.range.loop;
    for (const [field, value] of /** @type {[HTMLInputElement, number][]} */ ([[from, replay.range.from ?? first], [to, (replay.range.to ?? last + 1) - 1]])) {
      field.max = String(last);
      if (document.activeElement !== field) field.value = String(value);
    }
    text(said, replay.state === 'ended' ? 'The replay has ended' : playing ? 'Playing' : 'Paused');
    const key = `${first} ${last} ${ticks.epochs.length} ${ticks.alerts.length}`;
    if (key !== ticked && replay.runs.length > 0) {
      ticked = key;
      fill(marked, ...ticksOf([first, last], ticks.epochs, ticks.alerts).map((tick) => h(`span.replay-tick.${tick.kind}`, { title: tick.label, dataset: { tone: tick.tone }, style: { '--at': String(tick.at) } })));
    }
  }

  function position(iteration, last, place) {
    if (replay.state === 'starting') return 'Loading the recording';
    if (iteration === null) return `Before the first iteration of ${integer(last + 1)}`;
    const parts = [`Iteration ${integer(iteration)} of ${integer(last)}`];
    if (replay.target === null && place.epoch !== null) parts.push(`epoch ${integer(place.epoch + 1)}`);
    if (replay.target === null && place.attempt > 1) parts.push(`attempt ${integer(place.attempt)}`);
    parts.push(replay.target === null && replay.elapsedMs !== null ? duration(replay.elapsedMs) : UNKNOWN);
    if (replay.state === 'ended') parts.push('ended');
    return parts.join(' · ');
  }

  update();
  return { element, update, dispose: () => stop.abort() };
}

/** The offered speed next to another one. @param {number} speed */
function nearest(speed) {
  const offered = /** @type {number[]} */ (SPEEDS.filter((one) => one !== 'recorded'));
  return offered.reduce((best, one) => (Math.abs(Math.log(one / speed)) < Math.abs(Math.log(best / speed)) ? one : best));
}
