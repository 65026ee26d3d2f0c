package io.longwire.keeper.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

final class EngineTest {
    @TempDir
    private Path place;

    @Test
    void takesJfrWhereTheLibraryCannotBeUnpacked() throws IOException {
        Path file = Files.createFile(place.resolve("a-file"));
        var engine = new Engine(file.resolve("below"));

        Sampler chosen = engine.get();

        assertThat(chosen).isInstanceOf(JfrSampler.class);
        assertThat(chosen.name()).isEqualTo("JFR");
        assertThat(engine.get()).as("chosen once").isSameAs(chosen);
    }
}
