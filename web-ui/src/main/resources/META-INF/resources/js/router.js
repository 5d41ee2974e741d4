/**
 * Addresses: `#/` the runs, `#/runs/ID` one run, `#/compare/ID,ID` several compared (`?align=epoch` or `wall`: their curves by that); with `?replay=ITERATION` (empty: from the beginning)
 * and perhaps `&speed=10&loop=1000-1199` the replay of them; `#/notifications` who is told of alerts; `#/table1` the paper's table beside the
 * runs so far. How the charts are looked at is in the query, too (`zoom=100-199`, state/view-options.js), and makes no other page. Pure.
 *
 * @typedef {{at: number | null, speed: number | 'recorded', align: string, from?: number, to?: number, loop?: boolean}} ReplayRoute
 * @typedef {{view: 'runs', q: string, sort: string} | {view: 'run', id: string, replay?: ReplayRoute} | {view: 'compare', ids: string[], replay?: ReplayRoute} | {view: 'notifications'} | {view: 'table1'} | {view: 'unknown', hash: string}} Route
 */

/** Runs beside each other at most; their charts, and the table of what differs. */
export const COMPARE_LIMIT = 4;
export const TABLE_LIMIT = 8;

/** What of a query says only how the charts are looked at (state/view-options.js). */
export const VIEW = ['zoom', 'metric', 'scale', 'smooth', 'layers', 'layer'];

/** @param {string} hash location.hash @returns {Route} */
export function parseRoute(hash) {
  const [path, query = ''] = hash.replace(/^#/, '').split('?');
  if (path === '' || path === '/') {
    const search = new URLSearchParams(query);
    return { view: 'runs', q: search.get('q') ?? '', sort: search.get('sort') ?? '' };
  }
  if (path === '/notifications') return { view: 'notifications' };
  if (path === '/table1') return { view: 'table1' };
  const [, place, rest, ...more] = path.split('/');
  if (more.length === 0 && rest) {
    const ids = rest.split(',').map(decode).filter((id) => id !== '');
    if (place === 'runs' && ids.length === 1) return { view: 'run', id: ids[0], ...replayOf(query) };
    if (place === 'compare' && ids.length > 0) return { view: 'compare', ids: [...new Set(ids)].slice(0, TABLE_LIMIT), ...replayOf(query) };
  }
  return { view: 'unknown', hash };
}

/** @param {string} id */
export function runHref(id) {
  return `#/runs/${encodeURIComponent(id)}`;
}

/** @param {{q?: string, sort?: string}} list */
export function runsHref({ q = '', sort = '' }) {
  const search = new URLSearchParams(Object.entries({ q, sort }).filter(([, value]) => value !== ''));
  return search.size === 0 ? '#/' : `#/?${search}`;
}

/** @param {string[]} ids */
export function compareHref(ids) {
  return `#/compare/${ids.map(encodeURIComponent).join(',')}`;
}

/** What a comparison's curves are aligned by, as its address says. @param {string} hash @returns {'iteration' | 'epoch' | 'wall'} */
export function alignOf(hash) {
  const align = new URLSearchParams(hash.split('?')[1] ?? '').get('align');
  return align === 'epoch' || align === 'wall' ? align : 'iteration';
}

/** @param {string} href of a comparison @param {string} align */
export function alignedHref(href, align) {
  return align === 'iteration' ? href : `${href}?align=${align}`;
}

/** The address at which a run, or several, are replayed. @param {string} href of the run or of the comparison @param {Partial<ReplayRoute>} [replay] */
export function replayHref(href, { at = null, speed = 1, align = 'iteration', from, to, loop = false } = {}) {
  const range = loop && from !== undefined && to !== undefined ? `&loop=${from}-${to - 1}` : '';
  const more = `${speed === 1 ? '' : `&speed=${speed}`}${align === 'iteration' ? '' : `&align=${align}`}${range}`;
  return `${href}?replay=${at ?? ''}${more}`;
}

/** The query of an address. @param {string} hash */
export function queryOf(hash) {
  const at = hash.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : hash.slice(at + 1));
}

/** An address with another query; what is not named stays. @param {string} hash @param {Record<string, string | number | null>} changes null: take it out */
export function withQuery(hash, changes) {
  const query = queryOf(hash);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name);
    else query.set(name, String(value));
  }
  // a colon and a comma mean nothing in a query, and people read addresses
  const text = query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
  const path = hash.split('?')[0] || '#/';
  return text === '' ? path : `${path}?${text}`;
}

/** Whether two addresses differ at most in how the charts are looked at. @param {string} one @param {string} other */
export function samePage(one, other) {
  const page = (hash) => withQuery(hash, Object.fromEntries(VIEW.map((name) => [name, null])));
  return page(one) === page(other);
}

/** @param {string} query @returns {{replay?: ReplayRoute}} */
function replayOf(query) {
  const search = new URLSearchParams(query);
  const at = search.get('replay');
  if (at === null) return {};
  const speed = search.get('speed');
  const factor = Number(speed);
  const range = /^(\d+)-(\d+)$/.exec(search.get('loop') ?? '');
  const looped = range !== null && Number(range[1]) <= Number(range[2]);
  return {
    replay: {
      at: /^\d+$/.test(at) ? Number(at) : null,
      speed: speed === 'recorded' ? 'recorded' : factor >= 0.1 && factor <= 1000 ? factor : 1,
      align: ['epoch', 'wall'].includes(search.get('align') ?? '') ? /** @type {string} */ (search.get('align')) : 'iteration',
      ...(looped ? { from: Number(range[1]), to: Number(range[2]) + 1, loop: true } : {}),
    },
  };
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
