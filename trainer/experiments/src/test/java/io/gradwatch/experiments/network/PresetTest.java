package io.gradwatch.experiments.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;

class PresetTest {

    @ParameterizedTest
    @CsvSource({
        "vgg08, 100, 49.95, 55.24, 59652",
        "vgg08-bn, 100, 53.89, 59.65, 60100",
        "vgg08-bn-resnet, 100, 54.45, 60.74, 63172",
        "vgg38, 100, 1, 1, 336132",
        "vgg38-bn, 100, 46.78, 54.20, 338500",
        "vgg38-resnet, 100, 44.77, 52.20, 339204",
        "vgg38-bn-resnet, 512, 58.84, 78.65, 341572",
        "vgg38-sigmoid-bn, 512, 26.88, 28.29, 338500"
    })
    void carriesThePapersRow(String name, int batchSize, double test, double train, long parameters) {
        Preset preset = Preset.named(name);

        assertThat(preset.batchSize()).isEqualTo(batchSize);
        assertThat(preset.learningRate()).isEqualTo(0.001);
        assertThat(preset.weightDecay()).isZero();
        assertThat(preset.paperTestPercent()).hasValue(test);
        assertThat(preset.paperTrainPercent()).hasValue(train);
        assertThat(preset.trainableParameters()).isEqualTo(parameters);
    }

    @Test
    void claimsNoFiguresThatThePaperDoesNotGive() {
        assertThat(Preset.named("vgg08-resnet").paperTestPercent()).isEmpty();
        assertThat(Preset.named("vgg08-sigmoid-bn").paperTrainPercent()).isEmpty();
    }

    @Test
    void isFoundInAnyCase() {
        assertThat(Preset.named(" VGG38-BN ")).isEqualTo(Preset.named("vgg38-bn"));
    }

    @Test
    void unknownNameIsAnsweredWithTheNearestFirst() {
        assertThatThrownBy(() -> Preset.named("vgg38-bn-resnt"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("unknown preset \"vgg38-bn-resnt\": accepted are vgg38-bn-resnet, ")
                .hasMessageContaining("vgg08-sigmoid-bn");
    }

    @Test
    void specificationRefusesWhatMakesNoNetwork() {
        NetworkSpec plain = NetworkSpec.plain(0);
        assertThatThrownBy(() -> plain.withFilters(0)).hasMessage("filters 0: accepted are 1 to 1024");
        assertThatThrownBy(() -> plain.withClasses(1)).hasMessage("classes 1: accepted are 2 to 100000");
        assertThatThrownBy(() -> NetworkSpec.plain(65)).hasMessage("depth blocks 65: accepted are 0 to 64");
        assertThatThrownBy(() -> plain.withDataType(DataType.HALF))
                .hasMessage("data type HALF: accepted are FLOAT and DOUBLE");
    }
}
