/** All runs, live: found by a query, in the order of a column. */
import { attribute, fill, h, icon, text } from '../dom.js';
import { getRuns } from '../net/api.js';
import { jsonNumber } from '../net/protocol.js';
import { alertBadge, attemptTag, datasetTag, statePill, tagLink } from './badges.js';
import { failure, loading, message, noRuns } from './states.js';
import { ago, decimal, integer, percent } from '../format.js';
import { progress } from '../state/health.js';
import { compareHref, runHref, runsHref, TABLE_LIMIT } from '../router.js';

const PAGE = 50;
const TYPING_MS = 250;
/** A list that the page cannot order by itself is asked for again this often when runs have changed. */
const REFRESH_MS = 2000;
const AGES_MS = 1000;

/**
 * @param {HTMLElement} root
 * @param {{socket: import('../net/socket.js').LiveSocket, store: import('../state/store.js').Store}} environment
 * @param {{q: string, sort?: string}} route
 * @returns {() => void} disposer
 */
export function runsView(root, { socket, store }, { q, sort: sorted = '' }) {
  document.title = 'Runs · Gradwatch';
  const stop = new AbortController();
  const { signal } = stop;
  /** @type {Map<string, ReturnType<typeof row>>} */
  const rows = new Map();
  /** @type {Set<string>} */
  const selected = new Set();
  let query = q;
  let sort = sorted;
  let pages = 0;
  let refreshing = /** @type {any} */ (0);
  /** @type {string | null} */
  let next = null;
  /** @type {AbortController} */
  let request = new AbortController();

  const search = /** @type {HTMLInputElement} */ (h('input', { type: 'search', id: 'run-search', placeholder: 'preset:vgg38 lr<0.01 tag:cured', 'aria-describedby': 'search-fault', value: q, autocomplete: 'off', spellcheck: 'false', oninput: () => typed() }));
  const fault = h('div.search-fault', { id: 'search-fault', role: 'alert', 'data-testid': 'search-fault', hidden: true });
  const body = h('tbody');
  const heads = head((field) => sortBy(field));
  const table = h('table.runs', { 'data-testid': 'run-list' }, h('caption.visually-hidden', {}, 'Runs'), heads.element, body);
  const more = /** @type {HTMLButtonElement} */ (h('button.button', { type: 'button', hidden: true, onclick: () => load(next) }, 'Show more'));
  const notice = h('div.runs-notice', {}, loading('Loading runs'));
  const compare = compareBar();
  const count = h('span.note', { role: 'status' });
  fill(
    root,
    h('div.page', {}, h('div.page-head', {}, h('h1', {}, 'Runs'), count, h('div.search', {}, icon('search'), h('label.visually-hidden', { for: 'run-search' }, 'Search runs'), search)), fault, h('div.card.runs-card', {}, table, notice), h('div.more', {}, more), compare.element),
  );
  table.hidden = true;
  heads.update(sort);

  async function load(cursor = /** @type {string | null} */ (null)) {
    request.abort();
    request = new AbortController();
    const mine = request;
    try {
      const answer = await getRuns({ q: query, sort, limit: PAGE, cursor }, mine.signal);
      refuse(null);
      if (cursor === null) clear();
      pages = cursor === null ? 1 : pages + 1;
      next = answer.next;
      more.hidden = next === null;
      for (const run of answer.items) put(run, true);
      store.putRuns(answer.items);
      settle();
    } catch (error) {
      if (mine.signal.aborted) return;
      if (error.status === 400) return void refuse(error);
      if (rows.size === 0) fill(notice, failure(error, () => load()));
    }
  }

  /** The list stays as it is while the query cannot be read. */
  function refuse(error) {
    fault.hidden = error === null;
    attribute(search, 'aria-invalid', error === null ? null : 'true');
    if (error === null) return fill(fault);
    fill(fault, error.caret ? h('pre', { 'data-testid': 'search-caret' }, error.caret) : null, h('p', {}, error.message.replace(/^q: /, '')));
    if (rows.size === 0) fill(notice);
    more.hidden = true;
  }

  function sortBy(field) {
    // a figure is wanted from its top first, a name from its beginning
    const first = field === 'name' || field === 'state' ? field : `-${field}`;
    const other = first === field ? `-${field}` : field;
    sort = sort === first ? other : sort === other ? '' : first;
    heads.update(sort);
    remember();
    load();
  }

  function remember() {
    history.replaceState(null, '', runsHref({ q: query, sort }));
  }

  function put(run, inOrder = false) {
    const known = rows.get(run.id);
    if (known) return known.update(run, store.now());
    const made = row(run, store.now(), (checked) => select(run.id, checked), selected.has(run.id));
    rows.set(run.id, made);
    if (inOrder) return void body.append(made.element);
    const after = [...body.children].find((element) => String(/** @type {HTMLElement} */ (element).dataset.startedAt) < (run.startedAt ?? ''));
    body.insertBefore(made.element, after ?? null);
  }

  function settle() {
    const empty = rows.size === 0;
    table.hidden = empty;
    text(count, empty ? '' : `${integer(rows.size)}${next === null ? '' : '+'}`);
    if (!empty) fill(notice);
    else if (query !== '') fill(notice, message({ title: 'No run matches', detail: `Nothing is found by ${query}`, picture: 'search' }));
    else fill(notice, noRuns());
  }

  function clear() {
    rows.clear();
    fill(body);
    fill(notice);
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
      remember();
      load();
    }, TYPING_MS);
  }

  store.addEventListener('runs', (event) => {
    const byItself = query === '' && sort === '';
    for (const id of /** @type {any} */ (event).detail) {
      if (rows.has(id) || (byItself && pages > 0)) put(store.run(id));
      else if (!byItself) refresh();
    }
    settleIfLoaded();
  }, { signal });
  // which runs a query finds, and in which order, only the service knows
  function refresh() {
    if (pages > 1 || !fault.hidden) return;
    refreshing ||= setTimeout(() => {
      refreshing = 0;
      if (pages <= 1 && fault.hidden) load();
    }, REFRESH_MS);
  }
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
    clearTimeout(refreshing);
    clearInterval(ages);
  };
}

