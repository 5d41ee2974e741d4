/** All runs, live: found by a query, in the order of a column, with their health at a glance. */
import { attribute, fill, h, icon, text } from '../dom.js';
import { getRuns } from '../net/api.js';
import { integer } from '../format.js';
import { runsHref } from '../router.js';
import { Overviews } from '../state/overviews.js';
import { howMany, Selection } from '../state/selection.js';
import { bulkBar } from './bulk-bar.js';
import { deleteDialog, tagDialog } from './bulk-dialogs.js';
import { listHead, nextSort, sortChoice } from './run-list-head.js';
import { stripLegend } from './run-glance.js';
import { runRow } from './run-row.js';
import { failure, message, noRuns, rowsLoading } from './states.js';

const PAGE = 50;
/** Rows that are asked for again together: the service's limit. */
const MOST_AGAIN = 500;
const TYPING_MS = 250;
/** A list that the page cannot order by itself is asked for again after this pause when runs have changed, or after so many times what it took. */
const REFRESH_MS = 2000;
const PATIENCE = 10;
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
  /** @type {Map<string, ReturnType<typeof runRow>>} */
  const rows = new Map();
  const selection = new Selection();
  const overviews = new Overviews();
  let query = q;
  let sort = sorted;
  let loaded = false;
  let tookMs = 0;
  /** While the store takes what this list has asked for itself: that is no news to it. */
  let own = false;
  let refreshing = /** @type {any} */ (0);
  /** Runs that were deleted while the list was asked for: the answer may have them still. @type {Set<string>} */
  let deletedMeanwhile = new Set();
  /** @type {string | null} */
  let next = null;
  /** @type {AbortController} */
  let request = new AbortController();

  const search = /** @type {HTMLInputElement} */ (h('input', { type: 'search', id: 'run-search', placeholder: 'preset:vgg38 lr<0.01 tag:cured', 'aria-describedby': 'search-fault', value: q, autocomplete: 'off', spellcheck: 'false', oninput: () => typed() }));
  const fault = h('div.search-fault', { id: 'search-fault', role: 'alert', 'data-testid': 'search-fault', hidden: true });
  const stale = h('div.stale-notice', { role: 'status', 'data-testid': 'stale-notice', hidden: true });
  const body = h('tbody');
  const heads = listHead((field) => sortBy(nextSort(sort, field)), (chosen) => selection.all([...rows.keys()], chosen));
  const order = sortChoice((chosen) => sortBy(chosen));
  const table = h('table.runs', { 'data-testid': 'run-list' }, h('caption.visually-hidden', {}, 'Runs'), heads.element, body);
  const more = /** @type {HTMLButtonElement} */ (h('button.button', { type: 'button', hidden: true, 'data-testid': 'show-more', onclick: () => load(next) }, 'Show more'));
  const notice = h('div.runs-notice', {}, rowsLoading());
  const bar = bulkBar({ onTag: () => tags(), onDelete: () => remove(), onClear: () => selection.clear() });
  const count = h('span.note', { role: 'status', 'data-testid': 'run-count' });
  const legend = stripLegend();
  const card = h('div.card.runs-card', {}, table, notice);
  fill(
    root,
    h('div.page', {}, h('div.page-head', {}, h('h1', {}, 'Runs'), count, order.element, h('div.search', {}, icon('search'), h('label.visually-hidden', { for: 'run-search' }, 'Search runs'), search)), fault, stale, card, h('div.list-foot', {}, legend, more), bar.element),
  );
  table.hidden = true;
  legend.hidden = true;
  heads.update(sort);
  order.update(sort);

  /**
   * @param {string | null} [cursor] where to go on; null: from the beginning
   * @param {boolean} [again] the same list: as many rows as are shown
   */
  async function load(cursor = null, again = false) {
    request.abort();
    request = new AbortController();
    const mine = request;
    const limit = cursor === null && again ? Math.min(MOST_AGAIN, Math.max(PAGE, rows.size)) : PAGE;
    more.disabled = true;
    const begun = performance.now();
    deletedMeanwhile = new Set();
    try {
      const answer = await getRuns({ q: query, sort, limit, cursor }, mine.signal);
      answer.items = answer.items.filter(({ id }) => !deletedMeanwhile.has(id));
      tookMs = performance.now() - begun;
      refuse(null);
      told('');
      arrange(answer, cursor, again ? limit : Infinity);
      loaded = true;
      own = true;
      store.putRuns(answer.items);
      own = false;
      settle();
    } catch (error) {
      if (mine.signal.aborted) return;
      if (error.status === 400) return void refuse(error);
      if (rows.size === 0) fill(notice, failure(error, () => load()));
      else told('The list could not be brought up to date.', () => load(cursor, again));
    } finally {
      if (mine === request) more.disabled = false;
    }
  }

  /** Rows that stay are kept, so that neither the keyboard's place nor a choice is lost. */
  function arrange({ items, next: following }, cursor, limit) {
    const beyond = cursor === null && rows.size > limit ? [...rows.keys()].slice(limit) : [];
    if (beyond.length === 0) next = following;
    const ids = new Set([...(cursor === null ? [] : rows.keys()), ...items.map((run) => run.id), ...beyond]);
    for (const run of items) put(run);
    for (const id of [...rows.keys()]) if (!ids.has(id)) drop(id);
    inOrder([...ids]);
    more.hidden = next === null;
    overviews.want(items.filter((run) => overviews.of(run.id)?.seq !== run.seq).map((run) => run.id));
  }

  function put(run) {
    const known = rows.get(run.id);
    if (known) return known.update(run, store.now());
    const made = runRow(run, { now: store.now(), chosen: selection.has(run.id), onChoose: (chosen, range) => (range ? selection.extend(run.id, chosen, [...rows.keys()]) : selection.set(run.id, chosen)) });
    made.look(overviews.of(run.id));
    made.choose(selection.has(run.id));
    rows.set(run.id, made);
    body.append(made.element);
  }

  /** The keyboard's place, if it was in the row, is in the next one then. */
  function drop(id) {
    const row = rows.get(id)?.element;
    const focused = document.activeElement;
    if (row && focused && row.contains(focused)) placeIn(row.nextElementSibling ?? row.previousElementSibling, focused)?.focus({ preventScroll: true });
    row?.remove();
    rows.delete(id);
  }

  function inOrder(ids) {
    const focused = /** @type {HTMLElement | null} */ (body.contains(document.activeElement) ? document.activeElement : null);
    const kept = ids.flatMap((id) => (rows.has(id) ? [[id, /** @type {any} */ (rows.get(id))]] : []));
    rows.clear();
    kept.forEach(([id, row], place) => {
      rows.set(id, row);
      if (body.children[place] !== row.element) body.insertBefore(row.element, body.children[place] ?? null);
    });
    if (focused && document.activeElement !== focused) focused.focus({ preventScroll: true });
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

  function told(words, retry = () => {}) {
    stale.hidden = words === '';
    fill(stale, words, words !== '' && h('button.button', { type: 'button', onclick: retry }, 'Try again'));
  }

  function sortBy(wanted) {
    sort = wanted;
    heads.update(sort);
    order.update(sort);
    remember();
    load();
  }

  function remember() {
    history.replaceState(null, '', runsHref({ q: query, sort }));
  }

  function settle() {
    const empty = rows.size === 0;
    table.hidden = empty;
    legend.hidden = empty;
    order.element.hidden = empty;
    text(count, empty ? '' : `${integer(rows.size)}${next === null ? '' : '+'}`);
    heads.choose(howMany([...rows.keys()], selection));
    if (!empty) return fill(notice);
    if (query === '') return fill(notice, noRuns());
    return fill(notice, message({ title: 'No run matches', detail: `Nothing is found by ${query.length > 200 ? `${query.slice(0, 200)}…` : query}`, picture: 'search', actions: [h('button.button', { type: 'button', 'data-testid': 'show-all', onclick: all }, 'Show all runs')] }));
  }

  function all() {
    search.value = '';
    query = '';
    remember();
    search.focus();
    load();
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

  function chosenRuns() {
    return selection.ids.map((id) => store.run(id) ?? { id });
  }

  function tags() {
    tagDialog(chosenRuns(), { onRun: (run) => store.putRuns([run]) });
  }

  function remove() {
    deleteDialog(chosenRuns(), { onDeleted: (id) => gone([id]) });
  }

  function gone(ids) {
    selection.drop(ids);
    for (const id of ids) {
      overviews.forget(id);
      drop(id);
    }
    // the rows of the next page move up
    if (rows.size === 0 && next !== null) load();
    else settle();
  }

  selection.addEventListener('change', () => {
    rows.forEach((row, id) => row.choose(selection.has(id)));
    bar.update(selection.ids);
    heads.choose(howMany([...rows.keys()], selection));
  });
  overviews.addEventListener('change', (event) => /** @type {any} */ (event).detail.forEach((id) => rows.get(id)?.look(overviews.of(id))));
  overviews.addEventListener('gone', (event) => gone(/** @type {any} */ (event).detail));
  body.addEventListener('keydown', (event) => moveByKey(event, body));

  store.addEventListener('runs', (event) => {
    const byItself = query === '' && sort === '';
    const ids = /** @type {any} */ (event).detail;
    for (const id of ids) rows.get(id)?.update(store.run(id), store.now());
    const unknown = ids.filter((id) => !rows.has(id));
    if (!loaded || own) return;
    overviews.want(ids.filter((id) => rows.has(id) && outdated(id)));
    if (byItself && unknown.length > 0) enter(unknown);
    else if (!byItself) refresh();
  }, { signal });
  store.addEventListener('deleted', (event) => {
    const id = /** @type {any} */ (event).detail;
    deletedMeanwhile.add(id);
    if (rows.has(id) || selection.has(id)) gone([id]);
  }, { signal });
  store.addEventListener('alerts', (event) => {
    const id = /** @type {any} */ (event).detail;
    if (rows.has(id)) overviews.want([id]);
  }, { signal });

  function outdated(id) {
    return overviews.of(id)?.seq !== store.run(id)?.seq;
  }

  /** New runs stand where they belong by their start; one older than all that are shown is on a later page. */
  function enter(ids) {
    const startOf = (id) => String(store.run(id)?.startedAt ?? '');
    const shown = [...rows.keys()];
    const oldest = startOf(shown[shown.length - 1]);
    const fresh = ids.filter((id) => next === null || startOf(id) >= oldest);
    if (fresh.length === 0) return;
    fresh.forEach((id) => put(store.run(id)));
    inOrder([...rows.keys()].map((id, place) => ({ id, place, start: startOf(id) })).sort((a, b) => b.start.localeCompare(a.start) || a.place - b.place).map(({ id }) => id));
    overviews.want(fresh);
    settle();
  }

  // which runs a query finds, and in which order, only the service knows
  function refresh() {
    if (!fault.hidden) return;
    refreshing ||= setTimeout(() => {
      refreshing = 0;
      if (fault.hidden && !document.hidden) load(null, true);
    }, Math.max(REFRESH_MS, PATIENCE * tookMs));
  }
  // what happened while the connection was away was not told
  let missed = socket.connection === 'waiting';
  socket.addEventListener('connection', () => {
    card.classList.toggle('is-stale', socket.connection === 'waiting' && rows.size > 0);
    if (socket.connection === 'waiting') {
      missed = true;
      if (rows.size > 0) told('Not connected: the list shows what was known last, and goes on by itself.', () => socket.connect());
    } else if (socket.connection === 'open') {
      card.classList.remove('is-stale');
      if (missed) load(null, true).then(() => overviews.want([...rows.keys()]));
      missed = false;
    }
  }, { signal });
  const ages = setInterval(() => rows.forEach((one) => one.age(store.now())), AGES_MS);
  load();

  return () => {
    stop.abort();
    request.abort();
    overviews.dispose();
    clearTimeout(typing);
    clearTimeout(refreshing);
    clearInterval(ages);
    document.querySelectorAll('dialog.dialog').forEach((one) => one.remove());
  };
}

/** What is in a row where the other element is in its own. @param {Element | null} row @param {Element} other @returns {HTMLElement | null} */
function placeIn(row, other) {
  return row?.querySelector(other.matches('input') ? 'input[type="checkbox"]' : '.run-link') ?? null;
}

/** Up and down go from row to row, at the same place in each; with Shift what is passed is chosen. */
function moveByKey(event, body) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const from = event.target.closest('tr');
  if (step === undefined || from === null || event.altKey || event.ctrlKey || event.metaKey) return;
  const to = step > 0 ? from.nextElementSibling : from.previousElementSibling;
  if (to === null) return;
  event.preventDefault();
  placeIn(to, event.target)?.focus();
  const box = to.querySelector('input[type="checkbox"]');
  if (event.shiftKey && !box.checked) box.click();
  to.scrollIntoView({ block: 'nearest' });
}
