/**
 * Several services that share the work: who owns which partitions, and where to find whom.
 *
 * <p>{@code Membership} is the edge to Kafka, with threads of its own; all else is pure, or state behind a lock. Depends on
 * {@code ingest}, whose port {@code Shares} it implements.
 */
@NullMarked
package io.gradwatch.telemetry.group;

import org.jspecify.annotations.NullMarked;
