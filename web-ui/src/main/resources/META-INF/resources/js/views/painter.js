/**
 * Redraws panels when the browser is about to paint: only those that changed, none much more often than it asks for, no more at once than fits
 * into a frame, and no more within a tenth of a second than leaves time for a pointer and for the next frames of the stream; panels out of view
 * now and then. What was received is reported as drawn afterwards. While the page is hidden nothing is drawn, and everything is reported at once,
 * so that the service does not wait.
 *
 * @typedef {{draw: () => void, visible: () => boolean, every: number}} Part `every`: about so many ms between two draws, a quarter less at the least
 * @typedef {Part & {live?: Part | null}} Panel `live`: what of it is drawn by itself, more often
 */

/** Milliseconds of drawing after which the rest waits for the next frame. */
const BUDGET_MS = 9;
/** Within this long ... */
const WINDOW_MS = 100;
/** ... drawing takes so many milliseconds: what would exceed it waits, but for what is drawn the first time, and ... */
const WINDOW_BUDGET_MS = 6;
/** ... what wants to be drawn so often: a person watches it. */
const LIVE_MS = 50;
/** The same when a person has asked for something and looks at it. */
const URGENT_MS = 80;
/** About the time between two frames. */
const FRAME_MS = 17;
/** Share of a panel's time between two draws by which it may be early. */
const EARLY = 0.25;
/** After so many ms without a change what is left is drawn. */
const LULL_MS = 150;
/** A browser that does not paint (a covered window) must not hold up the stream. */
const LONGEST_WAIT_MS = 1000;
/** Panels out of view are drawn this long after the last time, so that scrolling never shows an empty or a very old one; */
const OUT_OF_VIEW_MS = 2000;
/** each time twice as long, up to this: what nobody has looked at for a while can wait until it comes into view. */
const LONGEST_OUT_OF_VIEW_MS = 32_000;

export class Painter {
  /** `unseen`: draws since it was in view the last time; `cost`: of the last draw, ms. @type {Map<Part, {dirty: boolean, drawnAt: number, unseen: number, cost: number}>} */
  #panels = new Map();
  /** What was drawn within the last window. @type {{at: number, cost: number, live: boolean}[]} */
  #recent = [];
  #frame = 0;
  /** @type {any} */
  #timer = null;
  /** Until the next panel may be drawn again. @type {any} */
  #pause = null;
  #onDrawn;
  #budget = BUDGET_MS;
  #visibility = () => this.invalidate();

  /** @param {() => void} onDrawn */
  constructor(onDrawn) {
    this.#onDrawn = onDrawn;
    document.addEventListener('visibilitychange', this.#visibility);
  }

  /** @param {Panel[]} panels */
  add(...panels) {
    const parts = panels.flatMap((panel) => (panel.live ? [panel, panel.live] : [panel]));
    for (const part of parts) this.#panels.set(part, { dirty: true, drawnAt: -Infinity, unseen: 0, cost: 0 });
    this.#request();
  }

  /** Something changed. @param {Panel} [panel] only this one; without it all */
  invalidate(panel) {
    if (panel) for (const part of [panel, panel.live]) part && (this.#state(part).dirty = true);
    else for (const state of this.#panels.values()) state.dirty = true;
    if (document.hidden) this.#onDrawn();
    else this.#request();
  }

  /** Somebody waits for these: those in view are drawn at the next paint, whatever they cost, and the others in the next ones. @param {Panel[]} [panels] without it all */
  now(panels = [...this.#panels.keys()]) {
    for (const panel of panels) {
      const state = this.#state(panel);
      state.dirty = true;
      state.drawnAt = -Infinity;
      state.unseen = 0;
    }
    if (panels.some((panel) => panel.visible())) this.#budget = URGENT_MS;
    this.#request();
  }

  dispose() {
    document.removeEventListener('visibilitychange', this.#visibility);
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    clearTimeout(this.#pause);
    this.#panels.clear();
  }

  /** Whether it has to wait for the next window: at the longest for two, if nothing else that may wait was drawn. */
  #exceeds({ every }, cost, due) {
    if (every <= LIVE_MS || due === -Infinity) return false;
    const full = this.#recent.reduce((sum, one) => sum + one.cost, cost) > WINDOW_BUDGET_MS;
    return full && (due > -WINDOW_MS || this.#recent.some(({ live }) => !live));
  }

  #state(panel) {
    return this.#panels.get(panel) ?? { dirty: false, drawnAt: 0, unseen: 0, cost: 0 };
  }

  #request() {
    clearTimeout(this.#pause);
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#onDrawn();
    }, LONGEST_WAIT_MS);
  }

  #paint() {
    if (document.hidden) return void this.#onDrawn();
    const start = performance.now();
    this.#recent = this.#recent.filter(({ at }) => start - at < WINDOW_MS);
    // ms until the next one may be drawn; a frame for nothing would cost as much as a small chart
    let wait = Infinity;
    // the longest undrawn first: a full budget starves nobody
    const queue = [...this.#panels].filter(([, state]) => state.dirty).sort(([, a], [, b]) => a.drawnAt - b.drawnAt);
    for (const [panel, state] of queue) {
      const visible = panel.visible();
      const every = visible ? panel.every : Math.min(OUT_OF_VIEW_MS * 2 ** Math.max(0, state.unseen - 1), LONGEST_OUT_OF_VIEW_MS);
      const due = every - (start - state.drawnAt);
      const begun = performance.now();
      // what is nearly due comes along: a frame of its own would cost more than drawing it a little more often
      if (due > every * EARLY || begun - start > this.#budget) {
        wait = Math.min(wait, Math.max(0, due));
        continue;
      }
      if (this.#budget === BUDGET_MS && this.#exceeds(panel, state.cost, due)) {
        wait = Math.min(wait, WINDOW_MS);
        continue;
      }
      state.dirty = false;
      state.drawnAt = start;
      state.unseen = visible ? 0 : state.unseen + 1;
      panel.draw();
      state.cost = performance.now() - begun;
      this.#recent.push({ at: start, cost: state.cost, live: panel.every <= LIVE_MS });
    }
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#budget = BUDGET_MS;
    this.#onDrawn();
    if (wait < FRAME_MS) this.#request();
    // the next change mostly comes first, and takes it along
    else if (wait < Infinity) this.#pause = setTimeout(() => this.#request(), Math.max(wait, LULL_MS));
  }
}
