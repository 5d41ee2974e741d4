/** Runs on the same scales: their curves on one axis, their gradients in step, and each one's page in little beside the others'. */
import { fill, h, icon } from '../dom.js';
import { getRun } from '../net/api.js';
import { alignedHref, alignOf, compareHref, replayHref } from '../router.js';
import { Replay } from '../state/replay.js';
import { RunSession } from '../state/run-session.js';
import { Store } from '../state/store.js';
import { widen } from '../state/health.js';
import { themeEvents } from '../theme.js';
import { gradientFlowRange } from '../charts/gradient-flow.js';
import { accuracyTop, lossRangeOf, lossViews } from '../charts/loss.js';
import { scaleOf } from '../charts/heatmap.js';
import { Painter } from './painter.js';
import { alertBanner, cutOf } from './alert-banner.js';
import { healthStrip } from './health-strip.js';
import { heatmapPanel } from './heatmap-panel.js';
import { gradientFlowPanel, lossPanel } from './run-charts.js';
import { keepAddress } from './replay-address.js';
import { replayBar } from './replay-bar.js';
import { marksOf } from './run.js';
import { runHeader } from './run-header.js';
import { compareTable } from './compare-table.js';
import { compareCurves } from './compare-curves.js';
import { compareFlow } from './compare-flow.js';
import { COMPARE_LIMIT } from '../router.js';
import { deletedRun, loading, noRun } from './states.js';

const FRESHNESS_MS = 200;
const ALIGNMENTS = { iteration: 'same iteration', epoch: 'same epoch', wall: 'same time since the start' };
const HEATMAP_METRIC = 'gradient.mean_abs';

/**
 * @param {HTMLElement} root
 * @param {{socket: import('../net/socket.js').LiveSocket, store: import('../state/store.js').Store}} environment
 * @param {{ids: string[], replay?: import('../router.js').ReplayRoute}} route
 * @returns {() => void} disposer
 */
export function compareView(root, { socket, store: live }, { ids, replay: wanted }) {
  document.title = 'Compare · Gradwatch';
  const replay = wanted ? new Replay(ids.slice(0, COMPARE_LIMIT), { socket }, wanted) : null;
  const environment = { socket, store: replay ? new Store() : live, replayed: replay !== null };
  const charted = ids.slice(0, COMPARE_LIMIT);
  const table = ids.length > 1 ? compareTable() : null;
  const sessions = charted.map((id) => new RunSession(id, { socket: /** @type {any} */ (replay?.source(id) ?? socket), store: environment.store }));
  const models = sessions.map((session) => session.model);
  const shared = sharedScales(models);
  const columns = sessions.map((session) => column(session, environment, shared));
  const compare = h(`div.compare`, { style: { '--columns': String(charted.length) } }, ...columns.map(({ element }) => element));
  const stop = new AbortController();
  const bar = replay && replayBar(replay, { liveHref: compareHref(ids), marks: marksOf(ids[0], stop.signal) });
  const painter = new Painter(() => {});
  let align = alignOf(location.hash);
  const onAlign = (chosen) => {
    align = chosen;
    history.replaceState(null, '', alignedHref(compareHref(ids), chosen));
  };
  const curves = replay ? null : compareCurves(ids, { store: live, painter, align, onAlign });
  const flow = replay ? null : compareFlow(ids, { store: live, painter });
  const title = replay ? 'Side by side' : `${ids.length} ${ids.length === 1 ? 'run' : 'runs'} compared`;
  const head = h('div.page-head', {}, h('h1', {}, title), replay ? h('p.note', {}, 'Equal axes and colours in all columns') : jumps(ids), replay ? alignment(replay, ids) : h('a.button.page-action', { href: replayHref(compareHref(ids)), 'data-testid': 'replay-button' }, icon('replay'), 'Replay in step'));
  const columnsHead = replay ? null : h('div.section-head', { id: 'side-by-side' }, h('h2', {}, 'Side by side'), h('p.note', {}, ids.length > charted.length ? `The first ${charted.length} of them, on equal axes and colours` : 'Equal axes and colours in all columns'));
  fill(root, h(`div.page.compare-page${replay ? '.is-replay' : ''}`, {}, bar?.element, head, curves?.element, flow?.element, table && !replay ? h('div', { id: 'differences' }, table.element) : null, columnsHead, compare));
  const forget = replay ? keepAddress(replay, compareHref(ids)) : () => {};
  replay?.start();
  // a page may be opened before the first records of its runs have arrived; one that does not exist keeps none of the others waiting
  const missing = new Set();
  let there = 0;
  const settle = () => {
    if (!ids.every((id) => live.run(id) !== null || missing.has(id))) return;
    const found = ids.filter((id) => live.run(id) !== null);
    if (found.length <= there) return;
    there = found.length;
    curves?.load(found);
    flow?.load(found);
    table?.load(found);
  };
  if (!replay) {
    live.addEventListener('runs', settle, { signal: stop.signal });
    for (const session of sessions) {
      const without = () => (missing.add(session.model.id), settle());
      session.addEventListener('failed', without, { signal: stop.signal });
      session.addEventListener('deleted', without, { signal: stop.signal });
    }
    // runs beyond the columns have no session that would tell of them
    for (const id of ids.slice(COMPARE_LIMIT)) getRun(id, stop.signal).then((run) => live.putRuns([run]), () => (missing.add(id), settle()));
    settle();
  }
  return () => {
    stop.abort();
    forget();
    bar?.dispose();
    table?.dispose();
    curves?.dispose();
    flow?.dispose();
    painter.dispose();
    replay?.stop();
    columns.forEach(({ dispose }) => dispose());
  };
}

