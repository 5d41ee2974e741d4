/** What a run's trainer can be told, and what became of what it was told. Without buttons for a run that has ended, and in a replay. */
import { attribute, fill, h, icon, text } from '../dom.js';
import { ago, setting } from '../format.js';
import { jsonNumber } from '../net/protocol.js';
import { postCommand } from '../net/api.js';
import { nameOf, newestFirst, outcomeOf, stateOf, toneOf } from '../state/commands.js';

/** Commands shown without unfolding the others. */
const SHOWN = 3;
/** Characters of a reason; a rule gives its alert's whole message. */
const LONGEST_REASON = 90;
const LIVE = ['running', 'paused', 'silent'];

/**
 * @param {import('../state/run-model.js').RunModel} model
 * @param {{store: import('../state/store.js').Store, replayed?: boolean, onCommand: (command: any) => void, post?: typeof postCommand}} environment
 */
export function controlBar(model, { store, replayed = false, onCommand, post = postCommand }) {
  const fault = h('p.field-fault', { role: 'alert', 'data-testid': 'control-fault', hidden: true });
  const said = h('span.visually-hidden', { role: 'status', 'aria-live': 'polite' });
  const note = h('p.note');
  const hold = h('button.button', { type: 'button', 'data-testid': 'control-hold', onclick: () => send({ action: hold.dataset.action }) });
  const checkpoint = h('button.button', { type: 'button', 'data-testid': 'control-checkpoint', title: 'Write a checkpoint now, and keep it', onclick: () => send({ action: 'checkpoint' }) }, icon('save'), 'Checkpoint');
  const stop = h('button.button', { type: 'button', 'data-testid': 'control-stop', 'aria-expanded': 'false', onclick: () => confirm(true) }, icon('stop'), 'Stop');
  const sure = h('button.button.button-danger', { type: 'button', 'data-testid': 'control-stop-confirm', onclick: () => (confirm(false), send({ action: 'stop' })) }, 'Stop the run');
  const keep = h('button.button', { type: 'button', onclick: () => confirm(false) }, 'Keep training');
  const question = h('div.control-question', { hidden: true, role: 'group', 'aria-label': 'Stop the run?', onkeydown: (event) => event.key === 'Escape' && confirm(false) }, h('p', {}, 'End it after this iteration? If it keeps checkpoints, it can be resumed.'), sure, keep);
  const rate = /** @type {HTMLInputElement} */ (h('input.field', { id: 'control-rate', 'data-testid': 'control-rate', inputmode: 'decimal', autocomplete: 'off', size: '9', 'aria-describedby': 'control-rate-note' }));
  const set = h('button.button', { type: 'submit', 'data-testid': 'control-rate-set' }, 'Set');
  const rateForm = h('form.control-rate', { onsubmit: (event) => (event.preventDefault(), setRate()) }, h('label', { for: 'control-rate' }, 'Learning rate'), rate, set, h('span.visually-hidden', { id: 'control-rate-note' }, 'Stays set, in place of the schedule'));
  const buttons = h('div.control-buttons', {}, hold, checkpoint, stop, rateForm);
  const controls = h('div.controls', {}, buttons, question, fault);
  const title = h('h2');
  const recent = h('ul.commands', { 'data-testid': 'commands' });
  const others = h('ul.commands');
  const summary = h('summary');
  const more = h('details.more-commands', { hidden: true }, summary, others);
  const element = h('section.card.control-card', { 'data-testid': 'control-bar', 'aria-label': 'Control' }, title, controls, note, recent, more, said);
  let shown = '';

  async function send(request) {
    fault.hidden = true;
    try {
      const command = await post(model.id, { ...request, issuedBy: 'the dashboard' });
      onCommand(command);
      text(said, `${nameOf(command)} sent`);
      return true;
    } catch (error) {
      text(fault, `Not sent. ${error.message}`);
      fault.hidden = false;
      return false;
    }
  }

  /** @param {boolean} asking */
  function confirm(asking) {
    question.hidden = !asking;
    attribute(stop, 'aria-expanded', String(asking));
    (asking ? keep : stop).focus();
  }

  async function setRate() {
    const value = Number(rate.value.trim().replace(',', '.'));
    const good = rate.value.trim() !== '' && Number.isFinite(value) && value > 0;
    attribute(rate, 'aria-invalid', good ? null : 'true');
    if (!good) {
      text(fault, `A learning rate is a number above 0, such as 0.001 or 1e-4; not "${rate.value}".`);
      fault.hidden = false;
      return rate.focus();
    }
    if (await send({ action: 'learning_rate', learningRate: value })) rate.value = '';
  }

  function update() {
    const { run } = model;
    if (run === null) return;
    const live = !replayed && LIVE.includes(run.state);
    const paused = run.state === 'paused';
    controls.hidden = !live;
    text(title, live ? 'Control' : 'Commands');
    if (!live) question.hidden = true;
    const action = paused ? 'resume' : 'pause';
    if (hold.dataset.action !== action) {
      hold.dataset.action = action;
      fill(hold, icon(paused ? 'play' : 'pause'), paused ? 'Resume' : 'Pause');
    }
    rate.placeholder = setting(model.newest.learning_rate ?? jsonNumber(run.learningRate));
    text(note, live && run.state === 'silent' ? 'Nothing has been heard of the trainer for a while: it may not answer.' : '');
    note.hidden = note.textContent === '';
    element.hidden = !live && model.commands.size === 0;
    tick();
  }

  /** Time passes: what waits for an answer has less of it left. */
  function tick() {
    const now = store.now();
    const commands = newestFirst(model.commands.values());
    const lines = commands.map((command) => [nameOf(command), outcomeOf(command, now), toneOf(stateOf(command, now)), byline(command, now)]);
    const key = JSON.stringify(lines);
    if (key === shown) return;
    shown = key;
    const items = lines.map(([name, outcome, tone, by], index) => h('li', { 'data-testid': 'command', 'data-state': stateOf(commands[index], now) }, h(`span.dot.tone-${tone}`, { 'aria-hidden': 'true' }), h('strong', {}, name), h('span.command-outcome', {}, outcome), h('span.note', {}, by)));
    fill(recent, ...items.slice(0, SHOWN));
    fill(others, ...items.slice(SHOWN));
    more.hidden = items.length <= SHOWN;
    text(summary, `${items.length - SHOWN} earlier`);
  }

  return { element, update, tick };
}

/** Who, when, and why. */
function byline(command, now) {
  const { reason } = command;
  return [command.issuedBy, ago(command.issuedAt, now), reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON - 1)}…` : reason].filter(Boolean).join(' · ');
}
