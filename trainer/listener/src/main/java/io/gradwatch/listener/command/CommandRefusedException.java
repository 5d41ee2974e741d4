package io.gradwatch.listener.command;

/** Thrown by an application's callback: the command is refused, and whoever sent it reads why. */
public final class CommandRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param reason one sentence for a person */
    public CommandRefusedException(String reason) {
        super(reason, null, false, false);
    }

    /** The sentence. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
