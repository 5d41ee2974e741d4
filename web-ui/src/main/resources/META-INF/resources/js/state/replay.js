/**
 * A replay of one or several stored runs: what it does and where it is, and for every run a source of frames that a RunSession takes instead of
 * the live socket. Nothing of it touches the page's store or the live subscriptions.
 *
 * Events: 'status' (state, place, speed or range changed), 'failed' (detail: the service's problem).
 *
 * @typedef {{iteration: number | null, epoch: number | null, attempt: number | null, producedAtMs: number | null}} Place
 * @typedef {{run: any, from: number, to: number, startedAtMs: number}} ReplayedRun
 * @typedef {{from: number | null, to: number | null, loop: boolean}} Range
 */

/** Offered speeds; 'recorded' keeps long pauses, too. */
export const SPEEDS = [0.1, 0.5, 1, 2, 5, 10, 50, 100, 1000, 'recorded'];
/** A seek while the slider is dragged, at most so often: each costs the service some queries. */
const SEEK_PAUSE_MS = 120;

export class Replay extends EventTarget {
  /** @type {import('../net/socket.js').ReplayLine | null} */
  #line = null;
  /** @type {Map<string, import('../net/socket.js').Subscriber>} */
  #sessions = new Map();
  /** @type {{iteration: number, timer: any} | null} */
  #seek = null;
  #soughtAt = -Infinity;
  /** @type {'starting' | 'playing' | 'paused' | 'stepping' | 'ended' | 'failed'} */
  state = 'starting';
  /** @type {number | 'recorded'} */
  speed;
  /** Recorded milliseconds per millisecond lately; null: not known. @type {number | null} */
  reached = null;
  /** @type {Range} */
  range;
  /** What the service said of the runs. @type {ReplayedRun[]} */
  runs = [];
  /** Where each run is, by id. @type {Map<string, Place>} */
  places = new Map();
  /** Where it was asked to go and has not arrived yet; null: nowhere. @type {number | null} */
  target = null;

  /**
   * @param {string[]} ids the first one leads
   * @param {{socket: import('../net/socket.js').LiveSocket, now?: () => number}} environment
   * @param {{at?: number | null, speed?: number | 'recorded', align?: string, from?: number | null, to?: number | null, loop?: boolean, paused?: boolean}} [options] `at`: begin there
   */
  constructor(ids, { socket, now = () => performance.now() }, options = {}) {
    super();
    this.ids = ids;
    this.socket = socket;
    this.now = now;
    this.align = options.align ?? 'iteration';
    this.speed = options.speed ?? 1;
    this.range = { from: options.from ?? null, to: options.to ?? null, loop: options.loop ?? false };
    this.target = options.at ?? null;
    this.wantsToPlay = !options.paused;
  }

