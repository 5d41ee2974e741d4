/**
 * The records of a run once more onto a topic, for trying consumers: from the log where it still has them, else from history.
 *
 * <p>Depends on the contract, on {@code replay} for the pace, on Kafka's clients, and on the service's HTTP API; on nothing
 * else of the service, beside which it runs as a process of its own. One thread does everything but the sending, which is
 * the Kafka producer's.
 */
@NullMarked
package io.gradwatch.telemetry.republish;

import org.jspecify.annotations.NullMarked;
