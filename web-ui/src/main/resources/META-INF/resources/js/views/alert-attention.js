/** What people say of a run's alerts: that one has been seen, that nobody wants to be told of a rule for a while. */
import { attribute, fill, h, text } from '../dom.js';
import * as api from '../net/api.js';
import { DURATIONS, attentionKey, inForce, seenBy, silenceLine, worse } from '../state/attention.js';

const NAME_KEY = 'gradwatch.name';
const NAME_LIMIT = 100;
const TEXT_LIMIT = 500;

/**
 * Buttons for the alert that is shown; elsewhere a form, while one is open, and what has been said.
 *
 * @param {string} runId
 * @param {{now: () => number, title: (rule: string) => string, service?: typeof api, names?: Pick<Storage, 'getItem' | 'setItem'>}} environment `now`: by the service's clock; `names`: where the reader's own name is kept
 */
export function alertAttention(runId, { now, title, service = api, names = localStorage }) {
  const place = `attention-form-${runId}`;
  const said = h('ul.attention-said');
  const form = h('form.attention-form', { id: place, hidden: true, onsubmit: (event) => (event.preventDefault(), submit()), onkeydown: (event) => event.key === 'Escape' && close(true) });
  const fault = h('p.field-fault', { role: 'alert', hidden: true });
  const element = h('div.attention', { hidden: true, 'data-testid': 'attention' }, form, fault, said);
  const seenButton = toggle('I have seen it', 'attention-seen', seenForm);
  const silenceButton = toggle('Silence', 'attention-silence', silenceForm);
  const buttons = h('div.attention-buttons', {}, seenButton, silenceButton);
  const stop = new AbortController();
  /** @type {any} */
  let alert = null;
  /** @type {any[]} */
  let silences = [];
  /** @type {(() => Promise<void>) | null} what the open form does */
  let action = null;
  /** @type {HTMLElement | null} */
  let opener = null;
  let known = '\0';
  let shown = '';

  function toggle(words, testid, content) {
    const button = h('button.button', { type: 'button', 'aria-expanded': 'false', 'aria-controls': place, 'data-testid': testid, onclick: () => (opener === button ? close(true) : open(button, content())) }, words);
    return button;
  }

  /** @param {HTMLElement} button @param {{fields: HTMLElement[], words: string, act: () => Promise<void>}} content */
  function open(button, { fields, words, act }) {
    close(false);
    opener = button;
    action = act;
    fill(form, ...fields, h('div.attention-submit', {}, h('button.button.button-primary', { type: 'submit', 'data-testid': 'attention-submit' }, words), h('button.button', { type: 'button', onclick: () => close(true) }, 'Cancel')));
    form.hidden = false;
    attribute(button, 'aria-expanded', 'true');
    render();
    /** @type {HTMLElement | null} */ (form.querySelector('input, select'))?.focus();
  }

  /** @param {boolean} back whether the focus goes back to where it came from */
  function close(back) {
    if (opener) {
      attribute(opener, 'aria-expanded', 'false');
      if (back) opener.focus();
    }
    opener = null;
    action = null;
    form.hidden = true;
    fault.hidden = true;
    fill(form);
    render();
  }

  function seenForm() {
    const { id } = alert;
    const note = textField('Note (optional)', 'attention-note', 'what you are going to do', alert.acknowledged?.note);
    const name = nameField();
    return { fields: [note.element, name.element], words: 'I have seen it', act: () => service.acknowledge(runId, id, { by: name.value(), note: note.value() }) };
  }

  function silenceForm() {
    const { rule } = alert;
    const what = selectField('Of', 'attention-what', [[rule, `“${title(rule)}”`], ['', 'all alerts of this run']]);
    const time = selectField('For', 'attention-time', DURATIONS.map(({ minutes, words }) => [String(minutes), words]));
    const reason = textField('Reason (optional)', 'attention-reason', 'why nobody needs to hear of it');
    const name = nameField();
    const act = () => service.silence(runId, { rule: what.value(), minutes: Number(time.value()), by: name.value(), reason: reason.value() });
    return { fields: [h('p.note', {}, 'Nobody is told, and no rule acts. Alerts are recorded and shown as ever.'), what.element, time.element, reason.element, name.element], words: 'Silence', act };
  }

  function nameField() {
    const field = textField('Your name', 'attention-name', 'for the others', stored());
    return { element: field.element, value: () => (remember(field.value()), field.value() ?? 'the dashboard') };
  }

  function stored() {
    try {
      return names.getItem(NAME_KEY) ?? '';
    } catch {
      return '';
    }
  }

  function remember(name) {
    try {
      names.setItem(NAME_KEY, name ?? '');
    } catch {
      /* the browser keeps nothing: it is asked again */
    }
  }

  async function submit() {
    if (action) await say(action);
  }

  /** @param {() => Promise<void>} act */
  async function say(act) {
    fault.hidden = true;
    try {
      await act();
      if (opener) close(true);
      await refresh();
    } catch (error) {
      text(fault, `Not saved. ${/** @type {any} */ (error).message}`);
      fault.hidden = false;
      element.hidden = false;
    }
  }

  async function refresh() {
    try {
      silences = await service.getSilences(runId, stop.signal);
    } catch {
      /* what is known stays; the next change asks again */
    }
    render();
  }

  /** @param {any} worst the alert that is shown, null: none @param {any[]} alerts */
  function update(worst, alerts) {
    alert = worst;
    buttons.hidden = !worst;
    if (!worst && opener) close(false);
    const key = attentionKey(alerts);
    if (key !== known) {
      known = key;
      refresh();
    }
    render();
  }

  function render() {
    const at = now();
    const seen = seenBy(alert, at);
    const forced = inForce(silences, at);
    const lines = forced.map((one) => silenceLine(one, title, at));
    text(seenButton, seen && !worse(alert) ? 'Seen: change it' : 'I have seen it');
    element.hidden = form.hidden && fault.hidden && !seen && lines.length === 0;
    const key = JSON.stringify([alert?.id, seen, lines]);
    if (key === shown) return;
    shown = key;
    fill(
      said,
      seen && line('attention-seen-by', [seen.who, seen.note && h('span.attention-note', { dir: 'auto' }, seen.note)], 'Take back', () => service.takeBack(runId, alert.id)),
      ...forced.map((one, i) => line('attention-silenced', [lines[i]], 'End it', () => service.endSilence(runId, one.rule))),
    );
  }

  function line(testid, words, undo, act) {
    return h('li', { 'data-testid': testid }, h('span', { dir: 'auto' }, ...words), h('button.also-button', { type: 'button', onclick: () => say(act) }, undo));
  }

  return { element, buttons, update, dispose: () => stop.abort() };
}

function textField(label, id, placeholder, value = '') {
  const input = /** @type {HTMLInputElement} */ (h('input.field', { id, 'data-testid': id, autocomplete: 'off', maxlength: String(id === 'attention-name' ? NAME_LIMIT : TEXT_LIMIT), placeholder }));
  input.value = value;
  return { element: h('label.attention-field', { for: id }, h('span', {}, label), input), value: () => input.value.trim() || undefined };
}

function selectField(label, id, options) {
  const select = /** @type {HTMLSelectElement} */ (h('select.field', { id, 'data-testid': id }, ...options.map(([value, words]) => h('option', { value }, words))));
  return { element: h('label.attention-field', { for: id }, h('span', {}, label), select), value: () => select.value || undefined };
}
