/** What people say of a run's alerts: that one has been seen, that nobody wants to be told of a rule for a while. Pure. */
import { ago, clock } from '../format.js';

/** How long a silence may be chosen to last. */
export const DURATIONS = [
  { minutes: 30, words: '30 minutes' },
  { minutes: 120, words: '2 hours' },
  { minutes: 480, words: '8 hours' },
  { minutes: 1440, words: 'a day' },
  { minutes: 10080, words: 'a week' },
];

/**
 * Who has seen an alert, in one line; null: nobody, as far as it is as bad as it was then.
 *
 * @param {any} alert as in the API
 * @param {number} now
 * @returns {{who: string, note: string} | null}
 */
export function seenBy(alert, now) {
  const seen = alert?.acknowledged;
  if (!seen) return null;
  return { who: `Seen by ${seen.by}, ${ago(seen.at, now)}${worse(alert) ? '; it has become worse since' : ''}`, note: seen.note ?? '' };
}

/** Whether an alert is more severe than it was when somebody saw it. @param {any} alert */
export function worse(alert) {
  const rank = { info: 1, warning: 2, critical: 3 };
  return !!alert?.acknowledged && rank[alert.severity] > rank[alert.acknowledged.severity];
}

/**
 * A silence in one line.
 *
 * @param {{rule: string | null, until: string, by: string, reason: string}} silence as in the API
 * @param {(rule: string) => string} title of a rule
 * @param {number} now
 */
export function silenceLine(silence, title, now) {
  const what = silence.rule === null ? 'All alerts of this run are' : `“${title(silence.rule)}” is`;
  return `${what} silent until ${clock(silence.until, now)}, by ${silence.by}${silence.reason ? `: ${silence.reason}` : ''}`;
}

/** Silences that are in force, the last to end first. @param {any[]} silences @param {number} now */
export function inForce(silences, now) {
  return silences.filter(({ until }) => Date.parse(until) > now).sort((a, b) => Date.parse(b.until) - Date.parse(a.until));
}

/** Changes whenever something was said of the alerts. @param {any[]} alerts */
export function attentionKey(alerts) {
  return JSON.stringify(alerts.filter(({ acknowledged, silenced }) => acknowledged || silenced).map(({ id, acknowledged, silenced }) => [id, acknowledged?.at, silenced?.rule, silenced?.until]));
}
