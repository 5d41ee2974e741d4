/** A run whose gradient vanishes, again with what cures it: started by the launcher, or as a command to copy. */
import { fill, h, icon } from '../dom.js';
import { getTwin, startTwin } from '../net/api.js';
import { compareHref } from '../router.js';
import { outcomeOf, stateOf } from '../state/commands.js';

/** Rules whose cause it cures. */
const CURES = ['vanish-floor', 'vanish-depth', 'slope-trend', 'chance-level'];

/**
 * @param {import('../state/run-model.js').RunModel} model
 * @param {{store: import('../state/store.js').Store, onCommand: (command: any) => void, get?: typeof getTwin, start?: typeof startTwin}} environment
 */
export function twinOffer(model, { store, onCommand, get = getTwin, start = startTwin }) {
  const element = h('div.twin', { 'data-testid': 'twin' });
  /** @type {any} */
  let twin = null;
  let asked = false;
  let fault = '';
  let shown = '';

  function ask() {
    if (asked) return;
    asked = true;
    get(model.id).then(
      (answer) => {
        twin = answer;
        draw();
      },
      () => (asked = false),
    );
  }

  async function begin() {
    fault = '';
    try {
      onCommand(await start(model.id));
    } catch (error) {
      fault = error.message;
    }
    draw();
  }

  function draw() {
    const command = [...model.commands.values()].filter(({ action }) => action === 'twin').sort((a, b) => String(b.issuedAt).localeCompare(String(a.issuedAt)))[0];
    const state = command && stateOf(command, store.now());
    const key = JSON.stringify([twin, fault, state, command?.startedRunId]);
    if (key === shown) return;
    shown = key;
    if (!twin?.available) return fill(element);
    if (state === 'applied') return fill(element, h('a.button.button-primary', { href: compareHref([model.id, command.startedRunId]), 'data-testid': 'twin-compare' }, icon('compare'), 'Compare with the cured twin'));
    if (state === 'sent') return fill(element, h('p.note', { role: 'status' }, 'Starting the cured twin beside it; a trainer takes a few seconds to begin.'));
    const problem = fault || (state === 'refused' || state === 'timed out' ? outcomeOf(command, store.now()) : '');
    const words = problem && h('p.field-fault', { role: 'alert' }, `Not started: ${problem}`);
    if (twin.launcher) return fill(element, h('button.button', { type: 'button', 'data-testid': 'twin-start', onclick: begin }, icon('play'), 'Restart with BN and skip connections'), h('span.note', {}, `trains ${twin.preset} beside it, all else equal`), words);
    const line = h('code', { 'data-testid': 'twin-command' }, twin.command);
    return fill(element, h('p.note', {}, 'The same with batch normalisation and skip connections; in a terminal:'), h('div.twin-command', {}, line, h('button.button', { type: 'button', onclick: (event) => copy(event.currentTarget, line) }, 'Copy')), words);
  }

  return {
    element,
    /** Whether it belongs to an alert; then it asks for what there is to offer. @param {any} alert */
    cures(alert) {
      if (!CURES.includes(alert.rule)) return false;
      ask();
      return true;
    },
    update: draw,
  };
}

async function copy(button, line) {
  try {
    await navigator.clipboard.writeText(line.textContent);
    button.textContent = 'Copied';
  } catch {
    getSelection()?.selectAllChildren(line); // without leave to write, it is at least marked
  }
}
