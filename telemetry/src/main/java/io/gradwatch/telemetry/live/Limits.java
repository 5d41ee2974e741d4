package io.gradwatch.telemetry.live;

/**
 * The hub's numbers.
 *
 * @param ringRecords newest records of a run kept in memory
 * @param quietRingRecords the same for a run without viewers, when more than {@code quietRings} of them hold more
 * @param quietRings runs without viewers that may keep a full ring
 * @param idleMs after so long without record and viewer a run is forgotten
 * @param tickMs least time between two frames of a run
 * @param newsMs least time between two {@code run} messages of a run
 * @param credit frames of a run under way to a viewer
 * @param frameBytes a frame of several points is not larger than about this
 * @param framePoints nor has it more points
 * @param pageRecords records read from history at a time
 * @param resetAfter iterations missed beyond which a viewer starts anew
 * @param resetTo iterations with which it starts then
 * @param subscriptions runs that one connection may follow
 * @param slowCloseMs a connection that takes nothing for so long is closed
 */
record Limits(
        int ringRecords,
        int quietRingRecords,
        int quietRings,
        long idleMs,
        long tickMs,
        long newsMs,
        int credit,
        int frameBytes,
        int framePoints,
        int pageRecords,
        int resetAfter,
        int resetTo,
        int subscriptions,
        long slowCloseMs) {
    static final Limits STANDARD = new Limits(
            LiveHub.RING_RECORDS,
            LiveHub.RING_RECORDS / 4,
            16,
            LiveHub.IDLE_SECONDS * 1000L,
            50,
            1000,
            4,
            512 * 1024,
            512,
            512,
            5000,
            512,
            32,
            30_000);

    /** Points of a frame for a network of so many layers. */
    int pointsPerFrame(int layers, int batchNorms) {
        long bytesPerPoint = 4L * (10 + 8L * layers + 19L * batchNorms);
        return (int) Math.max(1, Math.min(framePoints, frameBytes / bytesPerPoint));
    }
}
