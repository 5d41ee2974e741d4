/** What a run was started with, on what, and by which versions; to be read, copied, and taken along. */
import { fill, h, text } from '../dom.js';
import { exportUrl } from '../net/api.js';
import { provenanceLine, provenanceOf, provenanceText, trainCommand } from '../state/provenance.js';
import { copyButton } from './copy-button.js';
import { UNKNOWN } from '../format.js';

const TABLES = ['iterations', 'layers', 'batch_norms', 'epochs', 'alerts'];

/** @param {import('../state/run-model.js').RunModel} model */
export function runDetails(model) {
  const line = h('span.details-line');
  const body = h('div.details-body');
  const foot = h('div.details-foot');
  const element = h('details.card.details', { 'data-testid': 'details' }, h('summary', {}, h('span', {}, 'Configuration, data and versions'), line), body, foot);
  let shown = '';
  return {
    element,
    update() {
      const { run } = model;
      if (run === null) return;
      const key = JSON.stringify([run.configuration, run.versions, run.dataset, run.host, run.endedAt, run.attempts?.length, run.sampled]);
      if (key === shown) return;
      shown = key;
      text(line, provenanceLine(run));
      fill(body, ...provenanceOf(run).map(table));
      const command = trainCommand(run);
      const code = command === null ? null : h('code', { tabindex: '0', 'aria-label': 'Command' }, ...command.split(' ').flatMap((word, i) => [i > 0 && ' ', h('span', {}, word)]));
      const links = [...TABLES, ...(run.sampled?.includes('histograms') ? ['histograms'] : [])].map((name) => h('a', { href: exportUrl(run.id, name, 'csv'), download: '' }, `${name.replace('_', ' ')} (CSV)`));
      fill(
        foot,
        code && h('div.details-command', {}, h('h3', {}, 'Train it again'), h('div.twin-command', {}, code, copyButton('Copy the command', () => /** @type {string} */ (command), { of: code }))),
        h('div.details-actions', {}, copyButton('Copy all as text', () => provenanceText(model.run)), h('span.details-links', {}, h('span.note', {}, 'Take the data along:'), ...links)),
      );
    },
  };
}

function table({ title, rows }) {
  return h('div', {}, h('h3', {}, title), h('dl.pairs', {}, ...rows.flatMap(([name, value]) => [h('dt', {}, name), cell(name, value)])));
}

/** Long values, which nobody types, have a button of their own. */
function cell(name, value) {
  const words = h('span', {}, value);
  return h('dd', {}, words, value !== UNKNOWN && (value.length > 20 || name === 'id') && copyButton(`Copy ${name}`, () => value, { small: true, of: words }));
}
