package io.gradwatch.listener.publish;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where the publisher's thread puts records. Kafka in production; tests put a fake here. */
interface Sink {
    /** What became of a record that was offered. */
    enum Handover {
        /** The sink has it: the completion will be called once. */
        TAKEN,
        /** Not now: offer the same record again. The completion will not be called. */
        BUSY,
        /** Never: this record cannot be sent at all. The completion will not be called. */
        REFUSED,
        /** The sink is of no further use: close it, open another, offer the same record there. Not called either. */
        BROKEN
    }

    /** Called once for every record taken, on any thread. */
    @FunctionalInterface
    interface Completion {
        /**
         * @param failure null when the brokers have acknowledged the record, otherwise why they never will
         */
        void done(@Nullable Exception failure);
    }

    /** Offers a record. May block for about a second. Called by one thread, in order. */
    Handover offer(Outgoing item, Completion completion);

    /** Why the last offer was not {@link Handover#TAKEN}, for the log. */
    String problem();

    /** Ends the sink: waits up to {@code timeout} for what it has taken; what is left then fails. */
    void close(Duration timeout);

    /** Opens sinks. */
    @FunctionalInterface
    interface Factory {
        /**
         * @throws RuntimeException when it cannot be opened now
         */
        Sink open();
    }
}
