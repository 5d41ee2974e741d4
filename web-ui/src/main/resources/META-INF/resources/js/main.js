/** Puts the parts together: one socket, one store, one view at a time. */
import { liveUrl } from './net/api.js';
import { LiveSocket } from './net/socket.js';
import { parseRoute } from './router.js';
import { Store } from './state/store.js';
import { followSystem } from './theme.js';
import { fill, h } from './dom.js';
import { access } from './views/access.js';
import { compareView } from './views/compare.js';
import { notificationsView } from './views/notifications.js';
import { runView } from './views/run.js';
import { runsView } from './views/runs.js';
import { rulesNotice } from './views/rules-notice.js';
import { connectionPill, themeButton } from './views/shell.js';
import { message } from './views/states.js';

const store = new Store();
const socket = new LiveSocket(liveUrl(location));
const root = /** @type {HTMLElement} */ (document.getElementById('main'));
let dispose = () => {};

socket.addEventListener('message', (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  if (detail.type === 'run' || detail.type === 'subscribed') store.putRuns([detail.run]);
  else if (detail.type === 'alert') store.putAlert(detail.alert);
  else if (detail.type === 'heartbeat') store.noteClock(detail.now);
});

function show() {
  dispose();
  const route = parseRoute(location.hash);
  const environment = { socket, store };
  document.body.dataset.replay = String('replay' in route);
  if (route.view === 'runs') dispose = runsView(root, environment, route);
  else if (route.view === 'run') dispose = runView(root, environment, route);
  else if (route.view === 'notifications') dispose = notificationsView(root);
  else if (route.view === 'compare') dispose = compareView(root, environment, route);
  else {
    dispose = () => {};
    fill(root, message({ title: 'There is no such page', detail: route.hash, actions: [h('a.button', { href: '#/' }, 'All runs')] }));
  }
}

function navigate() {
  show();
  scrollTo(0, 0);
  root.focus({ preventScroll: true });
}

addEventListener('hashchange', navigate);
addEventListener('online', () => socket.connect());
document.getElementById('skip')?.addEventListener('click', (event) => {
  event.preventDefault();
  root.focus();
});
followSystem();
themeButton();
connectionPill(socket);
rulesNotice(socket);
access(socket);
socket.watchAll();
socket.connect();
show();
