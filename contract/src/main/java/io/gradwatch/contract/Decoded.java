package io.gradwatch.contract;

import io.gradwatch.contract.v1.Envelope;

/** What a record's bytes turned out to be. */
public sealed interface Decoded {

    /**
     * A record that this version understands and that keeps the rules of the format.
     *
     * @param envelope has a body, a valid run id and arrays of equal length
     */
    record Known(Envelope envelope) implements Decoded {}

    /**
     * A well-formed record of a type that this version does not know: skip it, count it.
     *
     * @param schemaVersion the producer's version, probably above {@link WireFormat#SCHEMA_VERSION}
     * @param runId the run that it speaks of, as sent
     */
    record Unknown(int schemaVersion, String runId) implements Decoded {}

    /**
     * Bytes that are not a record, or a record that breaks the rules of the format: count it, keep it aside, go on.
     *
     * @param reason one sentence that names the field and what is accepted
     */
    record Malformed(String reason) implements Decoded {}
}
