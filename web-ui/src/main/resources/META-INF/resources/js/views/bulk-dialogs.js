/** What is done to several runs at once, and asked for first: tags, and deletion. Each run that was refused is named, with the reason. */
import { attribute, fill, h, text } from '../dom.js';
import { deleteRun, patchRun } from '../net/api.js';
import { bytes, integer, plural } from '../format.js';
import { deletable, eachRun, tagCounts, tagFault } from '../state/bulk.js';
import { statePill } from './badges.js';
import { shortName } from './run-row.js';

/** Tags that the dialog offers to take away; a hundred of them help nobody. */
const OFFERED = 40;

/** @param {any} run */
const titleOf = (run) => shortName(run.name || run.id);

/**
 * A window over the page. Escape and its first button close it; the keyboard goes back to where it was.
 *
 * @param {{title: string, testid: string, children: any[], actions: HTMLElement[], onClose?: () => void}} content
 */
function dialog({ title, testid, children, actions, onClose = () => {} }) {
  const heading = h('h2', { id: `${testid}-title` }, title);
  const element = /** @type {HTMLDialogElement} */ (h('dialog.dialog', { 'data-testid': testid, 'aria-labelledby': `${testid}-title` }, heading, ...children, h('div.dialog-actions', {}, ...actions)));
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  element.addEventListener('close', () => {
    element.remove();
    before?.focus();
    onClose();
  });
  document.body.append(element);
  element.showModal();
  return { element, heading, close: () => element.close() };
}

/** The runs that were refused, each with the service's words. @param {import('../state/bulk.js').Outcome[]} outcomes @param {any[]} runs */
function refusals(outcomes, runs) {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const failed = outcomes.filter(({ error }) => error !== null);
  return failed.length === 0 ? null : h('ul.refusals', { 'data-testid': 'refusals' }, ...failed.map(({ id, error }) => h('li', {}, h('strong', { dir: 'auto' }, titleOf(byId.get(id) ?? { id })), h('span', { dir: 'auto' }, error.message ?? String(error)))));
}

/**
 * @param {any[]} runs
 * @param {{onRun: (run: any) => void, patch?: typeof patchRun}} environment
 */
export function tagDialog(runs, { onRun, patch = patchRun }) {
  const input = /** @type {HTMLInputElement} */ (h('input.field', { id: 'bulk-tag', 'data-testid': 'bulk-tag', autocomplete: 'off', dir: 'auto' }));
  const fault = h('p.field-fault', { role: 'alert', hidden: true });
  const said = h('div', { role: 'status' });
  const list = h('div.tag-choices');
  const add = /** @type {HTMLButtonElement} */ (h('button.button.button-primary', { type: 'submit', 'data-testid': 'bulk-tag-add' }, 'Add'));
  const close = h('button.button', { type: 'button', onclick: () => window_.close() }, 'Done');
  const form = h('form.inline-form', { onsubmit: (event) => (event.preventDefault(), put()) }, h('label', { for: 'bulk-tag' }, 'Add a tag to all of them'), h('div.inline-fields', {}, input, add), fault);
  let latest = runs;
  const window_ = dialog({ title: `Tags of ${plural(runs.length, 'run')}`, testid: 'tag-dialog', children: [form, list, said], actions: [close] });
  draw();
  input.focus();

  function draw() {
    const tags = tagCounts(latest);
    fill(
      list,
      h('h3', {}, tags.length === 0 ? 'None of them has a tag' : 'Their tags; a click takes one away from all'),
      h('div.words', {}, ...tags.slice(0, OFFERED).map(({ tag, count }) => h('button.tag.tag-remove', { type: 'button', dir: 'auto', 'data-testid': 'bulk-untag', 'aria-label': `Take ${tag} away from ${plural(count, 'run')}`, onclick: () => remove(tag) }, tag, h('span.note', {}, `${count}`), h('span', { 'aria-hidden': 'true' }, '×')))),
      tags.length > OFFERED && h('p.note', {}, `and ${integer(tags.length - OFFERED)} more`),
    );
  }

  function put() {
    const tag = input.value.trim();
    const why = tagFault(tag);
    fault.hidden = why === '';
    text(fault, why);
    attribute(input, 'aria-invalid', why === '' ? null : 'true');
    if (why === '') change(latest, { addTags: [tag] }, (count) => `${plural(count, 'run')} tagged ${tag}`).then((ok) => ok && (input.value = ''));
    input.focus();
  }

  function remove(tag) {
    const having = latest.filter((run) => run.tags?.includes(tag));
    change(having, { removeTags: [tag] }, (count) => `${tag} taken away from ${plural(count, 'run')}`);
  }

  /** @returns {Promise<boolean>} whether all took it */
  async function change(some, what, words) {
    add.disabled = true;
    const outcomes = await eachRun(some.map((run) => run.id), (id) => patch(id, what), { onProgress: (done) => text(said, `${done} of ${some.length}`) });
    add.disabled = false;
    const changed = new Map(outcomes.filter(({ answer }) => answer !== null).map(({ id, answer }) => [id, answer]));
    latest = latest.map((run) => changed.get(run.id) ?? run);
    changed.forEach((run) => onRun(run));
    const good = outcomes.filter(({ error }) => error === null).length;
    fill(said, h('p', {}, words(good)), refusals(outcomes, latest));
    draw();
    return good === some.length;
  }
}

