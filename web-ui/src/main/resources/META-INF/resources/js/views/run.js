/** One run, live, or replayed. */
import { fill, h, icon } from '../dom.js';
import * as api from '../net/api.js';
import { replayHref, runHref } from '../router.js';
import { Replay } from '../state/replay.js';
import { RunSession } from '../state/run-session.js';
import { Zoom } from '../state/zoom.js';
import { LayerSelection } from '../state/layer-selection.js';
import { Store } from '../state/store.js';
import { themeEvents } from '../theme.js';
import { Painter } from './painter.js';
import { alertBanner, cutOf } from './alert-banner.js';
import { epochFlowPanel } from './epoch-flow-panel.js';
import { healthStrip } from './health-strip.js';
import { heatmapPanel } from './heatmap-panel.js';
import { batchNormPanel } from './batch-norm-panel.js';
import { costPanel, gradientFlowPanel, learningRatePanel, lossPanel, updateRatioPanel } from './run-charts.js';
import { controlBar } from './control-bar.js';
import { twinOffer } from './twin-offer.js';
import { annotations } from './annotations.js';
import { histogramPanel } from './histogram-panel.js';
import { layerSeries } from './layer-series.js';
import { networkPanel } from './network-panel.js';
import { runDetails } from './run-details.js';
import { replayBar } from './replay-bar.js';
import { keepAddress } from './replay-address.js';
import { runHeader } from './run-header.js';
import { sampledSection } from './sampled.js';
import { layerSelect } from './layer-select.js';
import { deletedRun, loading, noRun } from './states.js';
import { keepLayer, keepView } from './view-address.js';
import { zoomBar } from './zoom-bar.js';
import { viewOptions } from '../state/view-options.js';

const FRESHNESS_MS = 200;
const COARSE_AFTER_MS = 150;

/**
 * @param {HTMLElement} root
 * @param {{socket: import('../net/socket.js').LiveSocket, store: import('../state/store.js').Store}} environment
 * @param {{id: string, replay?: import('../router.js').ReplayRoute}} route
 * @returns {() => void} disposer
 */
