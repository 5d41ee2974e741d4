/** The paper's Table 1 beside the runs so far, live: what each has come to, and how far that is from the paper. */
import { attribute, fill, h, text } from '../dom.js';
import { getRuns } from '../net/api.js';
import { decimal, integer, percent, plural, setting, UNKNOWN } from '../format.js';
import { PAPER_DEVIATION } from '../state/table1-paper.js';
import { points, PRESETS, tableOf } from '../state/table1.js';
import { compareHref, runHref, TABLE_LIMIT } from '../router.js';
import { datasetTag, statePill } from './badges.js';
import { copyable } from './copyable.js';
import { shortName } from './run-row.js';
import { failure, loading } from './states.js';

const PAGE = 500;
/** Runs that are looked at, the newest; that there are more is told. */
const MOST = 1000;
/** Lines of a row before the others are asked for. */
const SHOWN = 3;
const REDRAW_MS = 1000;

/** Runs of the paper's networks, and of no other. */
export const QUERY = PRESETS.map((preset) => `preset:${preset}`).join(' OR ');

/**
 * @param {HTMLElement} root
 * @param {{socket: import('../net/socket.js').LiveSocket, store: import('../state/store.js').Store}} environment
 * @returns {() => void} disposer
 */
export function table1View(root, { socket, store }) {
  document.title = 'Table 1 · Gradwatch';
  const stop = new AbortController();
  const { signal } = stop;
  /** @type {Map<string, any>} */
  const runs = new Map();
  /** @type {Set<string>} */
  const open = new Set();
  const note = h('p.note', { role: 'status' });
  const content = h('div.card.table1-card', {}, loading('Loading runs'));
  let redrawing = /** @type {any} */ (0);
  let loaded = false;
  fill(
    root,
    h(
      'div.page',
      {},
      h('div.page-head', {}, h('h1', {}, 'Table 1'), note),
      h('p.page-lead', {}, `The paper’s accuracies on CIFAR-100 beside those of the runs here: on the test images, with the parameters of the best validation epoch, where that was measured; until then the best validation accuracy. The paper’s figures vary by ${decimal(PAPER_DEVIATION, 1)} points from seed to seed.`),
      content,
    ),
  );

  async function load() {
    try {
      let cursor = null;
      runs.clear();
      do {
        const answer = await getRuns({ q: QUERY, limit: PAGE, cursor }, signal);
        for (const run of answer.items) runs.set(run.id, run);
        cursor = answer.next;
      } while (cursor !== null && runs.size < MOST);
      loaded = true;
      text(note, cursor === null ? '' : `The newest ${integer(runs.size)} runs`);
      store.putRuns([...runs.values()]);
      draw();
    } catch (error) {
      if (!signal.aborted && !loaded) fill(content, failure(error, load));
    }
  }

  function draw() {
    const focused = /** @type {HTMLElement | null} */ (content.contains(document.activeElement) ? document.activeElement : null);
    const key = focused?.dataset.key;
    fill(content, tableElement(tableOf([...runs.values()])), runs.size === 0 && nothing());
    if (key) /** @type {HTMLElement | null} */ (content.querySelector(`[data-key="${CSS.escape(key)}"]`))?.focus({ preventScroll: true });
  }

  function tableElement(table) {
    const head = h('thead', {}, h('tr', {}, ...[['Network', ''], ['Batch', '.number'], ['Learning rate', '.number'], ['Weight decay', '.number'], ['Paper, test', '.number'], ['Here', '.number'], ['Difference', '.number'], ['Run', '']].map(([name, more]) => h(`th${more}`, { scope: 'col' }, name))));
    return h('div.table1-scroll', { tabindex: '0', role: 'region', 'aria-label': 'Table 1' }, h('table.table1', { 'data-testid': 'table1' }, h('caption.visually-hidden', {}, 'Table 1 of the paper and the runs here'), head, ...table.map(({ row, lines }) => group(row, lines))));
  }

  function group(row, lines) {
    const all = open.has(row.preset);
    const shown = all ? lines : lines.slice(0, SHOWN);
    const span = { rowspan: String(Math.max(1, shown.length + (lines.length > SHOWN ? 1 : 0))) };
    const about = [
      h('th.table1-network', { scope: 'rowgroup', ...span }, h('span.table1-name', {}, row.network), comparison(lines)),
      h('td.number', { ...span, 'data-label': 'batch' }, integer(row.batch)),
      h('td.number', { ...span, 'data-label': 'learning rate' }, setting(row.lr)),
      h('td.number', { ...span, 'data-label': 'weight decay' }, row.weightDecay === 0 ? '0' : setting(row.weightDecay)),
      h('td.number.table1-paper', { ...span, 'data-label': 'paper, test' }, `${decimal(row.test, 2)} %`, h('span.note', {}, `train ${decimal(row.train, 2)} %`)),
    ];
    const body = h('tbody', { 'data-testid': 'table1-row', 'data-preset': row.preset });
    if (lines.length === 0) body.append(h('tr', {}, ...about, h('td.table1-none', { colspan: '3' }, h('span', {}, 'not yet run'), copyable(`./gradwatch train ${row.preset}`))));
    shown.forEach((one, i) => body.append(h('tr', {}, ...(i === 0 ? about : []), ...cells(one))));
    if (lines.length > SHOWN) body.append(h('tr', {}, h('td', { colspan: '3' }, h('button.table1-more', { type: 'button', 'aria-expanded': String(all), dataset: { key: `more-${row.preset}` }, onclick: () => toggle(row.preset) }, all ? 'Show fewer' : `Show ${plural(lines.length - SHOWN, 'more run')}`))));
    return body;
  }

  function toggle(preset) {
    if (open.has(preset)) open.delete(preset);
    else open.add(preset);
    draw();
  }

  function comparison(lines) {
    if (lines.length < 2) return null;
    return h('a.note', { href: compareHref(lines.slice(0, TABLE_LIMIT).map(({ run }) => run.id)), dataset: { key: `compare-${lines[0].run.id}` } }, `compare ${lines.length > TABLE_LIMIT ? `the first ${TABLE_LIMIT}` : integer(lines.length)}`);
  }

  function cells({ run, figure, caveats }) {
    const fair = caveats.length === 0;
    const tone = figure === null || !fair ? 'quiet' : Math.abs(figure.difference) <= 2 * PAPER_DEVIATION ? 'good' : figure.difference > 0 ? 'good' : 'warning';
    return [
      h('td.number.table1-here', { 'data-label': 'here' }, figure === null ? UNKNOWN : percent(figure.accuracy, 2), h('span.note', {}, figure === null ? 'nothing measured yet' : figure.measured === 'test' ? 'test' : 'validation, so far')),
      h('td.number', { 'data-label': 'difference' }, figure === null ? UNKNOWN : h(`span.table1-difference.tone-${tone}`, { title: fair ? '' : 'Not the same training as the paper’s' }, points(figure.difference))),
      h('td.table1-run', {}, h('div.table1-run-box', {}, h('a.run-link', { href: runHref(run.id), dir: 'auto', title: run.id, dataset: { key: `run-${run.id}` } }, shortName(run.name || run.id)), statePill(run.state), run.dataset?.synthetic ? datasetTag(run.dataset) : null), caveats.length > 0 && h('span.note', {}, `unlike the paper: ${caveats.join(', ')}`)),
    ];
  }

  function nothing() {
    return h('p.table1-nothing', {}, 'No run of these networks yet. All rows, one after the other, with the paper’s five seeds: ', h('code', {}, './gradwatch table1'));
  }

  store.addEventListener('runs', (event) => {
    if (!loaded) return;
    let changed = false;
    for (const id of /** @type {any} */ (event).detail) {
      const run = store.run(id);
      if (!run || !PRESETS.includes(run.preset) || runs.get(id) === run) continue;
      runs.set(id, run);
      changed = true;
    }
    if (!changed) return;
    redrawing ||= setTimeout(() => {
      redrawing = 0;
      draw();
    }, REDRAW_MS);
  }, { signal });
  let missed = socket.connection === 'waiting';
  socket.addEventListener('connection', () => {
    attribute(content, 'data-stale', socket.connection === 'waiting' ? 'true' : null);
    if (socket.connection === 'waiting') missed = true;
    else if (socket.connection === 'open' && missed) {
      missed = false;
      load();
    }
  }, { signal });
  load();
  return () => {
    stop.abort();
    clearTimeout(redrawing);
  };
}
