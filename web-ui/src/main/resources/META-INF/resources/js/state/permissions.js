/** Who may do what in the dashboard: the service decides, this only says so beforehand. Pure. */

const ORDER = ['viewer', 'operator', 'admin'];

/**
 * What needs a role, by where it stands in the page; the service's own table is RouteRules.
 *
 * @type {[selector: string, role: string][]}
 */
export const NEEDS = [
  ['[data-testid="control-bar"] .controls button, [data-testid="control-bar"] .controls input', 'operator'],
  ['[data-testid="twin-start"]', 'operator'],
  ['[data-testid="annotations"] input, [data-testid="annotations"] textarea, [data-testid="annotations"] button', 'operator'],
  ['[data-testid^="test-"], .channel-actions button', 'admin'],
  ['[data-needs="operator"]', 'operator'],
  ['[data-needs="admin"]', 'admin'],
];

/** @typedef {{required: boolean, name: string | null, role: string | null}} Session as GET /session has it */

/** Whether a role includes another. @param {string | null} role @param {string} needed */
export function includes(role, needed) {
  return ORDER.indexOf(role ?? '') >= ORDER.indexOf(needed);
}

/** Whether somebody has to log in first. @param {Session} session */
export function mustLogIn(session) {
  return session.required && session.role === null;
}

/** Why something cannot be done, or null where it can. @param {Session} session @param {string} needed @returns {string | null} */
export function reasonAgainst(session, needed) {
  if (!session.required || session.role === null || includes(session.role, needed)) return null;
  return `Your role, ${session.role}, does not allow this: it takes ${needed === 'admin' ? 'an admin' : 'an operator'}.`;
}

/** Who is logged in, in words; empty where nobody has to be. @param {Session} session */
export function whoIs(session) {
  return session.required && session.name !== null ? `${session.name} (${session.role})` : '';
}
