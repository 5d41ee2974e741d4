/**
 * The HTTP API (docs/api.md). Every failure is an ApiError with the service's own words; nothing else in the dashboard calls fetch.
 */
import { decodeFrame, seriesOf } from './protocol.js';

const BASE = '/api/v1';
const FRAME = 'application/vnd.gradwatch.frame';

/** 'unauthorized': a request was refused because nobody, or nobody any more, is logged in. */
export const events = new EventTarget();

/** An answer that is not 2xx, or no answer (status 0). */
export class ApiError extends Error {
  /** @param {number} status @param {string} detail @param {string} [parameter] @param {string} [caret] a query with its fault pointed at, in two lines */
  constructor(status, detail, parameter, caret) {
    super(detail);
    this.status = status;
    this.parameter = parameter;
    this.caret = caret;
  }
}

/**
 * @param {{q?: string, state?: string, sort?: string, limit?: number, cursor?: string | null}} query
 * @param {AbortSignal} [signal]
 */
export function getRuns(query, signal) {
  return json(`/runs${parameters(query)}`, signal);
}

/** What a list shows of each run beside its row. @param {string[]} ids @param {AbortSignal} [signal] @returns {Promise<import('../state/overview.js').Overview[]>} */
export async function getOverviews(ids, signal) {
  return (await json(`/runs/overview?runs=${ids.map(encodeURIComponent).join(',')}`, signal)).items;
}

/** Deletes a run that has ended; answers what was freed. @param {string} id */
export async function deleteRun(id) {
  return (await request(`/runs/${encodeURIComponent(id)}`, 'application/json', undefined, { method: 'DELETE' })).json();
}

/**
 * Series of several runs in the same buckets.
 *
 * @param {{runs: string[], align: string, metric: string, layer?: string, from?: number, to?: number, buckets?: number, smoothing?: string, halflife?: number}} query
 * @param {AbortSignal} [signal]
 */
export function getSeveralSeries({ runs, ...query }, signal) {
  return json(`/series${parameters({ runs: runs.join(','), ...query })}`, signal);
}

/** Where two runs part. @param {[string, string]} pair @param {{tolerance?: number}} query @param {AbortSignal} [signal] */
export function getDivergence(pair, query, signal) {
  return json(`/divergence${parameters({ runs: pair.join(','), ...query })}`, signal);
}

/**
 * Changes what people say about a run; answers the run as it is now, or null when that is not known yet.
 *
 * @param {string} id
 * @param {{name?: string, notes?: string, addTags?: string[], removeTags?: string[], addLabels?: string[], removeLabels?: string[]}} change
 */
export async function patchRun(id, change) {
  const response = await request(`/runs/${encodeURIComponent(id)}`, 'application/json', undefined, { method: 'PATCH', body: JSON.stringify(change), headers: { 'Content-Type': 'application/json' } });
  return response.status === 202 ? null : response.json();
}

/** @param {string[]} ids @param {boolean} all what is equal, too @param {AbortSignal} [signal] */
export function getComparison(ids, all, signal) {
  return json(`/runs/compare${parameters({ runs: ids.join(','), all })}`, signal);
}

/** What newer attempts have replaced. @param {string} id @param {{metric: string, buckets: number}} query @param {AbortSignal} [signal] */
export async function getSuperseded(id, query, signal) {
  return (await json(`/runs/${encodeURIComponent(id)}/superseded${parameters(query)}`, signal)).items;
}

/** @param {string} id @param {AbortSignal} [signal] */
export async function getEpochs(id, signal) {
  return (await json(`/runs/${encodeURIComponent(id)}/epochs`, signal)).items;
}

/** Its layers and BN layers. @param {string} id @param {AbortSignal} [signal] @returns {Promise<{items: any[], batchNorms: any[]}>} */
export function getLayers(id, signal) {
  return json(`/runs/${encodeURIComponent(id)}/layers`, signal);
}

/** @param {string} id @param {AbortSignal} [signal] */
export function getRun(id, signal) {
  return json(`/runs/${encodeURIComponent(id)}`, signal);
}

/** Its epochs and when its first iteration was made (null: not yet). @param {string} id @param {AbortSignal} [signal] @returns {Promise<{items: any[], origin: string | null}>} */
export function getEpochsWithOrigin(id, signal) {
  return json(`/runs/${encodeURIComponent(id)}/epochs`, signal);
}

/** @param {string} id @param {AbortSignal} [signal] */
export async function getAlerts(id, signal) {
  return (await json(`/runs/${encodeURIComponent(id)}/alerts`, signal)).items;
}

/** The card of an alert. @param {string} id of the run @param {string} alertId @param {AbortSignal} [signal] */
export function getCard(id, alertId, signal) {
  return json(`/runs/${encodeURIComponent(id)}/alerts/${encodeURIComponent(alertId)}/card`, signal);
}

/** Says that somebody has seen an alert. @param {string} id of the run @param {string} alertId @param {{by?: string, note?: string}} seen */
export async function acknowledge(id, alertId, seen) {
  await put(acknowledgement(id, alertId), seen);
}

/** Takes that back. @param {string} id of the run @param {string} alertId */
export async function takeBack(id, alertId) {
  await request(acknowledgement(id, alertId), 'application/json', undefined, { method: 'DELETE' });
}

/** The silences over a run's alerts that are in force. @param {string} id @param {AbortSignal} [signal] */
export async function getSilences(id, signal) {
  return (await json(`/runs/${encodeURIComponent(id)}/silences`, signal)).items;
}

