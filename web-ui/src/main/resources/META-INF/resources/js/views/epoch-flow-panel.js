/** The paper's gradient-flow figure with an epoch to choose, and to play: by slider, by button, and by the slider's keys. */
import { attribute, fill, h, icon, text } from '../dom.js';
import { chartPanel } from './panel.js';
import { epochFlowOption, epochWords, onTheAxis } from '../charts/epoch-flow.js';
import { EpochProfiles } from '../state/epoch-profiles.js';
import { theme } from '../theme.js';
import { plural } from '../format.js';

/** All epochs play in about this time, each within these bounds. */
const PLAY_MS = 10_000;
const FASTEST_MS = 100;
const SLOWEST_MS = 700;

/**
 * @param {import('../state/run-model.js').RunModel} model
 * @param {{urge: (panel: any) => void, arrived: (panel: any) => void}} more `urge`: draws a panel at the next paint
 */
export function epochFlowPanel(model, { urge, arrived }) {
  const profiles = new EpochProfiles(model, { onChange: () => arrived(whole) });
  /** Index of the chosen epoch; null: the newest one, also when there is a newer one. @type {number | null} */
  let chosen = null;
  /** @type {any} */
  let timer = null;
  const button = h('button.icon-button', { type: 'button', 'data-testid': 'epoch-play', onclick: () => (timer ? pause() : play()) });
  const slider = /** @type {HTMLInputElement} */ (h('input', { type: 'range', min: '0', max: '0', step: '1', value: '0', 'aria-label': 'Epoch', 'data-testid': 'epoch-slider', oninput: () => (pause(), choose(Number(slider.value))) }));
  const words = h('output.epoch-words', { 'data-testid': 'epoch-words' });
  const bar = h('div.epoch-bar', {}, button, slider, words);
  const place = (count) => (chosen === null ? count - 1 : Math.min(chosen, count - 1));
  showButton();

  const panel = chartPanel({
    title: 'Gradient flow by epoch',
    note: 'As in the paper’s Figures 1 to 3: mean |g| of every layer on a linear axis, one line an epoch',
    testid: 'chart-epoch-flow',
    size: 'medium',
    every: 300,
    legend: bar,
    option: (width) => {
      const epochs = profiles.profiles;
      const index = place(epochs.length);
      showBar(epochs, index);
      return epochs.length === 0 ? null : epochFlowOption({ layers: model.layers, epochs, chosen: index, width }, theme());
    },
    points: () => (place(profiles.profiles.length) + 1) * model.layers.length,
    iteration: () => model.iteration,
    label: () => {
      const epochs = profiles.profiles;
      const epoch = epochs[place(epochs.length)] ?? null;
      return `Up to ${epochWords(epoch, profiles.perEpoch)}. ${plural(onTheAxis(epoch), 'layer')} below 1e-8.`;
    },
    empty: () => {
      if (profiles.problem !== null) return `The epochs did not come: ${profiles.problem.message}`;
      if (model.iteration < 0) return model.run?.state === 'running' ? 'Waiting for the first iteration' : 'This run has no iterations';
      return profiles.perEpoch > 0 ? 'Loading the epochs' : 'This run does not tell how many iterations an epoch has';
    },
  });

  function choose(index) {
    chosen = index >= Number(slider.max) ? null : index;
    urge(whole);
  }

  function play() {
    const last = Number(slider.max);
    if (last === 0) return;
    if (Number(slider.value) >= last) chosen = 0;
    const step = Math.max(FASTEST_MS, Math.min(SLOWEST_MS, PLAY_MS / (last + 1)));
    timer = setInterval(() => {
      const next = Number(slider.value) + 1;
      if (next >= Number(slider.max)) pause();
      choose(next);
    }, step);
    showButton();
    urge(whole);
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    showButton();
  }

  function showButton() {
    fill(button, icon(timer ? 'pause' : 'play'));
    attribute(button, 'aria-label', timer ? 'Pause' : 'Play the epochs');
  }

  function showBar(epochs, index) {
    const last = Math.max(0, epochs.length - 1);
    attribute(slider, 'max', String(last));
    if (slider.value !== String(Math.max(0, index))) slider.value = String(Math.max(0, index));
    slider.disabled = last === 0;
    attribute(button, 'disabled', last === 0 ? '' : null);
    const said = epochWords(epochs[index], profiles.perEpoch);
    text(words, said);
    attribute(slider, 'aria-valuetext', said === '' ? null : said);
  }

  const whole = {
    ...panel,
    /** New points are there: asks for what is missing, if it is time to. */
    follow: () => profiles.refresh(),
    dispose() {
      pause();
      profiles.dispose();
      panel.dispose();
    },
  };
  return whole;
}
