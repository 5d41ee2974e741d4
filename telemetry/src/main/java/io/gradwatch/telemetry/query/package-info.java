/**
 * The language in which runs are searched: text to a tree of conditions with checked values, or an error with its place.
 *
 * <p>Depends on nothing: neither the store that answers a query nor HTTP is known here, and time is passed in. All types
 * are immutable and safe for any thread.
 */
@NullMarked
package io.gradwatch.telemetry.query;

import org.jspecify.annotations.NullMarked;
