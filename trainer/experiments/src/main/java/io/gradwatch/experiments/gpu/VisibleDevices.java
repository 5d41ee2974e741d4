package io.gradwatch.experiments.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** CUDA's reading of CUDA_VISIBLE_DEVICES. */
final class VisibleDevices {
    private VisibleDevices() {}

    /** The GPUs that it leaves, in its order: numbers or beginnings of UUIDs, up to the first that means none. */
    static List<Gpu> of(Optional<String> variable, List<Gpu> installed) {
        if (variable.isEmpty()) {
            return installed;
        }
        List<Gpu> visible = new ArrayList<>();
        for (String wanted : variable.get().split(",")) {
            Optional<Gpu> found =
                    installed.stream().filter(gpu -> names(wanted.strip(), gpu)).findFirst();
            if (found.isEmpty()) {
                break;
            }
            visible.add(found.get());
        }
        return visible;
    }

    private static boolean names(String wanted, Gpu gpu) {
        return wanted.equals(Integer.toString(gpu.index()))
                || (wanted.startsWith("GPU-") && gpu.uuid().startsWith(wanted));
    }
}
