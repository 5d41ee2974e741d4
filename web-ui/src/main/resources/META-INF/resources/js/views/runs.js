/** All runs, newest first, live. */
import { attribute, fill, h, icon, text } from '../dom.js';
import { getRuns } from '../net/api.js';
import { jsonNumber } from '../net/protocol.js';
import { alertBadge, attemptTag, datasetTag, statePill } from './badges.js';
import { failure, loading, message, noRuns } from './states.js';
import { ago, decimal, integer, percent } from '../format.js';
import { progress } from '../state/health.js';
import { compareHref, COMPARE_LIMIT, runHref } from '../router.js';

const PAGE = 50;
const TYPING_MS = 200;
const AGES_MS = 1000;

/**
 * @param {HTMLElement} root
 * @param {{socket: import('../net/socket.js').LiveSocket, store: import('../state/store.js').Store}} environment
 * @param {{q: string}} route
 * @returns {() => void} disposer
 */
export function runsView(root, { socket, store }, { q }) {
  document.title = 'Runs · Gradwatch';
  const stop = new AbortController();
  const { signal } = stop;
  /** @type {Map<string, ReturnType<typeof row>>} */
  const rows = new Map();
  /** @type {Set<string>} */
  const selected = new Set();
  let query = q;
  /** @type {string | null} */
  let next = null;
  /** @type {AbortController} */
  let request = new AbortController();

  const search = /** @type {HTMLInputElement} */ (h('input', { type: 'search', id: 'run-search', placeholder: 'Search name, preset, tag', value: q, autocomplete: 'off', spellcheck: 'false', oninput: () => typed() }));
  const body = h('tbody');
  const table = h('table.runs', { 'data-testid': 'run-list' }, h('caption.visually-hidden', {}, 'Runs, newest first'), head(), body);
  const more = /** @type {HTMLButtonElement} */ (h('button.button', { type: 'button', hidden: true, onclick: () => load(next) }, 'Show more'));
  const notice = h('div.runs-notice', {}, loading('Loading runs'));
  const compare = compareBar();
  const count = h('span.note', { role: 'status' });
  fill(
    root,
    h('div.page', {}, h('div.page-head', {}, h('h1', {}, 'Runs'), count, h('div.search', {}, icon('search'), h('label.visually-hidden', { for: 'run-search' }, 'Search runs'), search)), h('div.card.runs-card', {}, table, notice), h('div.more', {}, more), compare.element),
  );
  table.hidden = true;

  async function load(cursor = /** @type {string | null} */ (null)) {
    request.abort();
    request = new AbortController();
    const mine = request;
    try {
      const answer = await getRuns({ q: query, limit: PAGE, cursor }, mine.signal);
      if (cursor === null) clear();
      next = answer.next;
      more.hidden = next === null;
      for (const run of answer.items) put(run);
      store.putRuns(answer.items);
      settle();
    } catch (error) {
      if (mine.signal.aborted) return;
      if (rows.size === 0) fill(notice, failure(error, () => load()));
    }
  }

  function put(run) {
    const known = rows.get(run.id);
    if (known) return known.update(run, store.now());
    const made = row(run, store.now(), (checked) => select(run.id, checked), selected.has(run.id));
    rows.set(run.id, made);
    const after = [...body.children].find((element) => String(/** @type {HTMLElement} */ (element).dataset.startedAt) < (run.startedAt ?? ''));
    body.insertBefore(made.element, after ?? null);
  }

  function settle() {
    const empty = rows.size === 0;
    table.hidden = empty;
    text(count, empty ? '' : `${integer(rows.size)}${next === null ? '' : '+'}`);
    if (!empty) fill(notice);
    else if (query !== '') fill(notice, message({ title: 'No run matches', detail: `“${query}” is in no id, name, preset or tag.`, picture: 'search' }));
    else fill(notice, noRuns());
  }

  function clear() {
    rows.clear();
    fill(body);
  }

  function select(id, checked) {
    if (checked) selected.add(id);
    else selected.delete(id);
    compare.update([...selected]);
  }

  let typing = /** @type {any} */ (0);
  function typed() {
    clearTimeout(typing);
    typing = setTimeout(() => {
      query = search.value.trim();
      history.replaceState(null, '', query === '' ? '#/' : `#/?q=${encodeURIComponent(query)}`);
      load();
    }, TYPING_MS);
  }

  store.addEventListener('runs', (event) => {
    for (const id of /** @type {any} */ (event).detail) {
      const run = store.run(id);
      if (rows.has(id) || (query === '' && rows.size > 0) || matches(run, query)) put(run);
    }
    settleIfLoaded();
  }, { signal });
  function settleIfLoaded() {
    if (rows.size > 0) settle();
  }
  // what happened while the connection was away was not told
  let missed = socket.connection === 'waiting';
  socket.addEventListener('connection', () => {
    if (socket.connection === 'waiting') missed = true;
    else if (socket.connection === 'open' && missed) {
      missed = false;
      load();
    }
  }, { signal });
  const ages = setInterval(() => rows.forEach((one) => one.age(store.now())), AGES_MS);
  load();

  return () => {
    stop.abort();
    request.abort();
    clearTimeout(typing);
    clearInterval(ages);
  };
}

