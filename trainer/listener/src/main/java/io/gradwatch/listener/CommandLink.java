package io.gradwatch.listener;

import io.gradwatch.contract.v1.Acknowledgement;
import io.gradwatch.contract.v1.TrainerState;
import io.gradwatch.listener.command.Answers;
import io.gradwatch.listener.command.CommandDesk;
import io.gradwatch.listener.command.CommandInbox;
import io.gradwatch.listener.command.TrainingCommands;
import io.gradwatch.listener.publish.Publisher;
import java.util.function.Function;

/** A run's way to be told what to do: from the reader's thread through the inbox to the training thread. */
final class CommandLink {
    /** Starts to read commands into an inbox. */
    @FunctionalInterface
    interface Source extends Function<CommandInbox, AutoCloseable> {}

    private final CommandDesk desk;
    private final boolean betweenSteps;
    private final AutoCloseable reader;

    private CommandLink(CommandDesk desk, boolean betweenSteps, AutoCloseable reader) {
        this.desk = desk;
        this.betweenSteps = betweenSteps;
        this.reader = reader;
    }

    static CommandLink open(
            TrainingCommands application, ModelLearningRate rate, Records records, Publisher publisher, Source source) {
        CommandInbox inbox = new CommandInbox();
        Answers answers = new Answers() {
            @Override
            public void send(Acknowledgement answer) {
                publisher.offerAlways(records.acknowledgement(answer));
            }

            @Override
            public void send(TrainerState state) {
                publisher.offerAlways(records.state(state));
            }
        };
        CommandDesk desk = new CommandDesk(inbox, application, rate, answers, records.clock(), System::nanoTime);
        return new CommandLink(desk, application.areBetweenSteps(), source.apply(inbox));
    }

    /** Whether the training loop says when commands are obeyed. */
    boolean isBetweenSteps() {
        return betweenSteps;
    }

    /** Whether anything has come; costs next to nothing. */
    boolean hasWork() {
        return desk.hasWork();
    }

    void obey(long iteration) {
        desk.obey(iteration);
    }

    /** Refuses what is left. Waits a second at most. */
    void close(long iteration) throws Exception {
        reader.close();
        desk.close(iteration);
    }
}
