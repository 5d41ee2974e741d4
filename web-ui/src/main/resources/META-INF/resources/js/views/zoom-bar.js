/** Which iterations the charts show, and the way back to all of them. */
import { fill, h, text } from '../dom.js';
import { integer } from '../format.js';

/** @param {import('../state/zoom.js').Zoom} zoom @param {{element: HTMLElement, update: () => void} | null} [layers] which layers are shown */
export function zoomBar(zoom, layers = null) {
  const words = h('span.zoom-words', { role: 'status', 'data-testid': 'zoom-range' });
  const problem = h('span.zoom-problem', { role: 'alert', hidden: true });
  const reset = h('button.button.zoom-reset', { type: 'button', 'data-testid': 'zoom-reset', onclick: () => zoom.reset() }, 'Reset zoom');
  const element = h('div.zoom-bar', { 'data-testid': 'zoom-bar' });
  fill(element, words, problem, reset, layers?.element);
  zoom.addEventListener('change', update);
  update();

  function update() {
    const { range } = zoom;
    element.classList.toggle('is-zoomed', range !== null);
    reset.hidden = range === null;
    problem.hidden = true;
    text(words, range === null ? 'Drag across a chart to look closer' : `Iterations ${integer(range.from)} to ${integer(range.to - 1)} of ${integer(zoom.end)}`);
  }

  return {
    element,
    update: () => {
      layers?.update();
      if (problem.hidden) update();
    },
    /** @param {Error} error */
    failed(error) {
      problem.hidden = false;
      fill(problem, `The exact values did not come: ${error.message} `, h('button.button.zoom-reset', { type: 'button', onclick: () => zoom.refresh() }, 'Try again'));
    },
  };
}
