/**
 * Addresses: `#/` the runs, `#/runs/ID` one run, `#/compare/ID,ID` several beside each other. Pure.
 *
 * @typedef {{view: 'runs', q: string, sort: string} | {view: 'run', id: string} | {view: 'compare', ids: string[]} | {view: 'unknown', hash: string}} Route
 */

/** Runs beside each other at most; their charts, and the table of what differs. */
export const COMPARE_LIMIT = 4;
export const TABLE_LIMIT = 8;

/** @param {string} hash location.hash @returns {Route} */
export function parseRoute(hash) {
  const [path, query = ''] = hash.replace(/^#/, '').split('?');
  if (path === '' || path === '/') {
    const search = new URLSearchParams(query);
    return { view: 'runs', q: search.get('q') ?? '', sort: search.get('sort') ?? '' };
  }
  const [, place, rest, ...more] = path.split('/');
  if (more.length === 0 && rest) {
    const ids = rest.split(',').map(decode).filter((id) => id !== '');
    if (place === 'runs' && ids.length === 1) return { view: 'run', id: ids[0] };
    if (place === 'compare' && ids.length > 0) return { view: 'compare', ids: [...new Set(ids)].slice(0, TABLE_LIMIT) };
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

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
