package io.gradwatch.listener.publish;

/**
 * What became of a run's iteration records; every one is in exactly one of the three counts.
 *
 * @param delivered acknowledged by the brokers
 * @param dropped given up before the end: the queue was full, or the brokers refused the record for good
 * @param undelivered still on their way when the deadline passed; some of them may have reached the log
 * @param ended whether the record that ends the run was acknowledged
 */
public record Delivery(long delivered, long dropped, long undelivered, boolean ended) {
    /** Whether the log holds every iteration and the end of the run. */
    public boolean complete() {
        return dropped == 0 && undelivered == 0 && ended;
    }
}
