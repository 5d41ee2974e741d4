/**
 * Rules of other tools, written anew from their published formulas, to be compared with in back-tests: never part of what judges
 * live.
 *
 * <p>Depends on {@code rules} and the contract. Each rule says what had to be approximated: what others compute of tensors is
 * computed here of the statistics that a record has of them. All types are immutable and safe for any thread.
 */
@NullMarked
package io.gradwatch.telemetry.rules.peers;

import org.jspecify.annotations.NullMarked;
