package io.gradwatch.listener.command;

import io.gradwatch.contract.v1.Acknowledgement;
import io.gradwatch.contract.v1.TrainerState;

/** Where answers go. Any thread; never waits. */
public interface Answers {
    void send(Acknowledgement answer);

    void send(TrainerState state);
}
