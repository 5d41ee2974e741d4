package io.gradwatch.telemetry.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.RunStarted;
import org.junit.jupiter.api.Test;

class TwinTest {
    private static RunStarted.Builder run() {
        return RunStarted.newBuilder()
                .setName("vgg38")
                .setPreset("vgg38")
                .putConfiguration("preset", "vgg38")
                .putConfiguration("lr", "0.001")
                .putConfiguration("batch", "16")
                .putConfiguration("bn", "none")
                .putConfiguration("skip", "none")
                .putConfiguration("data", "synthetic")
                .putConfiguration("threads", "2");
    }

    @Test
    void isThePresetWithBothCuresAndEverythingElseAsItWas() {
        Twin.Plan plan = (Twin.Plan) Twin.of("r-1", run().build());
        assertThat(plan.preset()).isEqualTo("vgg38-bn-resnet");
        assertThat(plan.options())
                .containsEntry("bn", "before")
                .containsEntry("skip", "conv")
                .containsEntry("lr", "0.001")
                .containsEntry("batch", "16")
                .containsEntry("data", "synthetic")
                .containsEntry("name", "vgg38-bn-resnet")
                .containsEntry("tag", "twin-of-r-1")
                .doesNotContainKeys("threads", "preset");
        assertThat(plan.commandLine())
                .isEqualTo("./gradwatch train vgg38-bn-resnet --bn before --skip conv --batch 16 --data synthetic"
                        + " --lr 0.001 --name vgg38-bn-resnet --tag twin-of-r-1");
    }

    @Test
    void keepsWhatARunHasAlreadyAndItsOwnName() {
        RunStarted started = run().setName("it's mine")
                .putConfiguration("preset", "vgg38-bn-after")
                .putConfiguration("bn", "after")
                .build();
        Twin.Plan plan = (Twin.Plan) Twin.of("r-1", started);
        assertThat(plan.preset()).isEqualTo("vgg38-bn-after");
        assertThat(plan.options()).containsEntry("bn", "after").containsEntry("name", "it's mine, cured");
        assertThat(plan.commandLine()).contains("--name 'it'\\''s mine, cured'");
    }

    @Test
    void saysWhyThereIsNone() {
        assertThat(Twin.of("r", RunStarted.getDefaultInstance())).asString().contains("only a network of");
        assertThat(Twin.of("r", run().removeConfiguration("skip").build()))
                .asString()
                .contains("family");
        assertThat(Twin.of(
                        "r",
                        run().putConfiguration("bn", "before")
                                .putConfiguration("skip", "avg")
                                .build()))
                .asString()
                .contains("already");
    }
}
