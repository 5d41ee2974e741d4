package io.gradwatch.telemetry.access;

import java.time.Duration;

/** Whether somebody is let in. */
public sealed interface Answer {
    record Yes(Person person) implements Answer {}

    /** They have shown nothing. */
    record Unknown() implements Answer {}

    /** What they have shown is not, or no longer, right. */
    record Wrong() implements Answer {}

    /** Too many wrong ones came from there: what they have shown was not looked at. */
    record Wait(Duration rest) implements Answer {}
}
