/** Who asked for which change, and what came of it: into the log, and back from it. */
@NullMarked
package io.gradwatch.telemetry.audit;

import org.jspecify.annotations.NullMarked;
