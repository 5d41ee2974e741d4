/**
 * What becomes of runs after they have ended: import, archiving by a policy, deletion from everywhere, and the records in
 * Kafka that nobody needs any more.
 *
 * <p>Depends on {@code archive}, {@code tensorboard}, {@code history}, {@code runs}, {@code ingest}'s settings and Kafka's
 * clients. Any thread may call; methods block. The policy has a thread of its own.
 */
@NullMarked
package io.gradwatch.telemetry.lifecycle;

import org.jspecify.annotations.NullMarked;
