package io.gradwatch.telemetry.notify;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a channel does.
 *
 * @param queued transitions that it is still to be told
 * @param delivered since the service's start
 * @param failed given up since then
 * @param problem of the newest try; null when that went well, or before the first
 * @param nextTry null while nothing has failed
 */
public record ChannelStatus(
        ChannelSettings channel,
        int queued,
        long delivered,
        long failed,
        @Nullable Instant deliveredAt,
        @Nullable String problem,
        @Nullable Instant nextTry) {}