  /** Begins as soon as the sessions have been opened. */
  start() {
    const { onFrame, onMessage } = { onFrame: (frame) => this.#sessions.get(frame.header.run)?.onFrame(frame), onMessage: (message) => this.#message(message) };
    this.#line = this.socket.replay(() => this.#request(), { onFrame, onMessage });
  }

  /** Ends it. */
  stop() {
    clearTimeout(this.#seek?.timer);
    this.#line?.stop();
    this.#line = null;
  }

  /** What a RunSession takes for a socket. @param {string} id */
  source(id) {
    return {
      subscribe: (_, subscriber) => {
        this.#sessions.set(id, subscriber);
        return () => this.#sessions.delete(id);
      },
      ack: () => this.#line?.ack(id),
    };
  }

  /** Of the run that leads. @returns {Place} */
  get place() {
    return this.places.get(this.ids[0]) ?? { iteration: null, epoch: null, attempt: null, producedAtMs: null };
  }

  /** First and last iteration of all runs. @returns {[number, number]} */
  get bounds() {
    if (this.runs.length === 0) return [0, 0];
    return [Math.min(...this.runs.map((run) => run.from)), Math.max(...this.runs.map((run) => run.to)) - 1];
  }

  /** Milliseconds since the leading run began, by the trainer's clock; null: nothing was played. */
  get elapsedMs() {
    const made = this.place.producedAtMs;
    return made === null || this.runs.length === 0 ? null : Math.max(0, made - this.runs[0].startedAtMs);
  }

  get playing() {
    return this.wantsToPlay && this.state !== 'ended' && this.state !== 'failed';
  }

  play() {
    this.wantsToPlay = true;
    this.#send({ resume: true });
  }

  pause() {
    this.wantsToPlay = false;
    this.#send({ pause: true });
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** @param {number} iterations negative: back */
  step(iterations) {
    this.wantsToPlay = false;
    this.#send({ step: true, iterations });
  }

  /** Goes to an iteration; of several calls in quick succession the last one counts. @param {number} iteration */
  seek(iteration) {
    const [first, last] = this.bounds;
    this.target = Math.min(last, Math.max(first, Math.round(iteration)));
    this.#changed();
    const wait = this.#soughtAt + SEEK_PAUSE_MS - this.now();
    if (this.#seek !== null) this.#seek.iteration = this.target;
    else if (wait > 0) this.#seek = { iteration: this.target, timer: setTimeout(() => this.#sendSeek(), wait) };
    else {
      this.#seek = { iteration: this.target, timer: null };
      this.#sendSeek();
    }
  }

  /** @param {number | 'recorded'} speed */
  setSpeed(speed) {
    this.speed = speed;
    this.#send({ speed: true, value: speed });
  }

  /** @param {Range} range */
  setRange(range) {
    this.range = range;
    this.#send({ range: true, ...withoutNull(range) });
  }

  #sendSeek() {
    const wanted = this.#seek;
    this.#seek = null;
    this.#soughtAt = this.now();
    if (wanted) this.#line?.send({ seek: true, iteration: wanted.iteration });
  }

  #send(message) {
    this.#line?.send(message);
    this.#changed();
  }

  /** From where it is, so that a lost connection costs nothing but its time. */
  #request() {
    const at = this.target ?? this.place.iteration;
    const replay = this.ids.length === 1 ? this.ids[0] : this.ids;
    return { replay, align: this.align, speed: this.speed, paused: !this.wantsToPlay, ...withoutNull({ at, ...this.range }) };
  }

  #message(message) {
    switch (message.type) {
      case 'replaying':
        this.runs = message.runs.map(({ run, from, to, startedAtMs }) => ({ run, from, to, startedAtMs }));
        // what the run came to was not known then
        for (const one of message.runs) this.#tell(one.run.id, { ...one, run: { ...one.run, result: null }, type: 'described' });
        break;
      case 'sought':
        this.target = null;
        for (const one of message.runs) {
          this.places.set(one.run, one);
          this.#tell(one.run, { ...one, type: 'sought' });
        }
        break;
      case 'replay':
        this.state = message.state;
        this.reached = message.reached;
        this.speed = message.speed;
        for (const one of message.runs) this.places.set(one.run, one);
        if (message.state === 'paused') this.wantsToPlay = false;
        break;
      case 'error':
        this.#refused(message);
        return;
      default: // an epoch ended, an alert changed
        this.#tell(message.run, message);
    }
    this.#changed();
  }

  /** A replay that could not begin has failed; any other refusal is told, and it goes on. */
  #refused(message) {
    this.target = null;
    if (message.request?.replay !== undefined || message.problem.status >= 500) {
      this.state = 'failed';
      for (const id of this.ids) this.#tell(id, { type: 'error', problem: message.problem });
    }
    this.dispatchEvent(new CustomEvent('failed', { detail: message.problem }));
    this.#changed();
  }

  #tell(id, message) {
    this.#sessions.get(id)?.onMessage(message);
  }

  #changed() {
    this.dispatchEvent(new Event('status'));
  }
}

function withoutNull(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
