package io.gradwatch.telemetry.audit;

import io.gradwatch.contract.v1.Envelope;
import java.util.List;
import java.util.Optional;

/** Reads audit records. Blocks. */
public interface AuditReader {
    /**
     * Some records, newest first.
     *
     * @param next where the ones before them begin, for {@link #before}; empty when there are none
     */
    record Page(List<Envelope> items, Optional<List<Long>> next) {}

    /**
     * The newest records before a place.
     *
     * @param place as a page's {@code next}; empty: the end
     * @param most how many at most
     */
    Page before(Optional<List<Long>> place, int most);
}
