/** Where a run's numbers come from: seed, data, settings, versions, machine; to be read, and to be copied. Pure. */
import { integer, UNKNOWN } from '../format.js';

/** Settings in the order in which a reader asks for them; others follow by name. */
const FIRST = ['preset', 'epochs', 'iterations', 'batch', 'lr', 'schedule', 'weight-decay', 'seed', 'bn', 'skip', 'activation', 'init', 'depth-blocks', 'filters', 'augment', 'noise', 'data'];

/**
 * @param {any} run as in the API
 * @returns {{title: string, rows: [string, string][]}[]}
 */
export function provenanceOf(run) {
  const { dataset, versions = {}, configuration = {} } = run;
  const kind = dataset ? (dataset.synthetic ? 'generated images' : 'real') : UNKNOWN;
  return [
    {
      title: 'Run',
      rows: [
        ['id', run.id],
        ['preset', run.preset || UNKNOWN],
        ['seed', run.seed === null || run.seed === undefined ? UNKNOWN : String(run.seed)],
        ['started', run.startedAt ?? UNKNOWN],
        ['ended', run.endedAt ?? UNKNOWN],
        ['attempts', attemptsOf(run)],
        ['parameters', integer(run.parameters)],
        ['layers, batch norms', `${integer(run.layers)}, ${integer(run.batchNorms)}`],
      ],
    },
    { title: 'Configuration', rows: sorted(Object.entries(configuration)) },
    {
      title: 'Data set',
      rows: [
        ['name', dataset?.name ?? UNKNOWN],
        ['kind', kind],
        ['train, validation, test', [dataset?.train, dataset?.validation, dataset?.test].map(integer).join(', ')],
        ['sha256', dataset?.sha256 || UNKNOWN],
      ],
    },
    { title: 'Versions and machine', rows: [...Object.entries(versions).sort(([one], [other]) => one.localeCompare(other)), ['host', run.host || UNKNOWN]] },
  ];
}

/** The same as text, for a report. @param {any} run */
export function provenanceText(run) {
  const command = trainCommand(run);
  const parts = provenanceOf(run).map(({ title, rows }) => [title, ...rows.map(([name, value]) => `  ${name}: ${value}`)].join('\n'));
  return [...parts, ...(command === null ? [] : [`Command\n  ${command}`])].join('\n\n') + '\n';
}

/** One line that says the most: shown while the rest is folded away. @param {any} run */
export function provenanceLine(run) {
  const { dataset, versions = {} } = run;
  const data = dataset ? `${dataset.name}${dataset.sha256 ? ` ${dataset.sha256.slice(0, 12)}` : ''}` : '';
  return [`seed ${run.seed ?? UNKNOWN}`, data, versions.gradwatch && `gradwatch ${versions.gradwatch}`, versions.deeplearning4j && `deeplearning4j ${versions.deeplearning4j}`, run.host].filter(Boolean).join(' · ');
}

/** What trains it again with the same settings; null where no command made it. @param {any} run */
export function trainCommand(run) {
  const configuration = run.configuration ?? {};
  if (!run.preset || !configuration.preset || !configuration.bn) return null;
  const options = sorted(Object.entries(configuration)).filter(([name]) => name !== 'preset' && name !== 'backend');
  return ['./gradwatch', 'train', run.preset, ...options.flatMap(([name, value]) => [`--${name}`, quoted(value)])].join(' ');
}

function attemptsOf({ attempts = [], attempt }) {
  if (attempts.length < 2) return String(attempt ?? 1);
  return attempts.map((one) => `${one.attempt}: iterations ${integer(one.firstIteration)}–${integer(one.lastIteration)}`).join('; ');
}

function sorted(entries) {
  const place = (name) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return entries.sort(([one], [other]) => place(one) - place(other) || one.localeCompare(other));
}

/** As a shell takes it as one word. */
function quoted(value) {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
