/**
 * Whether a machine can run Gradwatch, and what to do where it cannot: findings are pure functions of what was measured, {@link
 * io.gradwatch.launcher.doctor.Machine} measures.
 */
@NullMarked
package io.gradwatch.launcher.doctor;

import org.jspecify.annotations.NullMarked;
