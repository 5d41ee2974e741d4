package io.gradwatch.telemetry.notify;

/** A message did not arrive. Its text is for a person. */
final class DeliveryException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean forGood;

    /** @param forGood the receiver has refused it: the same again would be refused, too */
    DeliveryException(String message, boolean forGood) {
        super(message, null, false, false);
        this.forGood = forGood;
    }

    boolean forGood() {
        return forGood;
    }
}
