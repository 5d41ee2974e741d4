/**
 * What the whole page knows: the runs by id, the alerts, the service's clock. Views listen; only the named mutators write.
 *
 * Events: 'runs' (detail: ids that changed), 'deleted' (detail: id of a run that there is no more), 'alerts' (detail: run id), 'clock'.
 */
export class Store extends EventTarget {
  /** @type {Map<string, any>} */
  #runs = new Map();
  /** @type {Map<string, Map<string, any>>} */
  #alerts = new Map();
  /** Service clock minus browser clock in ms: the smallest difference seen lately is the one with the least delay in it. */
  #offsets = [];

  /** @param {string} id */
  run(id) {
    return this.#runs.get(id) ?? null;
  }

  /** Newest first. @returns {any[]} */
  runs() {
    return [...this.#runs.values()].sort((a, b) => String(b.startedAt).localeCompare(String(a.startedAt)) || b.id.localeCompare(a.id));
  }

  /** @param {string} id @returns {any[]} alerts of a run, each in its newest state */
  alerts(id) {
    return [...(this.#alerts.get(id)?.values() ?? [])];
  }

  /** Milliseconds since 1970 by the service's clock. @param {number} [browserNow] */
  now(browserNow = Date.now()) {
    return browserNow + (this.#offsets.length === 0 ? 0 : Math.max(...this.#offsets));
  }

  /** @param {any[]} runs as in the API */
  putRuns(runs) {
    for (const run of runs) this.#runs.set(run.id, { ...this.#runs.get(run.id), ...run });
    this.dispatchEvent(new CustomEvent('runs', { detail: runs.map((run) => run.id) }));
  }

  /** A run was deleted, by whomever. Known or not, it is told: a view may show it without the store. @param {string} id */
  dropRun(id) {
    this.#runs.delete(id);
    this.#alerts.delete(id);
    this.dispatchEvent(new CustomEvent('deleted', { detail: id }));
  }

  /** @param {any} alert as in the API */
  putAlert(alert) {
    const ofRun = this.#alerts.get(alert.runId) ?? new Map();
    this.#alerts.set(alert.runId, ofRun);
    const known = ofRun.get(alert.id);
    if (known && transition(known) > transition(alert)) return;
    ofRun.set(alert.id, alert);
    this.dispatchEvent(new CustomEvent('alerts', { detail: alert.runId }));
  }

  /** A replay went elsewhere: its alerts are other ones now. @param {string} runId */
  forgetAlerts(runId) {
    if (this.#alerts.delete(runId)) this.dispatchEvent(new CustomEvent('alerts', { detail: runId }));
  }

  /** The service said what time it is. @param {number} serviceNow @param {number} [browserNow] */
  noteClock(serviceNow, browserNow = Date.now()) {
    this.#offsets.push(serviceNow - browserNow);
    if (this.#offsets.length > 30) this.#offsets.shift();
    this.dispatchEvent(new Event('clock'));
  }
}

function transition(alert) {
  return Math.max(0, ...(alert.transitions ?? []).map((one) => one.transition));
}