/** The parts of the page, to go to. @param {string[]} ids */
function jumps(ids) {
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
  const to = (selector) => () => document.querySelector(selector)?.scrollIntoView({ behavior, block: 'start' });
  const parts = [['Curves', '.curves'], ['Gradient flow', '.flow'], ...(ids.length > 1 ? [['What differs', '#differences']] : []), ['Side by side', '#side-by-side']];
  return h('nav.jumps', { 'aria-label': 'On this page' }, ...parts.map(([label, selector]) => h('button.jump', { type: 'button', onclick: to(selector) }, label)));
}

/** How the replayed runs keep step; another choice is another replay, from the same place. @param {Replay} replay @param {string[]} ids */
function alignment(replay, ids) {
  const choose = ({ target }) => location.replace(replayHref(compareHref(ids), { at: replay.place.iteration, speed: replay.speed, align: target.value }));
  const options = Object.entries(ALIGNMENTS).map(([value, label]) => h('option', { value, selected: value === replay.align }, label));
  return h('label.select.page-action', {}, h('span', {}, 'In step by '), h('select', { 'data-testid': 'replay-align', onchange: choose }, ...options));
}

/** Scales that hold the data of all runs. What they are made of is kept until its run changes. @param {import('../state/run-model.js').RunModel[]} models */
export function sharedScales(models) {
  const seen = () => models.filter((model) => model.iteration >= 0);
  const widest = (ranges) => ranges.reduce(widen, /** @type {any} */ (null));
  const last = () => Math.max(0, ...models.map((model) => model.iteration));
  return {
    /** @returns {[number, number]} */
    gradientRange: () => widest(seen().map(gradientFlowRange)),
    /** @returns {{lossRange: [number, number], accuracyRange: [number, number], to: number}} */
    loss: () => ({
      lossRange: widest(seen().map((model) => lossRangeOf(lossViews(model), model))),
      accuracyRange: [0, Math.max(0.04, ...seen().map((model) => accuracyTop(lossViews(model), model)))],
      to: last(),
    }),
    /** @returns {{log: boolean, range: [number, number]}} */
    heatmap: () => ({ log: true, range: widest(models.map((model) => model.grid(HEATMAP_METRIC)).filter((grid) => grid !== null && grid.length > 0).map((grid) => scaleOf(grid, true).range)) ?? [-9, -1] }),
    to: () => last() + 1,
  };
}

function column(session, { socket, store, replayed }, shared) {
  const { model } = session;
  const stop = new AbortController();
  const { signal } = stop;
  const painter = new Painter(() => session.drawn());
  const cut = () => cutOf(store.alerts(model.id), model.layers, model.latest.get('gradient.mean_abs') ?? null);
  const element = h('section.compare-column', { 'data-testid': 'compare-column', 'data-run-id': model.id, 'aria-label': model.id }, loading());
  const disposers = [() => stop.abort(), () => session.dispose(), () => painter.dispose()];
  let built = false;

  function build() {
    built = true;
    element.setAttribute('aria-label', model.run.name || model.id);
    const header = runHeader(model, { store, socket, small: true, replayed });
    const banner = alertBanner(model, store);
    disposers.push(banner.dispose);
    const strip = healthStrip(model, { cut });
    const flow = gradientFlowPanel(model, { cut, shared, level: 3, size: 'medium' });
    const loss = lossPanel(model, { shared, level: 3, size: 'medium' });
    const heatmap = heatmapPanel(model, { cut, needGrid: (metric) => session.needGrid(metric), invalidate: () => painter.invalidate(), selectable: false, sharedScale: shared.heatmap, to: shared.to, level: 3 });
    const panels = [flow, loss, heatmap];
    flow.area.after(strip.element);
    fill(element, header.element, banner.element, ...panels.map((panel) => panel.element));
    const words = { every: 140, visible: () => true, draw: () => [header, banner].forEach((part) => part.update()) };
    for (const panel of panels) panel.onRequest(() => painter.invalidate(panel));
    painter.add(words, strip, ...panels);
    const timer = setInterval(() => header.updateFreshness(), FRESHNESS_MS);
    disposers.push(() => clearInterval(timer), ...panels.map((panel) => panel.dispose));
    store.addEventListener('alerts', () => painter.invalidate(), { signal });
    store.addEventListener('runs', () => stateChanged(), { signal });
    socket.addEventListener('connection', () => painter.invalidate(words), { signal });
    themeEvents.addEventListener('change', () => painter.now(), { signal });
  }

  function stateChanged() {
    const run = store.run(model.id);
    if (!run || run.state === model.run?.state) return;
    model.updateRun(run);
    painter.invalidate();
  }

  session.addEventListener('change', () => (built ? painter.invalidate() : build()), { signal });
  session.addEventListener('history', () => painter.invalidate(), { signal });
  session.addEventListener('failed', (event) => {
    if (!built) fill(element, noRun(model.id, /** @type {any} */ (event).detail));
  }, { signal });
  session.addEventListener('deleted', () => {
    dispose();
    fill(element, deletedRun(model.id));
  }, { signal });
  session.open();

  function dispose() {
    disposers.splice(0).forEach((one) => one());
  }
  return { element, dispose };
}
