/**
 * The data directory: its layout and format number, who uses it, and where that process is to be reached.
 *
 * <p>Depends on the terminal package for its messages, and on Jackson for one file. Used by the main thread alone, except
 * where a type says otherwise.
 */
@NullMarked
package io.gradwatch.launcher.datadir;

import org.jspecify.annotations.NullMarked;
