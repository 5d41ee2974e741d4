package io.gradwatch.listener.command;

import java.util.OptionalDouble;

/** The learning rate of a model. For the training thread. */
public interface LearningRate {
    /** That of the next step; empty where the model's updater has none. */
    OptionalDouble now();

    /** Sets it for all steps from the next one on. */
    void set(double rate);
}
