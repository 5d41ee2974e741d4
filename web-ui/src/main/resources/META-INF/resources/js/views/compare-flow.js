/** Gradient flow of the runs beside each other at one iteration: one scrubber for all, one axis. */
import { attribute, fill, h, icon, text } from '../dom.js';
import { getLayers } from '../net/api.js';
import { integer } from '../format.js';
import { FLOOR, widen } from '../state/health.js';
import { firstPlace, FlowSteps, flowWords, lastPlace, nextPlace } from '../state/flow-steps.js';
import { styleOf } from '../state/overlay.js';
import { profileOption } from '../charts/profile.js';
import { theme, themeEvents } from '../theme.js';
import { chartPanel } from './panel.js';
import { shortName } from './run-row.js';

const FLOOR_DECADE = Math.log10(FLOOR);
const STEP_MS = 120;
/** While runs go on, the newest iteration is asked for this often at most. */
const FOLLOW_MS = 2000;

/**
 * @param {string[]} ids
 * @param {{store: import('../state/store.js').Store, painter: import('./painter.js').Painter}} environment
 */
export function compareFlow(ids, { store, painter }) {
  const stop = new AbortController();
  const { signal } = stop;
  const steps = new FlowSteps([]);
  /** @type {Map<string, any[]>} */
  const layers = new Map();
  let place = 0;
  /** Whether the newest iteration that all runs have is shown, as it comes. */
  let following = true;
  let followedAt = 0;
  let playing = /** @type {any} */ (0);
  const runs = () => ids.map((id) => store.run(id));
  const slider = /** @type {HTMLInputElement} */ (h('input', { type: 'range', min: '0', max: '0', value: '0', step: '1', id: 'flow-place', 'data-testid': 'flow-place', oninput: () => go(Number(slider.value)) }));
  const exact = /** @type {HTMLInputElement} */ (h('input.field', { type: 'number', min: '0', value: '0', 'aria-label': 'Iteration', 'data-testid': 'flow-iteration', onchange: () => go(Number(exact.value)) }));
  const play = h('button.icon-button', { type: 'button', 'data-testid': 'flow-play', onclick: () => (playing ? pause() : start()) });
  const newest = h('button.button', { type: 'button', 'aria-pressed': 'true', 'data-testid': 'flow-newest', title: 'The newest iteration that all runs have', onclick: () => follow() }, 'Newest');
  const problem = h('p.zoom-problem', { role: 'status' });
  const panels = ids.map((id, i) => panelOf(id, i));
  const element = h(
    'section.flow',
    { 'data-testid': 'compare-flow', 'aria-labelledby': 'flow-title' },
    h('div.section-head', {}, h('h2', { id: 'flow-title' }, 'Gradient flow, in step'), h('p.note', {}, 'Mean |g| of every layer at one iteration; all on the same axis'), problem),
    h('div.card.scrubber', {}, play, h('label.visually-hidden', { for: 'flow-place' }, 'Iteration'), slider, exact, newest),
    h('div.flow-grid', { style: { '--columns': String(Math.min(4, ids.length)) } }, ...panels.map(({ panel }) => panel.element)),
  );
  showPlay();

  function panelOf(id, i) {
    const words = h('p.note', {});
    const key = h('span.chip-key', { 'aria-hidden': 'true' });
    const profile = () => steps.shown?.profiles.get(id);
    const panel = chartPanel({
      title: shortName(id),
      testid: 'chart-flow',
      size: 'small',
      level: 3,
      every: 60,
      legend: words,
      option: (width) => {
        const values = profile();
        if (!values) return null;
        return profileOption({ layers: layers.get(id) ?? new Array(values.length).fill(null), windows: [], newest: values, iteration: steps.shown?.place ?? 0, range: range(), floor: FLOOR, reference: { decade: FLOOR_DECADE, label: 'Adam’s ε' }, cut: null, width, name: 'mean |g|' }, theme());
      },
      points: () => profile()?.length ?? 0,
      iteration: () => steps.shown?.place ?? -1,
      label: () => flowWords(profile(), layers.get(id) ?? []),
      empty: () => missing(id),
    });
    panel.onRequest(() => painter.invalidate(panel));
    const title = /** @type {HTMLElement} */ (panel.element.querySelector('h3'));
    title.classList.add('flow-name');
    return {
      panel,
      update() {
        const { colour } = styleOf(i, theme().dark);
        key.style.setProperty('background', colour);
        const run = store.run(id);
        fill(title, key, h('span', { dir: 'auto', title: id }, shortName(run?.name || id)));
        text(words, flowWords(profile(), layers.get(id) ?? []));
      },
    };
  }

  /** @returns {[number, number]} */
  function range() {
    return widen(steps.seen, [FLOOR_DECADE - 1, -1]);
  }

  function missing(id) {
    const run = store.run(id);
    if (!run && steps.ids.length > 0) return 'There is no such run';
    if (!run || run.iteration === null) return 'No iteration yet';
    if (steps.shown === null) return 'Loading';
    return run.iteration < steps.shown.place ? `It has iterations up to ${integer(run.iteration)}` : 'This iteration has no gradients by layer';
  }

  function go(wanted) {
    follows(false);
    to(wanted);
  }

  function follow() {
    pause();
    follows(true);
    begin();
  }

  function follows(is) {
    following = is;
    attribute(newest, 'aria-pressed', String(is));
  }

  function to(wanted) {
    place = Math.max(0, Math.min(lastPlace(runs()), Math.round(Number.isFinite(wanted) ? wanted : 0)));
    if (slider.value !== String(place)) slider.value = String(place);
    if (exact.value !== String(place)) exact.value = String(place);
    attribute(slider, 'aria-valuetext', `iteration ${integer(place)}`);
    steps.go(place);
  }

  function begin() {
    followedAt = Date.now();
    if (steps.ids.some((id) => Number.isInteger(store.run(id)?.iteration))) to(firstPlace(runs()));
  }

  function start() {
    if (place >= lastPlace(runs())) to(0);
    playing = setInterval(() => {
      const next = nextPlace(place, lastPlace(runs()));
      if (next === null) pause();
      else go(next);
    }, STEP_MS);
    showPlay();
  }

  function pause() {
    clearInterval(playing);
    playing = 0;
    showPlay();
  }

  function showPlay() {
    fill(play, icon(playing ? 'pause' : 'play'));
    attribute(play, 'aria-label', playing ? 'Pause' : 'Play through the iterations');
  }

  function bound() {
    const last = String(lastPlace(runs()));
    attribute(slider, 'max', last);
    attribute(exact, 'max', last);
  }

  function redraw() {
    panels.forEach(({ panel, update }) => {
      update();
      painter.invalidate(panel);
    });
  }

  steps.addEventListener('change', () => {
    text(problem, '');
    redraw();
  }, { signal });
  steps.addEventListener('failed', (event) => text(problem, `Iteration ${integer(place)} could not be loaded: ${/** @type {any} */ (event).detail.message}`), { signal });
  store.addEventListener('runs', (event) => {
    if (!/** @type {any} */ (event).detail.some((id) => ids.includes(id))) return;
    bound();
    panels.forEach(({ update }) => update());
    if (following && Date.now() - followedAt > FOLLOW_MS && firstPlace(runs()) !== place) begin();
  }, { signal });
  themeEvents.addEventListener('change', () => redraw(), { signal });
  painter.add(...panels.map(({ panel }) => panel));

  return {
    element,
    /** When they are known: these of the runs are there. @param {string[]} found */
    load(found) {
      steps.ids = found;
      bound();
      begin();
      for (const id of found) {
        getLayers(id, signal).then(({ items }) => {
          layers.set(id, items);
          redraw();
        }, () => {});
      }
    },
    dispose() {
      stop.abort();
      pause();
      steps.dispose();
      panels.forEach(({ panel }) => panel.dispose());
    },
  };
}
