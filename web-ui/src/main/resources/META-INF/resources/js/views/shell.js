/** What stays while pages change: the connection's state and the switch between light and dark. */
import { attribute, fill, h, icon, text } from '../dom.js';
import { themeEvents, themeName, toggleTheme } from '../theme.js';

const WORDS = { connecting: 'Connecting', open: 'Live', waiting: 'Disconnected', closed: 'Closed' };
/** A reconnect that succeeds at once is not worth a message. */
const PATIENCE_MS = 700;

/** @param {import('../net/socket.js').LiveSocket} socket */
export function connectionPill(socket) {
  const pill = /** @type {HTMLElement} */ (document.getElementById('connection'));
  const toast = /** @type {HTMLElement} */ (document.getElementById('toast'));
  const words = h('span');
  const retry = h('button.button', { type: 'button', onclick: () => socket.connect() }, 'Reconnect now');
  const toastWords = h('span');
  fill(pill, h('span.dot', { 'aria-hidden': 'true' }), words);
  fill(toast, icon('offline'), toastWords, retry);
  let lostAt = 0;

  function update() {
    const { connection } = socket;
    if (connection === 'open') lostAt = 0;
    else if (lostAt === 0) lostAt = Date.now();
    text(words, connection === 'open' && document.body.dataset.replay === 'true' ? 'Connected' : WORDS[connection]);
    attribute(pill, 'data-state', connection);
    document.body.dataset.connection = connection;
    const visible = lostAt !== 0 && Date.now() - lostAt > PATIENCE_MS;
    toast.hidden = !visible;
    if (!visible) return;
    const seconds = Math.max(0, Math.ceil((socket.retryAt - Date.now()) / 1000));
    text(toastWords, connection === 'connecting' || seconds === 0 ? 'No connection to the service. Trying now …' : `No connection to the service. Next attempt in ${seconds} s.`);
  }

  socket.addEventListener('connection', update);
  setInterval(update, 500);
  update();
}

export function themeButton() {
  const button = /** @type {HTMLElement} */ (document.getElementById('theme'));
  const update = () => {
    const dark = themeName() === 'dark';
    fill(button, icon(dark ? 'sun' : 'moon'));
    button.setAttribute('aria-label', dark ? 'Switch to light colours' : 'Switch to dark colours');
  };
  button.addEventListener('click', toggleTheme);
  themeEvents.addEventListener('change', update);
  update();
}
