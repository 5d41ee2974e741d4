/**
 * Who is logged in: the dialog that takes a token, the name in the header, and what a role may not do, shown as such. The service
 * refuses it anyway; here it is only said before somebody tries.
 */
import { attribute, fill, h, text } from '../dom.js';
import * as api from '../net/api.js';
import { mustLogIn, NEEDS, reasonAgainst, whoIs } from '../state/permissions.js';

const KEYS = new Set(['Tab', 'Escape', 'ArrowLeft', 'ArrowRight', 'Home', 'End']);

/** @param {import('../net/socket.js').LiveSocket} socket a connection that is refused may mean that a session is over */
export function access(socket) {
  /** @type {import('../state/permissions.js').Session} */
  let session = { required: false, name: null, role: null };
  const dialog = loginDialog();
  const who = whoAmI();

  async function look() {
    try {
      session = await api.getSession();
    } catch {
      return; // the connection has its own message
    }
    who.show(session);
    if (mustLogIn(session)) dialog.open();
    mark();
  }

  function mark() {
    for (const [selector, role] of NEEDS) {
      const reason = reasonAgainst(session, role);
      for (const element of document.querySelectorAll(selector)) markOne(element, reason);
    }
  }

  /** @param {Event} event */
  function guard(event) {
    if (event instanceof KeyboardEvent && (KEYS.has(event.key) || event.ctrlKey || event.metaKey)) return;
    const target = /** @type {Element} */ (event.target);
    const reason = target.closest?.('[data-denied]')?.getAttribute('data-denied');
    if (!reason) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  for (const type of ['click', 'submit', 'beforeinput', 'keydown', 'paste', 'drop']) document.addEventListener(type, guard, true);
  // live pages change their words many times a second; where nobody has to log in nothing is denied
  new MutationObserver((changes) => session.required && changes.some(({ addedNodes }) => [...addedNodes].some((node) => node instanceof Element)) && mark()).observe(document.body, { childList: true, subtree: true });
  api.events.addEventListener('unauthorized', look);
  socket.addEventListener('connection', () => socket.connection === 'waiting' && look());
  look();
}

/** @param {Element} element @param {string | null} reason */
function markOne(element, reason) {
  if (reason === null && !element.hasAttribute('data-denied')) return;
  attribute(element, 'data-denied', reason);
  attribute(element, 'aria-disabled', reason === null ? null : 'true');
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) element.readOnly = reason !== null;
  if (reason !== null) attribute(element, 'title', reason);
  else element.removeAttribute('title');
}

function whoAmI() {
  const name = h('span.access-name', { 'data-testid': 'access-name' });
  const leave = h('button.button', { type: 'button', 'data-testid': 'access-leave', onclick: out }, 'Log out');
  const element = h('span.access', { hidden: true }, name, leave);
  document.getElementById('theme')?.before(element);

  async function out() {
    await api.endSession().catch(() => {});
    location.reload();
  }

  return {
    /** @param {import('../state/permissions.js').Session} session */
    show(session) {
      const words = whoIs(session);
      element.hidden = words === '';
      text(name, words);
      attribute(name, 'title', words);
    },
  };
}

function loginDialog() {
  const fault = h('p.field-fault', { role: 'alert', 'data-testid': 'login-fault', hidden: true });
  const field = /** @type {HTMLInputElement} */ (h('input.field', { id: 'login-token', type: 'password', autocomplete: 'current-password', 'data-testid': 'login-token', 'aria-describedby': 'login-note', required: true }));
  const button = /** @type {HTMLButtonElement} */ (h('button.button.button-primary', { type: 'submit', 'data-testid': 'login-submit' }, 'Log in'));
  const form = h('form', { onsubmit: submit }, h('h2', { id: 'login-title' }, 'Who are you?'), h('label', { for: 'login-token' }, 'Your token'), field, h('p.note', { id: 'login-note' }, 'It begins with gw_. Whoever runs this Gradwatch makes one with ', h('code', {}, './gradwatch access add NAME'), '.'), fault, button);
  const dialog = /** @type {HTMLDialogElement} */ (h('dialog.login', { 'aria-labelledby': 'login-title', 'data-testid': 'login' }, form));
  dialog.addEventListener('cancel', (event) => event.preventDefault());
  document.body.append(dialog);

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    fault.hidden = true;
    try {
      await api.beginSession(field.value.trim());
      field.value = '';
      location.reload();
    } catch (error) {
      fill(fault, error.status === 401 ? 'This token is not valid.' : error.message);
      fault.hidden = false;
      field.select();
    } finally {
      button.disabled = false;
    }
  }

  return {
    open() {
      if (dialog.open) return;
      dialog.showModal();
      field.focus();
    },
  };
}
