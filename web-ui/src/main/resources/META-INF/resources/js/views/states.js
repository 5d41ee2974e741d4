/** What a page says when it has nothing to show: loading, nothing there, not found, not reachable. */
import { h, icon } from '../dom.js';
import { copyable } from './copyable.js';

/** @param {string} [what] */
export function loading(what = 'Loading') {
  return h('div.state', { role: 'status' }, h('span.spinner', { 'aria-hidden': 'true' }), h('p', {}, what));
}

/** @param {{title: string, detail?: string, picture?: string, actions?: any[]}} content */
export function message({ title, detail = '', picture = 'info', actions = [] }) {
  return h('div.state', { 'data-testid': 'page-message' }, icon(picture), h('h2', {}, title), detail && h('p', {}, detail), ...actions);
}

/** Rows to come: the page has its shape before the list is there. @param {number} [rows] */
export function rowsLoading(rows = 6) {
  return h('div.skeleton', { role: 'status' }, h('span.visually-hidden', {}, 'Loading runs'), ...Array.from({ length: rows }, () => h('div.skeleton-row', { 'aria-hidden': 'true' }, h('span'), h('span'), h('span'))));
}

/** For who comes for the first time: the one command to type, and what it does. */
export function noRuns() {
  return h(
    'div.state.state-start',
    { 'data-testid': 'empty-state' },
    icon('layers'),
    h('h2', {}, 'No runs yet'),
    h('p', {}, 'Type this in a terminal, in the folder of Gradwatch:'),
    copyable('./gradwatch demo', 'copy-demo'),
    h('p', {}, 'It trains two networks of 38 layers side by side. In the plain one hardly a layer receives a gradient; in the other, with batch normalisation and skip connections, all do. Both appear here by themselves, a few seconds later.'),
    h('p.note', {}, 'A network of your choice: ', h('code', {}, './gradwatch train vgg38'), '. Your own model: one listener, see the README.'),
  );
}

/** @param {any} error @param {() => void} retry */
export function failure(error, retry) {
  const unreachable = error.status === 0;
  return message({
    title: unreachable ? 'The service does not answer' : 'This did not work',
    detail: unreachable ? 'The page tries again by itself when the connection is back.' : error.message,
    picture: 'offline',
    actions: [h('button.button', { type: 'button', onclick: retry }, 'Try again')],
  });
}

/** What a page says instead of a run. @param {string} id @param {{status?: number, detail?: string}} problem */
export function noRun(id, problem) {
  const unknown = problem.status === 404;
  return message({
    title: unknown ? 'There is no such run' : 'This run cannot be shown',
    detail: unknown ? `${id} is shown here as soon as its first record arrives.` : problem.detail,
    actions: [h('a.button', { href: '#/' }, 'All runs')],
  });
}

/** What a page says instead of a run that was deleted while it was shown. @param {string} id */
export function deletedRun(id) {
  return message({
    title: 'This run was deleted',
    detail: `${id} was deleted while it was shown here, with all its iterations.`,
    actions: [h('a.button', { href: '#/' }, 'All runs')],
  });
}

/** What a chart says while it has no iteration: the service may know some that are on their way. @param {{run: any}} model */
export function noIterations({ run }) {
  if (Number.isInteger(run?.iteration)) return 'Loading the iterations';
  return run === null || run.state === 'running' ? 'Waiting for the first iteration' : 'This run has no iterations';
}
