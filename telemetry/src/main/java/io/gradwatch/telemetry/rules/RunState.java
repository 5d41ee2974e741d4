package io.gradwatch.telemetry.rules;

/** API draft. */
public final class RunState {
    /** The state of a run of which no record has been seen. */
    public static final RunState EMPTY = new RunState();

    private RunState() {}

    /** Serialises the state; {@link #fromBytes} reads it back exactly. */
    public byte[] toBytes() {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws IllegalArgumentException when the bytes are damaged or of another version; then evaluate the run anew from
     *     its first record, or start from {@link #EMPTY}
     */
    public static RunState fromBytes(byte[] bytes) {
        throw new UnsupportedOperationException(bytes.length + "");
    }
}