/** As the service matches `q`. @param {any} run @param {string} query */
export function matches(run, query) {
  const wanted = query.toLowerCase();
  return [run.id, run.name, run.preset, ...(run.tags ?? [])].some((text) => String(text ?? '').toLowerCase().includes(wanted));
}

function head() {
  const column = (name, more = '') => h(`th${more}`, { scope: 'col' }, name);
  return h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, h('span.visually-hidden', {}, 'Compare')), column('Run'), column('State'), column('Progress'), column('Loss', '.number'), column('Accuracy', '.number'), column('Alerts'), column('Last data', '.number')));
}

function row(run, now, onSelect, checked) {
  const name = h('a.run-link', { href: runHref(run.id) });
  const sub = h('span.run-sub');
  const state = h('td', { 'data-label': 'State' });
  const fillBar = h('span.progress-fill');
  const done = h('span.progress-text');
  const loss = h('td.number', { 'data-label': 'Loss' });
  const accuracy = h('td.number', { 'data-label': 'Accuracy' });
  const alerts = h('td', { 'data-label': 'Alerts' });
  const age = h('td.number', { 'data-label': 'Last data' });
  const box = h('input', { type: 'checkbox', 'aria-label': `Compare ${run.name || run.id}`, checked, onchange: (event) => onSelect(event.target.checked) });
  const element = h(
    'tr.run-row',
    { 'data-testid': 'run-row', 'data-run-id': run.id, dataset: { startedAt: run.startedAt ?? '' } },
    h('td.run-select', {}, h('label.check', {}, box)),
    h('td.run-cell', {}, name, sub),
    state,
    h('td.run-progress', { 'data-label': 'Progress' }, h('span.progress', {}, fillBar), done),
    loss,
    accuracy,
    alerts,
    age,
  );
  let latest = run;
  let described = '';

  function update(newer, time) {
    latest = newer;
    const key = JSON.stringify([newer.name, newer.preset, newer.dataset, newer.tags, newer.attempt, newer.state, newer.firingAlerts, newer.worstSeverity]);
    if (key !== described) {
      described = key;
      text(name, newer.name || newer.id);
      fill(sub, newer.preset && newer.preset !== newer.name ? h('span', {}, newer.preset) : null, datasetTag(newer.dataset), attemptTag(newer), ...(newer.tags ?? []).map((tag) => h('span.tag', {}, tag)));
      fill(state, statePill(newer.state));
      fill(alerts, alertBadge(newer.firingAlerts, newer.worstSeverity));
    }
    const share = progress(newer, newer.iteration);
    fillBar.style.setProperty('transform', `scaleX(${share ?? 0})`);
    text(done, newer.iteration === null || newer.iteration === undefined ? 'no iteration yet' : `iteration ${integer(newer.iteration)}${newer.plannedEpochs > 0 ? ` · epoch ${integer((newer.epoch ?? 0) + 1)} of ${integer(newer.plannedEpochs)}` : ''}`);
    attribute(done, 'title', share === null ? null : percent(share));
    text(loss, decimal(jsonNumber(newer.loss)));
    text(accuracy, percent(jsonNumber(newer.accuracy)));
    ageNow(time);
  }

  function ageNow(time) {
    text(age, ago(latest.lastSeenAt ?? latest.startedAt, time));
  }

  update(run, now);
  return { element, update, age: ageNow };
}

function compareBar() {
  const words = h('span');
  const link = h('a.button.button-primary', { 'data-testid': 'compare-link' }, icon('compare'), 'Compare');
  const element = h('div.compare-bar', { hidden: true, role: 'region', 'aria-label': 'Comparison' }, words, link);
  return {
    element,
    /** @param {string[]} ids */
    update(ids) {
      element.hidden = ids.length === 0;
      text(words, ids.length === 1 ? '1 run selected: choose another to compare' : ids.length > COMPARE_LIMIT ? `${ids.length} runs selected: the first ${COMPARE_LIMIT} are compared` : `${ids.length} runs selected`);
      if (ids.length < 2) link.removeAttribute('href');
      else link.setAttribute('href', compareHref(ids.slice(0, COMPARE_LIMIT)));
      attribute(link, 'aria-disabled', ids.length < 2 ? 'true' : null);
    },
  };
}
