/**
 * What the user reads: lines, colours, tables, and problems in plain words.
 *
 * <p>Depends on nothing but the JDK. Safe for any thread: a line is written in one piece.
 */
@NullMarked
package io.gradwatch.launcher.terminal;

import org.jspecify.annotations.NullMarked;
