/**
 * A card with a chart in it: title, a line of explanation, its menu, the chart, and what to say while there is nothing to draw or when it cannot be drawn.
 */
import { attribute, fill, h, icon, text } from '../dom.js';
import { mountChart } from '../charts/mount.js';
import { ofLayers } from '../charts/layers.js';
import { ownScale, railWords, rescaled } from '../charts/scale.js';
import { csv, fileName, overIteration, tableOf } from '../charts/table.js';
import { cursor } from '../state/cursor.js';
import { layersKept } from '../state/layer-filter.js';
import { viewOptions } from '../state/view-options.js';
import { theme } from '../theme.js';
import { cursorLine } from './cursor-line.js';
import { panelMenu } from './panel-menu.js';
import { zoomable } from './zoomable.js';

const LABEL_MS = 5000;
/** Two drawings within the same frame. */
const FRAME_MS = 8;

/**
 * @param {{title: string, note?: string, testid?: string, size?: string, every?: number, liveEvery?: number | null, controls?: HTMLElement | null, legend?: HTMLElement | null,
 *   option: (width: number) => any, points: () => number, iteration: () => number, label: () => string, empty: () => string,
 *   onReady?: (chart: import('../charts/mount.js').Chart) => void, level?: number, zoom?: import('../state/zoom.js').Zoom | null, exact?: () => boolean, zoomKey?: () => string | null,
 *   table?: ((kept: Set<number> | null) => {columns: string[], rows: any[][]}) | null, smoothed?: boolean, layers?: (() => any[]) | null, run?: (() => string) | null}} description
 *   `liveEvery`: about so many ms between two drawings of its live series (live.js), `every` of all of it; `option` may answer null: nothing to draw, `empty` says why; `zoom`: for charts over iterations, `exact`: whether they show exact data of the range;
 *   `zoomKey`: metric whose exact data it draws, null for none; `table`: what it shows as a table, of some layers or (null) of all, where the option does not hold it;
 *   `smoothed`: it draws a smoothed course; `layers`: what its layer axis counts, for charts that can show some only; `run`: its name, for files
 */