/** @param {(field: string) => void} onSort */
function head(onSort) {
  const sortable = [];
  const column = (name, more = '', field = '') => {
    if (field === '') return h(`th${more}`, { scope: 'col' }, name);
    const cell = h(`th${more}`, { scope: 'col' }, h('button.sort', { type: 'button', 'data-testid': `sort-${field}`, onclick: () => onSort(field) }, name));
    sortable.push([cell, field]);
    return cell;
  };
  const element = h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, h('span.visually-hidden', {}, 'Compare')), column('Run', '', 'name'), column('State', '', 'state'), column('Progress', '', 'iteration'), column('Loss', '.number', 'loss'), column('Accuracy', '.number', 'accuracy'), column('Alerts', '', 'firing'), column('Last data', '.number', 'seen')));
  return {
    element,
    /** @param {string} sort */
    update(sort) {
      for (const [cell, field] of sortable) attribute(cell, 'aria-sort', sort === field ? 'ascending' : sort === `-${field}` ? 'descending' : null);
    },
  };
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
      fill(sub, newer.preset && newer.preset !== newer.name ? h('span', {}, newer.preset) : null, datasetTag(newer.dataset), attemptTag(newer), ...(newer.tags ?? []).map(tagLink));
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
      text(words, ids.length === 1 ? '1 run selected: choose another to compare' : ids.length > TABLE_LIMIT ? `${ids.length} runs selected: the first ${TABLE_LIMIT} are compared` : `${ids.length} runs selected`);
      if (ids.length < 2) link.removeAttribute('href');
      else link.setAttribute('href', compareHref(ids.slice(0, TABLE_LIMIT)));
      attribute(link, 'aria-disabled', ids.length < 2 ? 'true' : null);
    },
  };
}
