/** What is said of alerts and rules, without a page. Pure. */
import { plural } from '../format.js';

/** Mistakes of a rule file that are shown; the rest is counted. */
const SHOWN = 5;

/**
 * What a rule file that is not used says on every page; null while there is nothing to say.
 *
 * @param {any} file of GET /rules
 * @returns {{key: string, title: string, lines: string[], note: string} | null}
 */
export function ruleFileNotice(file) {
  const problems = file?.problems ?? [];
  if (problems.length === 0) return null;
  const name = String(file.path ?? 'rules.yaml').split(/[\\/]/).pop();
  const lines = problems.slice(0, SHOWN).map(({ line, column, message }) => `line ${line}, column ${column}: ${message}`);
  if (problems.length > SHOWN) lines.push(`and ${plural(problems.length - SHOWN, 'further mistake')}`);
  return {
    key: JSON.stringify(file.problems),
    title: file.state === 'unreadable' ? `${name} cannot be read` : `${name} has ${plural(problems.length, 'mistake')} and is not used`,
    lines,
    note: 'The rules in force before stay in force.',
  };
}

/** Where a piece of evidence comes from, and whether it helped. @param {any} evidence */
export function evidenceLabel({ source, helped, factors }) {
  if (source === 'paper') return 'The paper';
  if (!helped) return 'A run that had the same trouble';
  return factors.length === 1 ? 'A run that differs in one thing' : `A run that differs in ${factors.length} things`;
}

/** Tells one state of an alert from the next: what its card shows may have changed. @param {any} alert */
export function cardKey(alert) {
  return alert ? `${alert.id} ${alert.severity} ${alert.firedIteration}` : '';
}
