package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.Acknowledgement;
import io.gradwatch.contract.v1.Command;
import java.util.Optional;

/**
 * A command to a run's trainer, and what became of it.
 *
 * @param attempt of the run that it was meant for
 * @param issuedAtMs when it was made, milliseconds since the epoch
 * @param answer empty as long as there is none
 */
public record CommandHistory(String runId, int attempt, long issuedAtMs, Command command, Optional<Answer> answer) {
    /**
     * A trainer's, or a launcher's, answer.
     *
     * @param attempt of the run that gave it
     * @param producedAtMs when it was given, by the clock of who gave it
     */
    public record Answer(int attempt, long producedAtMs, Acknowledgement acknowledgement) {}

    /** What has become of a command. */
    public enum State {
        /** No answer yet, and there is time for one. */
        SENT("sent"),
        APPLIED("applied"),
        REFUSED("refused"),
        /** No answer, and too late for one. */
        TIMED_OUT("timed out"),
        /** What a rule would have sent: nobody was to answer. */
        DRY_RUN("dry run");

        private final String label;

        State(String label) {
            this.label = label;
        }

        /** Its name in the API. */
        public String label() {
            return label;
        }
    }

    /** The command's id. */
    public String id() {
        return command.getCommandId();
    }

    /** What has become of it at this time. An answer counts whenever it comes. */
    public State state(long nowMs) {
        if (answer.isPresent()) {
            return answer.get().acknowledgement().getOutcome() == Acknowledgement.Outcome.APPLIED
                    ? State.APPLIED
                    : State.REFUSED;
        }
        if (command.hasDryRun()) {
            return State.DRY_RUN;
        }
        boolean over = command.getExpiresAtMs() != 0 && nowMs > command.getExpiresAtMs();
        return over ? State.TIMED_OUT : State.SENT;
    }

    /** Whether it was answered after the time that it had. */
    public boolean isLate() {
        return command.getExpiresAtMs() != 0
                && answer.filter(a -> a.producedAtMs() > command.getExpiresAtMs())
                        .isPresent();
    }
}
