/**
 * The whole system, seen from outside: real launcher, broker, service, trainers and browser as processes.
 *
 * <p>These tests know of the product what a user knows: its command line, its HTTP API, its topics and its pages. They
 * need the modules' packages ({@code target/lib}), so they run in Maven's {@code integration-test} phase.
 */
@NullMarked
package io.gradwatch.system;

import org.jspecify.annotations.NullMarked;
