package io.gradwatch.telemetry.group;

/** Where a question about a run is answered. */
public sealed interface Route {
    /** By this service. */
    record Here() implements Route {}

    /** By another one. */
    record There(Member owner) implements Route {}

    /**
     * By nobody at the moment.
     *
     * @param why a sentence for people, without a full stop
     * @param retrySeconds when to ask again, 1 or more
     */
    record Nowhere(String why, int retrySeconds) implements Route {}
}
