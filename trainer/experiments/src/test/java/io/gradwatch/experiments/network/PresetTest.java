package io.gradwatch.experiments.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;

class PresetTest {

    @Test
    void table1HasThePapersRowsInItsOrder() {
        assertThat(Preset.table1().stream().map(PresetTest::row))
                .containsExactly(
                        "vgg08 100 0.001 0.0 49.95 55.24",
                        "vgg08-bn 100 0.001 0.0 53.89 59.65",
                        "vgg08-bn-resnet 100 0.001 0.0 54.45 60.74",
                        "vgg38 100 0.001 0.0 1.0 1.0",
                        "vgg38-bn 100 0.001 0.0 46.78 54.2",
                        "vgg38-bn-lr0.01 100 0.01 0.0 44.14 48.33",
                        "vgg38-bn-lr0.1 100 0.1 0.0 22.46 24.86",
                        "vgg38-bn-b256 256 0.001 0.0 47.22 58.05",
                        "vgg38-bn-b512 512 0.001 0.0 46.49 60.43",
                        "vgg38-sigmoid-bn 512 0.001 0.0 26.88 28.29",
                        "vgg38-resnet 100 0.001 0.0 44.77 52.2",
                        "vgg38-bn-resnet 512 0.001 0.0 58.84 78.65",
                        "vgg38-bn-resnet-lr0.1-wd1e-4 512 0.1 1.0E-4 30.22 29.7",
                        "vgg38-bn-resnet-b256-lr0.01-wd6e-4 256 0.01 6.0E-4 57.67 72.81",
                        "vgg38-bn-resnet-b256-lr0.01-wd1e-4 256 0.01 1.0E-4 58.25 67.5",
                        "vgg38-bn-resnet-b256-lr0.001-wd1e-4 256 0.001 1.0E-4 61.81 85.21");
    }

    @Test
    void rowsThatDifferInHyperParametersAloneHaveTheSameNetwork() {
        for (Preset preset : Preset.table1()) {
            String network = preset.name().replaceAll("-(b\\d|lr|wd).*", "");
            assertThat(preset.spec())
                    .as(preset.name())
                    .isEqualTo(Preset.named(network).spec());
        }
    }

    @Test
    void everyNameIsFoundAndNoneIsGivenTwice() {
        assertThat(Preset.all()).hasSize(30).doesNotHaveDuplicates();
        for (Preset preset : Preset.all()) {
            assertThat(Preset.named(preset.name())).isSameAs(preset);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "vgg08, 59652",
        "vgg08-bn, 60100",
        "vgg08-bn-resnet, 63172",
        "vgg38, 336132",
        "vgg38-bn, 338500",
        "vgg38-resnet, 339204",
        "vgg38-bn-resnet, 341572",
        "vgg38-sigmoid-bn, 338500"
    })
    void hasAsManyParametersAsBefore(String name, long parameters) {
        assertThat(Preset.named(name).trainableParameters()).isEqualTo(parameters);
    }

    @Test
    void claimsNoFiguresThatThePaperDoesNotGive() {
        assertThat(Preset.further()).allSatisfy(preset -> {
            assertThat(preset.paperTestPercent()).isEmpty();
            assertThat(preset.paperTrainPercent()).isEmpty();
        });
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
        assertThatThrownBy(() -> Preset.named("densenet").spec().withSkip(Skip.MAX))
                .hasMessage("skip max: a DenseNet has its own way around its layers; accepted for VGG networks");
        assertThatThrownBy(() -> Preset.named("wide-resnet").spec().withNormalisation(Normalisation.AFTER))
                .hasMessage("batch normalisation after the activation: a Wide ResNet normalises what enters its layers;"
                        + " accepted are before and none");
        assertThatThrownBy(() -> Preset.named("resnext").spec().withFilters(30))
                .hasMessage("filters 30 with cardinality 4: accepted are multiples of the cardinality");
        assertThatThrownBy(() -> new Architecture.Highway(1, Double.NaN))
                .hasMessage("gate bias NaN: accepted are -20 to 20");
        assertThatThrownBy(() -> new Architecture.DenseNet(0, 12)).hasMessage("depth blocks 0: accepted are 1 to 64");
    }

    private static String row(Preset preset) {
        return String.join(
                " ",
                preset.name(),
                Integer.toString(preset.batchSize()),
                Double.toString(preset.learningRate()),
                Double.toString(preset.weightDecay()),
                Double.toString(preset.paperTestPercent().getAsDouble()),
                Double.toString(preset.paperTrainPercent().getAsDouble()));
    }
}
