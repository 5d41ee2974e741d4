/** In what runs differ: parameters, results and versions as a table. */
import { fill, h, text } from '../dom.js';
import { getComparison } from '../net/api.js';
import { decimal, duration, integer, percent, UNKNOWN } from '../format.js';
import { jsonNumber } from '../net/protocol.js';
import { runHref } from '../router.js';

const GROUPS = { parameter: 'Parameters', result: 'Results', version: 'Versions' };

/**
 * Empty until it is told which runs there are: those that the service knows.
 */
export function compareTable() {
  const stop = new AbortController();
  const body = h('div.table-scroll', { tabindex: '0', role: 'region', 'aria-label': 'What differs' });
  const note = h('p.note', { role: 'status' });
  const all = /** @type {HTMLInputElement} */ (h('input', { type: 'checkbox', 'data-testid': 'compare-all', onchange: () => load() }));
  const element = h('section.card.compare-table', { 'data-testid': 'compare-table' }, h('header.panel-head', {}, h('div.panel-title', {}, h('h2', {}, 'What differs'), note), h('label.choice', {}, all, 'Show what is equal, too')), body);

  /** @type {string[]} */
  let runs = [];

  /** @param {string[]} [found] those that there are; without it, those of the last time. One alone differs from nothing */
  async function load(found = runs) {
    runs = found;
    if (runs.length < 2) return;
    try {
      const table = await getComparison(runs, all.checked, stop.signal);
      text(note, all.checked || table.equal === 0 ? '' : `${integer(table.equal)} values are equal in all runs`);
      fill(body, tableOf(table));
    } catch (error) {
      if (!stop.signal.aborted) fill(body, h('p.chart-empty', {}, error.message));
    }
  }

  return { element, load, dispose: () => stop.abort() };
}

function tableOf(table) {
  const columns = table.runs.length + 1;
  const head = h('tr', {}, h('th', { scope: 'col' }, h('span.visually-hidden', {}, 'Value')), ...table.runs.map((run) => h('th', { scope: 'col', dir: 'auto' }, h('a', { href: runHref(run.id) }, run.name))));
  const rows = Object.entries(GROUPS).flatMap(([group, title]) => {
    const own = table.rows.filter((row) => row.group === group);
    return own.length === 0 ? [] : [h('tr.group', {}, h('th', { colspan: String(columns), scope: 'colgroup' }, title)), ...own.map(rowOf)];
  });
  return h('table.differences', {}, h('thead', {}, head), h('tbody', {}, ...(rows.length > 0 ? rows : [h('tr', {}, h('td', { colspan: String(columns) }, 'Nothing: all values are equal'))])));
}

function rowOf(row) {
  return h(`tr${row.differs ? '.differs' : ''}`, { 'data-name': row.name }, h('th', { scope: 'row' }, row.name), ...row.values.map((value) => h('td', { dir: 'auto' }, shown(row, value))));
}

/** A value as the rest of the page writes it; parameters as they were given. @param {{group: string, name: string}} row @param {any} value */
export function shown({ group, name }, value) {
  if (value === null) return UNKNOWN;
  if (group !== 'result' || name === 'state') return String(value);
  const number = jsonNumber(value);
  if (name.endsWith('accuracy')) return percent(number, 2);
  if (name.endsWith('loss')) return decimal(number, 4);
  return name === 'duration_ms' ? duration(number) : integer(number);
}
