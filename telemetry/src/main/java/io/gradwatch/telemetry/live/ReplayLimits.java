package io.gradwatch.telemetry.live;

/**
 * The numbers of replays.
 *
 * @param runsOfViewer runs that the replays of one connection may play
 * @param runsInAll runs that all replays together may play
 * @param backfill iterations before the place to which a viewer goes that are sent with it
 * @param aheadBytes memory for what is read ahead of one run, about
 * @param aheadRecords and so many records at most
 * @param tickMs least time between two frames of a run, unless more is due than one holds
 * @param statusMs time between two {@code replay} messages while it plays
 */
record ReplayLimits(
        int runsOfViewer, int runsInAll, int backfill, int aheadBytes, int aheadRecords, long tickMs, long statusMs) {
    static final ReplayLimits STANDARD = new ReplayLimits(8, 32, 512, 4 << 20, 1024, 50, 250);

    /** Heap that a value of a record takes, about. */
    private static final int BYTES_PER_VALUE = 8;

    /** Records that are read ahead of a network of so many layers. */
    int ahead(int layers, int batchNorms) {
        int bytesPerRecord = BYTES_PER_VALUE * (32 + 8 * layers + 19 * batchNorms);
        return Math.max(32, Math.min(aheadRecords, aheadBytes / bytesPerRecord));
    }
}
