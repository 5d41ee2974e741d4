package io.gradwatch.telemetry.ingest;

import java.util.Set;

/** Tells ingest what to read, and hears how far that is. Called on the ingest thread; must not block. */
public interface Shares {
    /** All of the log, for ever: there is no other service. */
    Shares ALL = new Shares() {
        @Override
        public Share current() {
            return Share.ALL;
        }

        @Override
        public boolean begin(Share share) {
            return true;
        }

        @Override
        public void ended() {}

        @Override
        public void caughtUp(Share share, Set<Integer> partitions) {}
    };

    /** What is to be read now; equal for as long as that does not change. */
    Share current();

    /** Reading is about to begin; false: this share is out of date already. */
    boolean begin(Share share);

    /** Nothing is read, judged or published any more of what {@link #begin} named. */
    void ended();

    /** These of its partitions have been read up to where they ended when reading began. */
    void caughtUp(Share share, Set<Integer> partitions);
}
