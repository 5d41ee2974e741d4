/**
 * Whether this machine can run the CUDA backend, told before its native code is loaded, which fails without saying why.
 *
 * <p>Depends on nothing but the JDK: ND4J must not be started by asking. {@link io.gradwatch.experiments.gpu.CudaCheck}
 * decides from the facts that {@link io.gradwatch.experiments.gpu.Machine} gathers; everything is immutable and safe for
 * any thread.
 */
@NullMarked
package io.gradwatch.experiments.gpu;

import org.jspecify.annotations.NullMarked;
