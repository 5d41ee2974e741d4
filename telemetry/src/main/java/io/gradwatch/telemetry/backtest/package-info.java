/**
 * Back-tests: what rules would have said of recorded runs, how well that fits what people say of the runs, and how it differs
 * from the rules of today.
 *
 * <p>Depends on {@code rules}, {@code stream}, {@code runs} and, to read recorded runs, {@code history}; rules are evaluated by
 * the same engine as live. Results are immutable; a back-test runs on the thread that calls it and blocks it for as long as it
 * takes, so that callers give it one of its own.
 */
@NullMarked
package io.gradwatch.telemetry.backtest;

import org.jspecify.annotations.NullMarked;
