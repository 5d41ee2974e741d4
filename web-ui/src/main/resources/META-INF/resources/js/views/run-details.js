/** What a run was started with, folded away; and its data to take along. */
import { fill, h } from '../dom.js';
import { exportUrl } from '../net/api.js';
import { integer, UNKNOWN } from '../format.js';

/** @param {import('../state/run-model.js').RunModel} model */
export function runDetails(model) {
  const body = h('div.details-body');
  const element = h('details.card.details', {}, h('summary', {}, 'Configuration, data and versions'), body);
  let shown = '';
  return {
    element,
    update() {
      const { run } = model;
      if (run === null) return;
      const key = JSON.stringify([run.configuration, run.versions, run.dataset, run.host]);
      if (key === shown) return;
      shown = key;
      const { dataset } = run;
      fill(
        body,
        table('Configuration', Object.entries(run.configuration ?? {})),
        table('Data set', [
          ['name', dataset?.name ?? UNKNOWN],
          ['kind', dataset?.synthetic ? 'generated images' : 'real'],
          ['train, validation, test', [dataset?.train, dataset?.validation, dataset?.test].map(integer).join(', ')],
          ['sha256', dataset?.sha256 || UNKNOWN],
        ]),
        table('Versions', [...Object.entries(run.versions ?? {}), ['host', run.host ?? UNKNOWN], ['run', run.id]]),
        h('div.details-links', {}, h('h3', {}, 'Take the data along'), ...['iterations', 'layers', 'batch_norms', 'epochs', 'alerts'].map((name) => h('a', { href: exportUrl(run.id, name, 'csv'), download: '' }, `${name.replace('_', ' ')} (CSV)`))),
      );
    },
  };
}

function table(title, rows) {
  return h('div', {}, h('h3', {}, title), h('dl.pairs', {}, ...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])));
}
