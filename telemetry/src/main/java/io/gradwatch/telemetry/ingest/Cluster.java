package io.gradwatch.telemetry.ingest;

/** The brokers, seen from outside of the log. */
interface Cluster extends AutoCloseable {

    /**
     * Makes sure that all topics exist. Blocks for a few seconds at most.
     *
     * @return the cluster's id
     * @throws RuntimeException when Kafka does not answer or refuses; try again later
     */
    String prepare();

    /** Whether Kafka answered when it was last asked, a few seconds ago at most. Any thread. */
    boolean isConnected();

    @Override
    void close();
}
