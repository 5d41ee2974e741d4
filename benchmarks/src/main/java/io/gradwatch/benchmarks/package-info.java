/**
 * Programs that measure Gradwatch; each is one main class, started by a script of this module.
 *
 * <p>May depend on any module; nothing depends on it. Single-threaded but for what it measures.
 */
@NullMarked
package io.gradwatch.benchmarks;

import org.jspecify.annotations.NullMarked;
