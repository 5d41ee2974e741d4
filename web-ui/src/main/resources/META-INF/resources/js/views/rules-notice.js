/** Says on every page when the rule file has mistakes: alerts are then judged by the rules before. */
import { fill, h, icon } from '../dom.js';
import * as api from '../net/api.js';
import { ruleFileNotice } from '../state/cards.js';

const EVERY_MS = 5000;

/** @param {EventTarget} socket tells when the service is back */
export function rulesNotice(socket) {
  const element = /** @type {HTMLElement} */ (document.getElementById('rules-notice'));
  let shown = '';

  async function look() {
    if (document.hidden) return;
    try {
      show(ruleFileNotice((await api.getRules()).file));
    } catch {
      // the connection has its own message
    }
  }

  /** @param {ReturnType<typeof ruleFileNotice>} notice */
  function show(notice) {
    if ((notice?.key ?? '') === shown) return;
    shown = notice?.key ?? '';
    element.hidden = notice === null;
    fill(element, ...(notice ? [icon('alert'), h('div', {}, h('strong', {}, notice.title), h('ul', {}, ...notice.lines.map((line) => h('li', {}, line))), h('p', {}, notice.note))] : []));
  }

  setInterval(look, EVERY_MS);
  document.addEventListener('visibilitychange', look);
  socket.addEventListener('connection', look);
  look();
}