export function chartPanel({ title, note = '', testid, size = 'medium', every = 90, liveEvery = null, controls = null, legend = null, option, points, iteration, label, empty, onReady, level = 2, zoom = null, exact = () => false, zoomKey = () => null, table = null, smoothed = false, layers = null, run = null }) {
  const key = (testid ?? title).replace(/^chart-/, '');
  const canvas = h(`div.chart-canvas`, { role: 'img', 'aria-label': title });
  const nothing = h('div.chart-empty', {}, 'Waiting for data');
  const odd = h('p.off-scale', { hidden: true });
  const partly = h('div.chart-partly', { role: 'status', hidden: true });
  const area = h(`div.chart.chart-${size}`, { 'data-testid': testid, 'data-points': '0', 'data-iteration': '' }, canvas, nothing, odd, partly);
  /** What was drawn last, on its own scale. @type {any} */
  let plain = null;
  let drawnScale = /** @type {string | null} */ (null);
  /** Why it cannot be drawn, and what to do about it. @type {{words: string, retry: (() => void) | null} | null} */
  let fault = null;
  let labelledAt = -Infinity;
  let wholeAt = -Infinity;
  /** @type {() => void} */
  let request = () => {};

  const menu = panelMenu(title, {
    scale: () => ({ own: ownScale(plain), now: viewOptions.of('scale', key) ?? ownScale(plain) }),
    onScale: (scale) => viewOptions.setOf('scale', key, scale === ownScale(plain) ? null : scale),
    smoothing: () => (smoothed ? viewOptions.get('smooth') : undefined),
    onSmoothing: (halfLife) => viewOptions.set('smooth', halfLife),
    ready: () => plain !== null,
    save,
  });
  const element = h('section.card.panel', { dataset: { chart: key } }, h('header.panel-head', {}, h('div.panel-title', {}, h(`h${level}`, {}, title), note && h('p.note', {}, note)), h('div.panel-tools', {}, controls, menu.element)), area, legend);
  const chart = mountChart(canvas, () => request());
  onReady?.(chart);
  const disposeZoom = zoom === null ? null : zoomable(area, chart, zoom, title);
  const line = cursorLine(area, chart, cursor);
  const changed = (event) => ['scale', 'smooth', 'layers'].some((name) => event.detail.includes(name)) && request();
  viewOptions.addEventListener('change', changed);
  addEventListener('beforeprint', print);
  addEventListener('afterprint', print);
  if (zoom === null) {
    area.tabIndex = 0;
    attribute(area, 'role', 'group');
    attribute(area, 'aria-label', title);
  }

  /** What a browser says before and after it prints. */
  function print() {
    draw();
  }

  function draw(whole = true) {
    let drawing = null;
    let words = '';
    try {
      plain = ofLayers(option(chart.width()), kept());
      drawing = plain === null ? null : show(plain, whole);
      if (drawing === null) words = empty();
    } catch (error) {
      // one chart that cannot be drawn leaves the others alone
      console.error(error);
      plain = null;
      say(`This chart cannot be drawn: ${/** @type {Error} */ (error).message}`, () => request());
      return;
    }
    const failed = drawing === null ? fault : null;
    warn(drawing === null ? null : fault);
    attribute(area, 'data-state', failed ? 'failed' : drawing === null ? 'empty' : 'drawn');
    area.classList.toggle('is-empty', drawing === null);
    attribute(area, 'data-points', String(drawing === null ? 0 : points()));
    attribute(area, 'data-iteration', String(iteration()));
    const range = zoom?.range ?? null;
    attribute(area, 'data-range', range !== null && exact() ? `${range.from}-${range.to}` : null);
    if (failed) say(failed.words, failed.retry);
    else if (drawing === null) {
      delete nothing.dataset.words;
      text(nothing, words);
    }
    // a description that changes ten times a second helps nobody
    if (performance.now() - labelledAt > LABEL_MS) {
      labelledAt = performance.now();
      attribute(canvas, 'aria-label', `${title}. ${drawing === null ? words : label()}`);
    }
  }

  const kept = () => (layers === null ? null : layersKept(layers(), viewOptions.get('layers')));

  function show(own, whole) {
    const scale = /** @type {any} */ (viewOptions.of('scale', key));
    const drawing = rescaled(own, scale, theme());
    const now = performance.now();
    if (whole || scale !== drawnScale || !chart.move(drawing)) {
      chart.draw(drawing, scale !== drawnScale);
      wholeAt = now;
    }
    drawnScale = scale;
    attribute(area, 'data-scale', ownScale(own) === null ? null : scale ?? ownScale(own));
    const marked = railWords(drawing);
    odd.hidden = marked === '';
    text(odd, `${marked}: marked at the foot`);
    line.drawn({ overIterations: overIteration(own), tooltip: own.tooltip?.show !== false });
    return drawing;
  }

  /** Above what is drawn: it is not all. @param {{words: string, retry: (() => void) | null} | null} problem */
  function warn(problem) {
    partly.hidden = problem === null;
    if (problem === null) delete partly.dataset.words;
    else if (partly.dataset.words !== problem.words) {
      partly.dataset.words = problem.words;
      fill(partly, h('span', {}, problem.words), problem.retry && h('button.button', { type: 'button', onclick: problem.retry }, 'Try again'));
    }
  }

  /** Instead of a drawing. @param {string} words @param {(() => void) | null} retry */
  function say(words, retry) {
    area.classList.add('is-empty');
    attribute(area, 'data-state', 'failed');
    const known = nothing.dataset.words === words && nothing.querySelector('button');
    if (known) return;
    nothing.dataset.words = words;
    fill(nothing, h('div.chart-fault', { role: 'alert' }, icon('alert'), h('p', {}, words), retry && h('button.button', { type: 'button', onclick: () => (text(nothing, 'Trying again …'), retry()) }, 'Try again')));
  }

  /** @param {string} format */
  async function save(format) {
    if (plain === null) return;
    const { card } = theme();
    const drawing = rescaled(plain, /** @type {any} */ (viewOptions.of('scale', key)), theme());
    const blob = format === 'csv' ? new Blob([csv(table?.(kept()) ?? tableOf(plain))], { type: 'text/csv;charset=utf-8' }) : format === 'svg' ? chart.svg(drawing, card) : await chart.png(card);
    const address = URL.createObjectURL(blob);
    h('a', { href: address, download: fileName(run?.() ?? runNameOf(element), key, format) }).click();
    setTimeout(() => URL.revokeObjectURL(address), LABEL_MS);
  }

  return {
    element,
    area,
    every,
    live: liveEvery === null ? null : { every: liveEvery, visible: () => chart.visible(), draw: () => performance.now() - wholeAt > FRAME_MS && draw(false) },
    zoomKey,
    visible: () => chart.visible(),
    /** @param {() => void} redraw */
    onRequest(redraw) {
      request = redraw;
    },
    draw,
    /** Data for it did not come: it says so, above what it has. @param {string | null} words null: they came after all @param {(() => void) | null} [retry] */
    fail(words, retry = null) {
      fault = words === null ? null : { words, retry };
      request();
    },
    dispose: () => {
      viewOptions.removeEventListener('change', changed);
      removeEventListener('beforeprint', print);
      removeEventListener('afterprint', print);
      menu.dispose();
      line.dispose();
      disposeZoom?.();
      chart.dispose();
    },
  };
}

/** The name that stands above a chart: of its column, or of the page. @param {HTMLElement} element */
function runNameOf(element) {
  const column = element.closest('[data-run-id]');
  return column?.getAttribute('aria-label') ?? document.title.replace(/ · Gradwatch$/, '');
}
