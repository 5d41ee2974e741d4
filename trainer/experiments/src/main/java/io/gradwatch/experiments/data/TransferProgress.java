package io.gradwatch.experiments.data;

/** Hears how far a download is. */
@FunctionalInterface
public interface TransferProgress {
    /**
     * Called every few kilobytes, on the downloading thread.
     *
     * @param bytes received so far, with what an earlier attempt left
     * @param total bytes of the whole file, -1 if the server does not say
     */
    void received(long bytes, long total);
}
