package io.gradwatch.telemetry.notify;

/** Sends messages of one channel; blocks until the receiver has answered. For one thread at a time. */
interface Delivery extends AutoCloseable {
    void send(Message message) throws DeliveryException, InterruptedException;

    @Override
    default void close() {}
}
