/**
 * The live stream: one WebSocket for the whole page. Connects, reconnects with growing pauses, subscribes again from the last sequence
 * number seen, and gives credit back when its user says that a frame has been drawn. Nothing else touches WebSocket.
 *
 * Events: 'connection' (the state below changed), 'message' (detail: the JSON of a message for everyone: run, deleted, alert, epoch, heartbeat).
 *
 * @typedef {'connecting' | 'open' | 'waiting' | 'closed'} Connection
 * @typedef {{onFrame: (frame: import('./protocol.js').PointsFrame) => void, onMessage: (message: any) => void}} Subscriber
 * @typedef {{id: string, send: (message: object) => void, ack: (run: string) => void, stop: () => void}} ReplayLine
 */
import { decodeFrame, FrameError, placeFrame } from './protocol.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;
/** The service sends a heartbeat every second; this long without any message means that the connection is gone. */
const SILENCE_MS = 6000;
/** A run that the service does not know yet is asked for again after this pause, or as soon as it is announced. */
const UNKNOWN_RUN_PAUSE_MS = 2000;

export class LiveSocket extends EventTarget {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Map<string, {lastSeq: number | null, options: object, subscribers: Set<Subscriber>, awaiting: boolean, retryTimer?: any}>} */
  #runs = new Map();
  /** @type {Map<string, {request: () => object, subscriber: Subscriber}>} */
  #replays = new Map();
  #replayed = 0;
  #watchers = 0;
  #failures = 0;
  #lastMessageAt = 0;
  /** @type {any} */
  #retryTimer;
  /** @type {any} */
  #silenceTimer;
  /** @type {Connection} */
  connection = 'connecting';
  /** When the next attempt is made, in the browser's clock; only while waiting. */
  retryAt = 0;

  /** @param {string} url @param {{WebSocket?: any, now?: () => number, random?: () => number}} [environment] */
  constructor(url, { WebSocket = globalThis.WebSocket, now = Date.now, random = Math.random } = {}) {
    super();
    this.url = url;
    this.environment = { WebSocket, now, random };
  }

  /** Connects now, whether or not a pause is running. Does nothing while connected. */
  connect() {
    if (this.#socket) return;
    clearTimeout(this.#retryTimer);
    const socket = new this.environment.WebSocket(this.url);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#become('connecting');
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }) => this.#received(data);
    socket.onclose = () => this.#lost(socket);
    socket.onerror = () => {};
  }

  /** Closes for good: no reconnect. */
  close() {
    clearTimeout(this.#retryTimer);
    clearInterval(this.#silenceTimer);
    for (const entry of this.#runs.values()) clearTimeout(entry.retryTimer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#become('closed');
  }

  /**
   * Asks for the points of a run, now and after every reconnect. Frames come in order, without a gap and none twice.
   *
   * @param {string} run
   * @param {Subscriber} subscriber
   * @param {{backfill?: number, metrics?: string[]}} [options]
   * @returns {() => void} ends the subscription
   */
  subscribe(run, subscriber, options = {}) {
    let entry = this.#runs.get(run);
    if (!entry) {
      entry = { lastSeq: null, options, subscribers: new Set(), awaiting: true };
      this.#runs.set(run, entry);
      this.#subscribeFrom(run, entry);
    }
    entry.subscribers.add(subscriber);
    return () => {
      entry.subscribers.delete(subscriber);
      if (entry.subscribers.size > 0 || this.#runs.get(run) !== entry) return;
      this.#runs.delete(run);
      clearTimeout(entry.retryTimer);
      this.#send({ unsubscribe: run });
    };
  }

  /**
   * Starts a replay, now and after every reconnect. What concerns it comes to its subscriber and to nobody else.
   *
   * @param {() => object} request the message that starts it from where it is then
   * @param {Subscriber} subscriber
   * @returns {ReplayLine} `send` completes a message with the replay's id: `{pause: true}`, `{seek: true, iteration: 5}`
   */
  replay(request, subscriber) {
    const id = `page-${++this.#replayed}`;
    this.#replays.set(id, { request, subscriber });
    this.#send({ ...request(), id });
    return {
      id,
      send: (message) => {
        const [[verb], ...rest] = Object.entries(message);
        if (this.#replays.has(id)) this.#send({ [verb]: id, ...Object.fromEntries(rest) });
      },
      ack: (run) => this.#replays.has(id) && this.#send({ ack: run, replay: id }),
      stop: () => this.#replays.delete(id) && this.#send({ stop: id }),
    };
  }

  /** Asks for the changes of all runs; they come as 'message' events. @returns {() => void} ends it */
  watchAll() {
    if (this.#watchers++ === 0) this.#send({ subscribe: '*' });
    let active = true;
    return () => {
      if (!active) return;
      active = false;
      if (--this.#watchers === 0) this.#send({ unsubscribe: '*' });
    };
  }

  /** One frame of the run has been drawn. @param {string} run */
  ack(run) {
    if (this.#runs.has(run)) this.#send({ ack: run });
  }

  #send(message) {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }

  #opened() {
    this.#failures = 0;
    this.#lastMessageAt = this.environment.now();
    clearInterval(this.#silenceTimer);
    this.#silenceTimer = setInterval(() => {
      if (this.environment.now() - this.#lastMessageAt > SILENCE_MS) this.#abandon();
    }, 1000);
    this.#become('open');
    if (this.#watchers > 0) this.#send({ subscribe: '*' });
    for (const [run, entry] of this.#runs) this.#subscribeFrom(run, entry);
    for (const [id, { request }] of this.#replays) this.#send({ ...request(), id });
  }

  #subscribeFrom(run, entry) {
    clearTimeout(entry.retryTimer);
    entry.retryTimer = null;
    entry.awaiting = true;
    const from = entry.lastSeq === null ? {} : { from: entry.lastSeq + 1 };
    this.#send({ subscribe: run, ...entry.options, ...from });
  }

  #received(data) {
    this.#lastMessageAt = this.environment.now();
    if (typeof data === 'string') this.#receivedText(JSON.parse(data));
    else this.#receivedFrame(data);
  }

  #receivedText(message) {
    const replay = replayOf(message);
    if (replay !== null) return void this.#replays.get(replay)?.subscriber.onMessage(message);
    const id = typeof message.run === 'string' ? message.run : message.run?.id ?? message.alert?.runId ?? message.command?.runId ?? message.request?.subscribe;
    const entry = this.#runs.get(id);
    if (message.type === 'subscribed' && entry) entry.awaiting = false;
    if (message.type === 'reset' && entry) entry.lastSeq = null;
    // a page may be opened before the first record of its run has arrived
    if (message.type === 'error' && entry && message.problem?.status === 404) entry.retryTimer = setTimeout(() => this.#subscribeFrom(id, entry), UNKNOWN_RUN_PAUSE_MS);
    if (message.type === 'run' && entry?.retryTimer) this.#subscribeFrom(id, entry);
    for (const subscriber of entry?.subscribers ?? []) subscriber.onMessage(message);
    this.dispatchEvent(new CustomEvent('message', { detail: message }));
  }

  #receivedFrame(data) {
    let frame;
    try {
      frame = /** @type {import('./protocol.js').PointsFrame} */ (decodeFrame(data));
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      const problem = { title: 'Unreadable frame', detail: error.message };
      this.dispatchEvent(new CustomEvent('message', { detail: { type: 'error', problem } }));
      return;
    }
    const { header } = frame;
    if (header.replay !== undefined) return void this.#replays.get(header.replay)?.subscriber.onFrame(frame);
    const entry = this.#runs.get(header.run);
    if (!entry) return;
    // until the answer to the newest subscription, frames belong to an older one
    const place = entry.awaiting ? 'ignore' : placeFrame(entry.lastSeq, header);
    if (place === 'take') {
      entry.lastSeq = header.seqTo;
      for (const subscriber of entry.subscribers) subscriber.onFrame(frame);
      return;
    }
    this.ack(header.run);
    if (place === 'gap') this.#subscribeFrom(header.run, entry);
  }

  /** The other side has been silent too long: do not wait for a closing handshake that will not come. */
  #abandon() {
    const socket = this.#socket;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    this.#lost(socket);
  }

  #lost(socket) {
    if (this.#socket !== socket) return;
    this.#socket = null;
    clearInterval(this.#silenceTimer);
    const pause = pauseAfter(this.#failures++, this.environment.random());
    this.retryAt = this.environment.now() + pause;
    this.#retryTimer = setTimeout(() => this.connect(), pause);
    this.#become('waiting');
  }

  /** @param {Connection} connection */
  #become(connection) {
    this.connection = connection;
    this.dispatchEvent(new Event('connection'));
  }
}

/** Id of the replay that a message belongs to; null: none. @param {any} message @returns {string | null} */
function replayOf(message) {
  if (typeof message.replay === 'string') return message.replay;
  if (message.type !== 'error' || typeof message.request !== 'object') return null;
  const { request } = message;
  if (request.replay !== undefined) return request.id ?? null;
  for (const verb of ['pause', 'resume', 'seek', 'speed', 'step', 'range', 'stop']) if (typeof request[verb] === 'string') return request[verb];
  return null;
}

/**
 * Pause before the next attempt in ms: doubles from 0.5 s to 8 s; up to a quarter less by chance, so that many viewers do not come back at once.
 *
 * @param {number} failures attempts that failed since the last connection
 * @param {number} chance 0 to 1
 */
export function pauseAfter(failures, chance) {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures) * (1 - chance / 4);
}
