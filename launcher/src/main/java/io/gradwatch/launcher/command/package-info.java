/**
 * The command line: options, what each command does with a session, and what it prints.
 *
 * <p>Depends on the session, broker, datadir and terminal packages and on picocli; only the entry point depends on it.
 * Commands run on the main thread and return their exit code: 0 ok, 1 failed, 2 bad usage.
 */
@NullMarked
package io.gradwatch.launcher.command;

import org.jspecify.annotations.NullMarked;
