package io.gradwatch.listener;

import io.gradwatch.listener.network.TrainedModel;
import io.gradwatch.listener.resources.GpuMonitor;
import io.gradwatch.listener.resources.ProcessResources;
import io.gradwatch.listener.resources.ResourceSampler;
import org.nd4j.linalg.api.memory.AllocationsTracker;
import org.nd4j.linalg.api.memory.enums.AllocationKind;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Where the figures of native arrays and the GPU come from. */
final class NativeResources {
    private NativeResources() {}

    /**
     * The process, and what ND4J accounts for: workspaces, which hold activations and everything else that lives for a
     * step, and constants. To it come the model's flattened parameters and gradient. Of other arrays outside of
     * workspaces nobody keeps an account, JavaCPP does not either.
     */
    static ResourceSampler.Source source(TrainedModel model) {
        INDArray parameters = model.parameters();
        long flattened = 2 * parameters.length() * parameters.dataType().width();
        int devices = Math.max(1, Nd4j.getAffinityManager().getNumberOfDevices());
        boolean cuda = Nd4j.getExecutioner().getClass().getSimpleName().contains("Cuda");
        return new ProcessResources(() -> flattened + tracked(devices), cuda ? GpuMonitor.start() : null);
    }

    private static long tracked(int devices) {
        long bytes = 0;
        for (int device = 0; device < devices; device++) {
            for (AllocationKind kind : AllocationKind.values()) {
                bytes += AllocationsTracker.getInstance().bytesOnDevice(kind, device);
            }
        }
        return bytes;
    }
}
