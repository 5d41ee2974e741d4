/**
 * The wire format: what travels on the Kafka topics, under which keys, and how a reader takes it.
 *
 * <p>Depends on nothing but its codec, Protocol Buffers. All types are immutable and safe for any thread. The messages
 * themselves are generated from {@code telemetry.proto} into {@code io.gradwatch.contract.v1}.
 */
@NullMarked
package io.gradwatch.contract;

import org.jspecify.annotations.NullMarked;
