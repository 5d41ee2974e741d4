package io.gradwatch.telemetry.audit;

import io.gradwatch.contract.v1.AuditRecord;

/** Keeps audit records. Any thread; does not block. */
public interface AuditLog {
    /** Keeps nothing. */
    AuditLog NONE = (runId, record) -> {};

    /**
     * Appends one record. What cannot be kept is told in the service's log, with all that it says.
     *
     * @param runId the run that it is about, or {@link io.gradwatch.contract.Topic#NO_RUN}
     */
    void append(String runId, AuditRecord record);
}