export function runView(root, { socket, store: live }, { id, replay: wanted }) {
  const replay = wanted ? new Replay([id], { socket }, wanted) : null;
  const store = replay ? new Store() : live;
  const session = new RunSession(id, { socket: /** @type {any} */ (replay?.source(id) ?? socket), store });
  const { model } = session;
  const stop = new AbortController();
  const { signal } = stop;
  const cut = () => cutOf(store.alerts(id), model.layers, model.latest.get('gradient.mean_abs') ?? null);
  const painter = new Painter(() => session.drawn());
  const zoom = new Zoom(model, { pixels: () => root.clientWidth / 2 });
  const view = keepView(zoom, viewOptions);
  const disposers = [() => view.dispose(), () => stop.abort(), () => session.dispose(), () => zoom.dispose(), () => clearTimeout(coarse), () => painter.dispose()];
  /** What looks after data of its own: told of new points. @type {(() => void)[]} */
  const followers = [];
  const selection = new LayerSelection();
  const urge = (panel) => painter.now([panel]);
  /** What was asked for has come: a person waits for it only where nothing is. */
  const arrived = (panel) => (panel.area.dataset.points === '0' ? urge(panel) : painter.invalidate(panel));
  let built = false;
  let { attempt } = model;
  /** @type {any} */
  let coarse = null;

  fill(root, loading('Loading the run'));
  session.addEventListener('failed', (event) => !built && fill(root, noRun(id, /** @type {any} */ (event).detail)), { signal });
  session.addEventListener('change', () => (built ? changed() : build()), { signal });
  session.addEventListener('history', () => painter.invalidate(), { signal });
  session.addEventListener('deleted', () => deleted(), { signal });
  // a replay has messages of its own, which do not tell of it
  if (replay) live.addEventListener('deleted', (event) => /** @type {any} */ (event).detail === id && deleted(), { signal });
  session.open();
  if (replay) {
    disposers.push(() => replay.stop(), keepAddress(replay, runHref(id)));
    replay.start();
  }

  function dispose() {
    disposers.splice(0).forEach((one) => one());
  }

  /** Nothing of the page can go on: it says why there is none. */
  function deleted() {
    dispose();
    document.title = 'Run deleted · Gradwatch';
    fill(root, deletedRun(id));
  }

  /** Exact data are drawn at once, those in their place only if they let one wait. @param {string[] | null} metrics that have come */
  function zoomed(metrics, panels) {
    if (metrics !== null) return painter.now(panels.filter(({ zoomKey }) => metrics.includes(zoomKey())));
    clearTimeout(coarse);
    if (zoom.range === null) painter.now(panels);
    else coarse = setTimeout(() => painter.now(panels.filter(({ zoomKey }) => !zoom.shown().isExact?.(zoomKey()))), COARSE_AFTER_MS);
  }

  function changed() {
    view.arrived();
    if (model.attempt !== attempt) zoom.refresh();
    attempt = model.attempt;
    for (const follow of followers) follow();
    painter.invalidate();
  }

  function build() {
    built = true;
    document.title = `${model.run.name || id} · Gradwatch`;
    const again = h('a.button', { href: replayHref(runHref(id)), 'data-testid': 'replay-button' }, icon('replay'), 'Replay');
    const header = runHeader(model, { store, socket, replayed: replay !== null, actions: replay ? [] : [again] });
    const replayed = replay && replayBar(replay, { liveHref: runHref(id), marks: marksOf(id, signal) });
    if (replayed) disposers.push(replayed.dispose);
    const onCommand = (command) => (model.addCommand(command), painter.invalidate());
    const twin = replay ? null : twinOffer(model, { store, onCommand });
    const banner = alertBanner(model, store, { twin, replayed: replay !== null });
    disposers.push(banner.dispose);
    const control = controlBar(model, { store, replayed: replay !== null, onCommand });
    const strip = healthStrip(model, { cut, legend: true });
    const details = runDetails(model);
    const said = annotations(model, { onChange: (run) => (model.updateRun(run), store.putRuns([run]), painter.invalidate()) });
    const heatmap = heatmapPanel(model, { cut, needGrid: (metric) => session.needGrid(metric), keepGrid: (metric) => session.keepGrid(metric), invalidate: () => painter.invalidate(), zoom, selection });
    const course = layerSeries(model, { selection, metric: heatmap.metric, zoom, urge, arrived });
    heatmap.element.append(course.element);
    const network = networkPanel(model, { selection, cut, course: () => course.element });
    network.element.classList.add('span-all');
    disposers.push(network.dispose);
    const sampled = sampledSection(model, zoom);
    const bar = zoomBar(zoom, layerSelect(() => model.layers, viewOptions));
    const panels = [gradientFlowPanel(model, { cut, zoom }), lossPanel(model, { zoom }), heatmap, updateRatioPanel(model, { zoom }), costPanel(model, { zoom }), batchNormPanel(model, { selection, zoom, urge, arrived }), epochFlowPanel(model, { urge, arrived }), learningRatePanel(model, { zoom }), histogramPanel(model, { selection, zoom, urge, arrived })];
    const [flow, loss, , updates, cost, norms, epochs, rate, histograms] = panels;
    heatmap.element.classList.add('span-wide');
    cost.element.classList.add('span-narrow');
    norms.element.classList.add('span-norms', 'span-all');
    histograms.element.classList.add('span-wide');
    rate.element.classList.add('span-narrow');
    fill(
      root,
      h(`div.page.run-page${replay ? '.is-replay' : ''}`, {}, replayed?.element, header.element, banner.element, control.element, h('section.card.strip-card', {}, h('h2', {}, 'Health by layer'), strip.element), bar.element, h('div.grid', {}, flow.element, loss.element, network.element, epochs.element, updates.element, heatmap.element, cost.element, histograms.element, rate.element, norms.element), sampled.element, said.element, details.element),
    );
    const words = { every: 140, visible: () => true, draw: () => [header, banner, control, details, said, sampled, bar].forEach((part) => part.update()) };
    panels.push(...sampled.panels, course);
    selection.addEventListener('change', () => painter.now([heatmap]), { signal });
    disposers.push(keepLayer(selection, viewOptions, () => model.layers.length));
    followers.push(epochs.follow);
    for (const panel of panels) panel.onRequest(() => painter.invalidate(panel));
    sayWhatIsMissing(session, panels, signal);
    painter.add(words, strip, network, ...panels);
    zoom.addEventListener('change', (event) => zoomed(/** @type {any} */ (event).detail, panels.filter(({ zoomKey }) => zoomKey() !== null)), { signal });
    zoom.addEventListener('failed', (event) => bar.failed(/** @type {any} */ (event).detail), { signal });
    view.arrived();
    const timer = setInterval(() => (header.updateFreshness(), control.tick()), FRESHNESS_MS);
    disposers.push(() => clearInterval(timer), ...panels.map((panel) => panel.dispose));
    store.addEventListener('alerts', () => painter.invalidate(), { signal });
    store.addEventListener('runs', () => followRun(store, model, painter), { signal });
    socket.addEventListener('connection', () => painter.invalidate(words), { signal });
    themeEvents.addEventListener('change', () => painter.now(), { signal });
  }

  return dispose;
}

/** Charts whose history did not come say so; it is asked for again at a click, and when the connection is back. */
export function sayWhatIsMissing(session, panels, signal) {
  const of = (metrics) => panels.filter(({ zoomKey }) => metrics.includes(zoomKey()));
  session.addEventListener('incomplete', ({ detail: { error, metrics, retry } }) => of(metrics).forEach((panel) => panel.fail(`Older iterations did not come: ${error.message}`, retry)), { signal });
  session.addEventListener('history', ({ detail }) => of(detail ?? []).forEach((panel) => panel.fail(null)), { signal });
}

/** What happened in a run, for the slider of its replay; without it the slider has no marks. */
export async function marksOf(id, signal) {
  const [epochs, alerts] = await Promise.all([api.getEpochs(id, signal), api.getAlerts(id, signal)]);
  return { epochs, alerts };
}

/** The run list's messages tell a run's state too. */
function followRun(store, model, painter) {
  const run = store.run(model.id);
  if (run && run.state !== model.run?.state) {
    model.updateRun(run);
    painter.invalidate();
  }
}
