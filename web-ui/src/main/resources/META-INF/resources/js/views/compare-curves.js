/** Curves of up to eight runs on one axis, who is which, and where two of them part. */
import { attribute, fill, h, text } from '../dom.js';
import { getDivergence } from '../net/api.js';
import { percent } from '../format.js';
import { jsonNumber } from '../net/protocol.js';
import { overlayOption } from '../charts/overlay.js';
import { Curves } from '../state/curves.js';
import { divergenceWords, TOLERANCES } from '../state/divergence.js';
import { lastPlace } from '../state/flow-steps.js';
import { ALIGNS, lastX, onAxis, styleOf } from '../state/overlay.js';
import { theme, themeEvents } from '../theme.js';
import { runHref } from '../router.js';
import { statePill } from './badges.js';
import { chartPanel } from './panel.js';
import { shortName } from './run-row.js';

const VALIDATION = [
  { id: 'validation-loss', title: 'Validation loss', note: 'the paper’s Figure 4', kind: 'loss', field: 'validationLoss' },
  { id: 'validation-accuracy', title: 'Validation accuracy', note: 'the paper’s Figure 5', kind: 'accuracy', field: 'validationAccuracy' },
];
const TRAINING = [
  { id: 'training-loss', title: 'Training loss', note: 'smoothed over a fiftieth of the run', kind: 'loss', field: 'loss' },
  { id: 'training-accuracy', title: 'Training accuracy', note: 'of the batches, smoothed', kind: 'accuracy', field: 'accuracy' },
];

/** Runs that have not parted yet are looked at again after this pause. */
const AGAIN_MS = 10_000;

/**
 * @param {string[]} ids
 * @param {{store: import('../state/store.js').Store, painter: import('./painter.js').Painter, align: import('../state/overlay.js').Align, onAlign: (align: import('../state/overlay.js').Align) => void}} environment
 */
