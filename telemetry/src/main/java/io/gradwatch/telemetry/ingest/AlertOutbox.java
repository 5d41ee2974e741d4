package io.gradwatch.telemetry.ingest;

import io.gradwatch.telemetry.history.OutboxAlert;
import java.util.List;

/** Publishes transitions that are in history. Called on the ingest thread; must not block. */
public interface AlertOutbox {

    /** Takes transitions to publish, in the order in which they happened. One that is already under way is ignored. */
    void publish(List<OutboxAlert> transitions);

    /**
     * Whose alerts are published from now on. May block for some seconds.
     *
     * @throws RuntimeException what is published already cannot be told; to be tried again
     */
    default void begin(Share share) {}

    /** No alert of the share is published any more when this returns, some seconds later at most. */
    default void end() {}

    /** The transitions that the brokers have acknowledged since the last call. */
    List<OutboxAlert.Key> takeAcknowledged();
}