/** Tells nobody of a rule's alerts for a while, of all without `rule`. @param {string} id @param {{rule?: string, minutes: number, by?: string, reason?: string}} silence */
export async function silence(id, silence) {
  await put(`/runs/${encodeURIComponent(id)}/silences`, silence);
}

/** Ends a silence now. @param {string} id @param {string | null} rule null: the one over all rules */
export async function endSilence(id, rule) {
  await request(`/runs/${encodeURIComponent(id)}/silences${parameters({ rule })}`, 'application/json', undefined, { method: 'DELETE' });
}

/** Rules, and how it is with their file. @param {AbortSignal} [signal] */
export function getRules(signal) {
  return json('/rules', signal);
}

/** Commands to the run's trainer, newest first. @param {string} id @param {AbortSignal} [signal] */
export async function getCommands(id, signal) {
  return (await json(`/runs/${encodeURIComponent(id)}/commands`, signal)).items;
}

/** Tells the run's trainer something; answers the command as it was sent. @param {string} id @param {{action: string, learningRate?: number, factor?: number, issuedBy?: string}} command */
export async function postCommand(id, command) {
  return post(`/runs/${encodeURIComponent(id)}/commands`, { body: JSON.stringify(command), headers: { 'Content-Type': 'application/json' } });
}

/** The cured twin of a run, if there is one. @param {string} id @param {AbortSignal} [signal] */
export function getTwin(id, signal) {
  return json(`/runs/${encodeURIComponent(id)}/twin`, signal);
}

/** Lets the launcher train it; answers the command as it was sent. @param {string} id */
export async function startTwin(id) {
  return post(`/runs/${encodeURIComponent(id)}/twin`);
}

/**
 * @param {string} id
 * @param {{metric: string, from: number, to: number, buckets: number, smoothing?: string, halflife?: number}} query
 * @param {AbortSignal} [signal]
 */
export async function getSeries(id, query, signal) {
  const response = await request(`/runs/${encodeURIComponent(id)}/series${parameters(query)}`, `${FRAME}, application/json`, signal);
  if (!response.headers.get('Content-Type')?.startsWith(FRAME)) return response.json();
  return seriesOf(/** @type {any} */ (decodeFrame(await response.arrayBuffer())));
}

/**
 * @param {string} id
 * @param {{metric: string, from: number, to: number, columns: number}} query
 * @param {AbortSignal} [signal]
 * @returns {Promise<import('./protocol.js').HeatmapFrame>}
 */
export async function getHeatmap(id, query, signal) {
  const response = await request(`/runs/${encodeURIComponent(id)}/heatmap${parameters(query)}`, FRAME, signal);
  return /** @type {any} */ (decodeFrame(await response.arrayBuffer()));
}

/** @param {string} id @param {{kind: 'gradient' | 'parameter', layer: number, from: number, to?: number, limit: number}} query @param {AbortSignal} [signal] */
export function getHistograms(id, query, signal) {
  return json(`/runs/${encodeURIComponent(id)}/histograms${parameters(query)}`, signal);
}

/** How the channels of notifications do. @param {AbortSignal} [signal] */
export function getNotifications(signal) {
  return json('/notifications', signal);
}

/** Sends a test and waits for what the receivers say. @param {string} channel */
export async function testNotifications(channel) {
  return (await (await request(`/notifications/test${parameters({ channel })}`, 'application/json', undefined, { method: 'POST' })).json()).items;
}

/** Tries an undelivered notification again, or forgets it; answers as getNotifications. @param {number} id @param {'retry' | 'forget'} what */
export async function settleNotification(id, what) {
  const response = await request(`/notifications/${id}${what === 'retry' ? '/retry' : ''}`, 'application/json', undefined, { method: what === 'retry' ? 'POST' : 'DELETE' });
  return response.json();
}

/** Who is logged in. @param {AbortSignal} [signal] @returns {Promise<import('../state/permissions.js').Session>} */
export function getSession(signal) {
  return json('/session', signal);
}

/** Gives a token for a cookie. @param {string} token */
export function beginSession(token) {
  return post('/session', { body: JSON.stringify({ token }), headers: { 'Content-Type': 'application/json' } });
}

/** Gives the cookie up. */
export function endSession() {
  return request('/session', 'application/json', undefined, { method: 'DELETE' });
}

/** @param {string} id @param {string} table @param {string} format */
export function exportUrl(id, table, format) {
  return `${BASE}/runs/${encodeURIComponent(id)}/export${parameters({ table, format })}`;
}

/** "ws:" or "wss:" address of the live stream for a page at the given location. @param {{protocol: string, host: string}} location */
export function liveUrl({ protocol, host }) {
  return `${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}${BASE}/live`;
}

/** @param {Record<string, unknown>} query */
export function parameters(query) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

async function json(path, signal) {
  return (await request(path, 'application/json', signal)).json();
}

function acknowledgement(id, alertId) {
  return `/runs/${encodeURIComponent(id)}/alerts/${encodeURIComponent(alertId)}/acknowledgement`;
}

async function put(path, body) {
  await request(path, 'application/json', undefined, { method: 'PUT', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
}

async function post(path, more = {}) {
  return (await request(path, 'application/json', undefined, { method: 'POST', ...more })).json();
}

async function request(path, accept, signal, more = {}) {
  let response;
  try {
    response = await fetch(BASE + path, { ...more, headers: { Accept: accept, ...more.headers }, signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'The telemetry service does not answer.');
  }
  if (response.ok) return response;
  if (response.status === 401) events.dispatchEvent(new Event('unauthorized'));
  const problem = await response.json().catch(() => ({}));
  throw new ApiError(response.status, problem.detail ?? `${response.status} ${response.statusText}`, problem.parameter, problem.caret);
}