/**
 * @param {any[]} runs
 * @param {{onDeleted: (id: string) => void, remove?: typeof deleteRun}} environment
 */
export function deleteDialog(runs, { onDeleted, remove = deleteRun }) {
  const { yes, no } = deletable(runs);
  const body = h('div.dialog-body');
  const cancel = h('button.button', { type: 'button', 'data-testid': 'delete-cancel', onclick: () => window_.close() }, 'Keep them');
  const go = /** @type {HTMLButtonElement} */ (h('button.button.button-danger', { type: 'button', 'data-testid': 'delete-confirm', disabled: yes.length === 0, onclick: () => run() }, `Delete ${plural(yes.length, 'run')}`));
  const window_ = dialog({ title: yes.length === 0 ? 'None of these runs can be deleted' : `Delete ${plural(yes.length, 'run')} for good?`, testid: 'delete-dialog', children: [body], actions: [cancel, go] });
  fill(
    body,
    yes.length > 0 && h('p', {}, 'Deleted are all iterations, layers, epochs, histograms and alerts, what people said about them, their archives and their checkpoints. They cannot be resumed, and nothing brings them back.'),
    yes.length > 0 && h('ul.doomed', { tabindex: '0', 'aria-label': 'Runs to be deleted' }, ...yes.map(item)),
    no.length > 0 && h('p', {}, `${plural(no.length, 'run')} ${no.length === 1 ? 'is' : 'are'} in training and will be kept; stop ${no.length === 1 ? 'it' : 'them'} first:`),
    no.length > 0 && h('ul.doomed', { tabindex: '0', 'aria-label': 'Runs that are kept' }, ...no.map(item)),
  );
  cancel.focus();

  function item(run) {
    return h('li', {}, h('span.doomed-name', { dir: 'auto', title: run.id }, titleOf(run)), statePill(run.state), h('span.note', {}, run.iteration === null || run.iteration === undefined ? 'no iteration' : plural(run.iteration + 1, 'iteration')));
  }

  async function run() {
    go.disabled = true;
    attribute(cancel, 'disabled', '');
    const said = h('p', { role: 'status' });
    fill(body, said);
    text(said, `0 of ${integer(yes.length)} deleted`);
    const outcomes = await eachRun(yes.map(({ id }) => id), async (id) => {
      const answer = await remove(id);
      onDeleted(id);
      return answer;
    }, { atOnce: 2, onProgress: (done) => text(said, `${integer(done)} of ${integer(yes.length)}`) });
    const good = outcomes.filter(({ error }) => error === null);
    const freed = good.reduce((sum, { answer }) => sum + (answer?.freed?.total ?? 0), 0);
    text(window_.heading, good.length === yes.length ? 'Deleted' : 'Not all were deleted');
    fill(body, h('p', { role: 'status' }, `${plural(good.length, 'run')} deleted${freed > 0 ? `, about ${bytes(freed)} freed` : ''}.`), good.some(({ answer }) => answer?.recordsRemain) && h('p.note', {}, 'Some of their records stay on the Kafka broker’s disk until its retention deletes them.'), refusals(outcomes, runs));
    attribute(cancel, 'disabled', null);
    text(cancel, 'Done');
    go.hidden = true;
    cancel.focus();
  }
}
