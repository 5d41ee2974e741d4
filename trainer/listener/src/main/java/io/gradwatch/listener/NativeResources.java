package io.gradwatch.listener;

import io.gradwatch.listener.resources.GpuMonitor;
import io.gradwatch.listener.resources.ProcessResources;
import io.gradwatch.listener.resources.ResourceSampler;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.factory.Nd4j;

/** Where the figures of native arrays and the GPU come from. */
final class NativeResources {
    private NativeResources() {}

    static ResourceSampler.Source source() {
        boolean cuda = Nd4j.getExecutioner().getClass().getSimpleName().contains("Cuda");
        return new ProcessResources(Pointer::totalBytes, cuda ? GpuMonitor.start() : null);
    }
}