export function compareCurves(ids, { store, painter, align, onAlign }) {
  const stop = new AbortController();
  const { signal } = stop;
  const curves = new Curves([], align);
  /** @type {Set<string>} */
  const hidden = new Set();
  const chips = ids.map((id, place) => chip(id, place));
  const problem = h('p.zoom-problem', { role: 'status' });
  const later = h('p.note');
  /** @type {{iteration: number, pair: string[]} | null} */
  let parted = null;

  const nameOf = (id) => store.run(id)?.name || id;
  const panels = [...VALIDATION, ...TRAINING].map((one) => ({ one, panel: panelOf(one) }));
  const grid = h('div.curves-grid', {}, ...panels.map(({ panel }) => panel.element));
  const parting = ids.length > 1 ? divergence() : null;
  const element = h(
    'section.curves',
    { 'data-testid': 'compare-curves', 'aria-labelledby': 'curves-title' },
    h('div.section-head', {}, h('h2', { id: 'curves-title' }, 'Curves'), alignSwitch(), problem),
    h('div.run-chips', { role: 'group', 'aria-label': 'Runs; press one to hide or show its curves' }, ...chips.map((one) => one.element)),
    grid,
    later,
    parting?.element,
  );

  function panelOf({ id, title, note, kind, field }) {
    const isValidation = field.startsWith('validation');
    const of = (run) => (isValidation ? curves.validation(run, field) : curves.training(run, field));
    const shown = () => ids.flatMap((run, place) => (hidden.has(run) ? [] : [{ run, name: nameOf(run), ...styleOf(place, theme().dark), ...of(run) }]));
    const panel = chartPanel({
      title,
      note,
      testid: `chart-${id}`,
      size: 'small',
      level: 3,
      every: 200,
      option: () => overlayOption({ curves: shown(), align: curves.shownAlign, kind, chance: chanceOf(kind), mark: mark(), to: end() }, theme()),
      points: () => shown().reduce((sum, { data }) => sum + data.length, 0),
      iteration: () => lastPlace(ids.map((run) => store.run(run))),
      label: () => shown().map(({ name, data }) => `${shortName(name)}: ${data.length} points`).join(', '),
      empty: () => (!curves.loaded ? waiting() : hidden.size === ids.length ? 'All runs are hidden' : isValidation ? 'Nothing was validated yet: that happens after each epoch' : 'No iterations yet'),
    });
    panel.onRequest(() => painter.invalidate(panel));
    return panel;
  }

  /** All charts reach as far: what stands above one another happened at the same place. */
  function end() {
    const seen = ids.filter((id) => !hidden.has(id));
    return lastX([...seen.map((id) => curves.training(id, 'loss')), ...seen.map((id) => curves.validation(id, 'validationLoss'))]);
  }

  function waiting() {
    return curves.ids.length > 0 && curves.ids.every((id) => !Number.isInteger(store.run(id)?.iteration)) ? 'No iterations yet' : 'Loading';
  }

  /** The same for all, or nothing. */
  function chanceOf(kind) {
    const classes = new Set(curves.ids.map((id) => store.run(id)?.classes ?? 0));
    const [only] = classes;
    if (classes.size !== 1 || !(only > 1)) return null;
    return kind === 'loss' ? Math.log(only) : 1 / only;
  }

  function mark() {
    if (parted === null) return null;
    const x = onAxis(parted.iteration, curves.shownAlign, store.run(parted.pair[0])?.iterationsPerEpoch ?? 0);
    return x === null ? null : { x, label: 'they part' };
  }

  function chip(id, place) {
    const key = h('span.chip-key', { 'aria-hidden': 'true' });
    const name = h('span.chip-name', { dir: 'auto' }, shortName(id));
    const more = h('span.chip-more');
    const button = h('button.run-chip', { type: 'button', 'aria-pressed': 'true', 'data-testid': 'run-chip', onclick: () => toggle() }, key, name, more);
    const element = h('span.run-chip-box', {}, button, h('a.chip-open', { href: runHref(id), 'aria-label': `Open ${id}`, title: 'Open this run' }, '↗'));
    const toggle = () => {
      if (hidden.has(id)) hidden.delete(id);
      else hidden.add(id);
      attribute(button, 'aria-pressed', String(!hidden.has(id)));
      redraw();
    };
    let state = '';
    return {
      element,
      /** @param {string[]} found */
      known(found) {
        if (!found.includes(id)) fill(more, h('span.note', {}, 'there is no such run'));
      },
      update() {
        const run = store.run(id);
        const { colour, stroke } = styleOf(place, theme().dark);
        key.style.setProperty('background', stroke === 'solid' ? colour : `repeating-linear-gradient(90deg, ${colour} 0 ${stroke[0]}px, transparent ${stroke[0]}px ${stroke[0] + stroke[1]}px)`);
        if (!run) return;
        text(name, shortName(run.name || run.id));
        attribute(button, 'title', `${run.name}\n${id}`);
        const best = jsonNumber(run.bestValidationAccuracy);
        const shown = `${run.state}${best}`;
        if (shown === state) return;
        state = shown;
        fill(more, statePill(run.state), best === null ? null : h('span.note', {}, `best ${percent(best)}`));
      },
    };
  }

  function alignSwitch() {
    const buttons = Object.entries(ALIGNS).map(([value, label]) => h('button.segment', { type: 'button', role: 'radio', 'aria-checked': String(value === align), tabindex: value === align ? '0' : '-1', 'data-testid': `align-${value}`, dataset: { value }, onclick: () => choose(value), onkeydown: (event) => step(event) }, label));
    const choose = (value) => {
      for (const button of buttons) {
        attribute(button, 'aria-checked', String(button.dataset.value === value));
        attribute(button, 'tabindex', button.dataset.value === value ? '0' : '-1');
      }
      curves.alignBy(value);
      onAlign(value);
    };
    const step = (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      const to = buttons[(buttons.indexOf(event.currentTarget) + by + buttons.length) % buttons.length];
      to.focus();
      choose(to.dataset.value);
    };
    return h('div.segments', { role: 'radiogroup', 'aria-label': 'Align by' }, ...buttons);
  }

  function divergence() {
    const pick = (chosen, testid) => h('select', { 'data-testid': testid, onchange: () => anew() }, ...ids.map((id) => h('option', { value: id, selected: id === chosen }, shortName(nameOf(id)))));
    const one = /** @type {HTMLSelectElement} */ (pick(ids[0], 'part-one'));
    const other = /** @type {HTMLSelectElement} */ (pick(ids[1], 'part-other'));
    const tolerance = /** @type {HTMLSelectElement} */ (h('select', { 'data-testid': 'part-tolerance', onchange: () => anew() }, ...TOLERANCES.map(([value, label]) => h('option', { value }, label))));
    const headline = h('p.parting-headline', { role: 'status', 'data-testid': 'parting' });
    const details = h('ul.parting-details');
    const choice = h('div.parting-choice', {}, h('label.select', {}, h('span.visually-hidden', {}, 'First run'), one), h('span', {}, 'and'), h('label.select', {}, h('span.visually-hidden', {}, 'Second run'), other), h('label.select', {}, h('span', {}, 'equal '), tolerance));
    const element = h('div.card.parting', {}, h('h3', {}, 'Where two runs part'), choice, headline, details);
    let request = new AbortController();
    /** While nothing differs, runs that go on may still part. */
    let open = true;
    let askedAt = -Infinity;

    function anew() {
      open = true;
      text(headline, '');
      ask();
    }

    async function ask() {
      request.abort();
      request = new AbortController();
      const mine = request;
      parted = null;
      fill(details);
      redraw();
      if (one.value === other.value) return text(headline, 'Choose two different runs');
      if (![one, other].every(({ value }) => Number.isInteger(store.run(value)?.iteration))) return text(headline, 'Not both of them have iterations');
      askedAt = Date.now();
      if (headline.textContent === '') text(headline, 'Looking');
      try {
        const answer = await getDivergence([one.value, other.value], { tolerance: Number(tolerance.value) }, mine.signal);
        const words = divergenceWords(answer);
        text(headline, words.headline);
        fill(details, ...words.details.map((line) => h('li', { dir: 'auto' }, line)));
        open = words.iteration === null;
        parted = words.iteration === null ? null : { iteration: words.iteration, pair: [one.value, other.value] };
        redraw();
      } catch (error) {
        if (!mine.signal.aborted) text(headline, error.message);
      }
    }

    return {
      element,
      /** @param {string[]} found */
      begin(found) {
        if (found.length > 1 && !(found.includes(one.value) && found.includes(other.value))) [one.value, other.value] = found;
        ask();
      },
      /** A run went on. */
      changed() {
        if (open && Date.now() - askedAt > AGAIN_MS) ask();
      },
      names: () => [one, other].forEach((select) => [...select.options].forEach((option) => text(option, shortName(nameOf(option.value))))),
      dispose: () => request.abort(),
    };
  }

  function redraw() {
    const validated = ids.some((id) => curves.validation(id, 'validationLoss').data.length > 0);
    // before the first epoch has ended training is all there is
    const early = curves.loaded && !validated;
    panels.forEach(({ one, panel }) => (panel.element.hidden = one.field.startsWith('validation') ? early : one.id === 'training-accuracy' && !early));
    text(later, early ? 'Validation loss and accuracy appear here when the first epoch has ended.' : '');
    grid.style.setProperty('--panels', early ? '2' : '3');
    panels.forEach(({ panel }) => painter.invalidate(panel));
    chips.forEach((one) => one.update());
  }

  /** Before the first iteration there is nothing to ask for. */
  function refresh(soon = false) {
    const begun = curves.ids.filter((id) => Number.isInteger(store.run(id)?.iteration));
    if (begun.length === 0) return redraw();
    curves.iterations = lastPlace(begun.map((id) => store.run(id))) + 1;
    if (soon) curves.changed();
    else curves.load();
  }

  curves.addEventListener('change', () => {
    text(problem, '');
    redraw();
  }, { signal });
  curves.addEventListener('failed', (event) => text(problem, `The curves could not be loaded: ${/** @type {any} */ (event).detail.message}`), { signal });
  store.addEventListener('runs', (event) => {
    if (!/** @type {any} */ (event).detail.some((id) => ids.includes(id))) return;
    refresh(true);
    chips.forEach((one) => one.update());
    parting?.names();
    if (curves.ids.length > 0) parting?.changed();
  }, { signal });
  themeEvents.addEventListener('change', () => redraw(), { signal });
  painter.add(...panels.map(({ panel }) => panel));
  redraw();

  return {
    element,
    /** When they are known: these of the runs are there. @param {string[]} found */
    load(found) {
      curves.ids = found;
      parting?.begin(found);
      chips.forEach((one) => one.known(found));
      refresh();
    },
    dispose() {
      stop.abort();
      curves.dispose();
      parting?.dispose();
      panels.forEach(({ panel }) => panel.dispose());
    },
  };
}

