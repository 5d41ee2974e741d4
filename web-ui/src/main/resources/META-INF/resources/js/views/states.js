/** What a page says when it has nothing to show: loading, nothing there, not found, not reachable. */
import { h, icon } from '../dom.js';

/** @param {string} [what] */
export function loading(what = 'Loading') {
  return h('div.state', { role: 'status' }, h('span.spinner', { 'aria-hidden': 'true' }), h('p', {}, what));
}

/** @param {{title: string, detail?: string, picture?: string, actions?: any[]}} content */
export function message({ title, detail = '', picture = 'info', actions = [] }) {
  return h('div.state', { 'data-testid': 'page-message' }, icon(picture), h('h2', {}, title), detail && h('p', {}, detail), ...actions);
}

export function noRuns() {
  return h(
    'div.state.state-start',
    { 'data-testid': 'empty-state' },
    icon('layers'),
    h('h2', {}, 'No runs yet'),
    h('p', {}, 'Start one in a terminal; it appears here by itself.'),
    command('./gradwatch demo', 'a dying and a healthy network, side by side'),
    command('./gradwatch train vgg38', 'one network of your choice'),
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

function command(line, meaning) {
  return h('div.command', {}, h('code', {}, line), h('span', {}, meaning));
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

/** What a chart says while it has no iteration: the service may know some that are on their way. @param {{run: any}} model */
export function noIterations({ run }) {
  if (Number.isInteger(run?.iteration)) return 'Loading the iterations';
  return run === null || run.state === 'running' ? 'Waiting for the first iteration' : 'This run has no iterations';
}
