/** Puts the parts together: one socket, one store, one view at a time. */
import { liveUrl } from './net/api.js';
import { LiveSocket } from './net/socket.js';
import { parseRoute, samePage } from './router.js';
import { Store } from './state/store.js';
import { viewOptions } from './state/view-options.js';
import { followSystem, printInLight } from './theme.js';
import { fill, h } from './dom.js';
import { addKeys, listenForKeys } from './views/keys.js';
import { keyHelp } from './views/key-help.js';
import { commonKeys } from './views/common-keys.js';
import { access } from './views/access.js';
import { compareView } from './views/compare.js';
import { notificationsView } from './views/notifications.js';
import { runView } from './views/run.js';
import { runsView } from './views/runs.js';
import { table1View } from './views/table1.js';
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
  else if (detail.type === 'deleted') store.dropRun(detail.run);
  else if (detail.type === 'alert') store.putAlert(detail.alert);
  else if (detail.type === 'heartbeat') store.noteClock(detail.now);
});

function show() {
  dispose();
  viewOptions.load(true);
  const route = parseRoute(location.hash);
  if (route.view === 'run' || route.view === 'compare') viewOptions.write();
  const environment = { socket, store };
  document.body.dataset.replay = String('replay' in route);
  if (route.view === 'runs') dispose = runsView(root, environment, route);
  else if (route.view === 'run') dispose = runView(root, environment, route);
  else if (route.view === 'notifications') dispose = notificationsView(root);
  else if (route.view === 'table1') dispose = table1View(root, environment);
  else if (route.view === 'compare') dispose = compareView(root, environment, route);
  else {
    dispose = () => {};
    fill(root, message({ title: 'There is no such page', detail: route.hash, actions: [h('a.button', { href: '#/' }, 'All runs')] }));
  }
}

/** @param {HashChangeEvent} event */
function navigate({ oldURL }) {
  if (samePage(new URL(oldURL).hash, location.hash)) return viewOptions.load(false);
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
printInLight();
themeButton();
connectionPill(socket);
rulesNotice(socket);
addKeys(commonKeys({ root, help: keyHelp() }));
listenForKeys(document);
access(socket);
socket.watchAll();
socket.connect();
show();
