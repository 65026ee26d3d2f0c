package io.longwire.cli;

import io.longwire.center.CenterConfig;
import io.longwire.coordinator.CoordinatorConfig;
import io.longwire.dispatcher.DispatcherConfig;
import io.longwire.keeper.agent.AgentConfig;
import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.ConfigReader;
import io.longwire.keeper.config.YamlFile;
import io.longwire.keeper.server.KeeperConfig;
import io.longwire.keeper.service.ServiceConfig;
import io.longwire.register.RegisterConfig;
import io.longwire.room.RoomConfig;
import io.longwire.saver.SaverConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Every sample configuration that is shipped is one its part would start with. */
class SampleConfigTest {
    private static final Path SAMPLES = Path.of(System.getProperty("longwire.root", "."), "ops/packaging/config");
    private static final Map<String, ConfigReader<?>> READERS = Map.of("keeper", KeeperConfig::read, "register",
            RegisterConfig::read, "saver", SaverConfig::read, "room", RoomConfig::read, "center", CenterConfig::read,
            "dispatcher", DispatcherConfig::read, "coordinator", CoordinatorConfig::read, "agent", AgentConfig::read);

    @Test
    void hasASampleForEachPart() throws IOException {
        try (var files = Files.list(SAMPLES)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(READERS.keySet());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"keeper", "register", "saver", "room", "center", "dispatcher", "coordinator", "agent"})
    void readsTheSampleOf(String part) {
        ConfigNode root = YamlFile.read(SAMPLES.resolve(part + ".yaml")).root();
        root.node("service", ServiceConfig::read);
        assertThat(reader(part).read(root)).isNotNull();
        root.finish();
        assertThat(YamlFile.print(root.effective())).contains("zookeeper: zk1:2181").doesNotContain("&id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"keeper", "register", "saver", "room", "center", "dispatcher", "coordinator", "agent"})
    void namesTheLineOfAMistypedKeyIn(String part) throws IOException {
        String text = Files.readString(SAMPLES.resolve(part + ".yaml")).replace("zookeeper:", "zokeeper:");
        ConfigNode root = YamlFile.of("typo.yaml", text).root();
        assertThatThrownBy(() -> {
            root.node("service", ServiceConfig::read);
            reader(part).read(root);
            root.finish();
        }).isInstanceOf(ConfigException.class).hasMessageContaining("zokeeper").hasMessageContaining("typo.yaml:")
                .hasMessageContaining("did you mean zookeeper?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"keeper", "register", "saver", "room", "center", "dispatcher", "coordinator"})
    void tellsForEachKeyOfItsSchemaWhatItIsForIn(String part) {
        ConfigNode root = YamlFile.read(SAMPLES.resolve(part + ".yaml")).root();
        root.node("service", ServiceConfig::read);
        reader(part).read(root);

        assertThat(root.schema()).filteredOn(key -> !key.getPath().equals("service"))
                .allSatisfy(key -> assertThat(key.getSentence()).as(key.getPath()).isNotEmpty());
        assertThat(root.neverAsked()).isEmpty();
    }

    private static ConfigReader<?> reader(String part) {
        ConfigReader<?> reader = READERS.get(part);
        if (reader == null) {
            throw new IllegalArgumentException(part);
        }
        return reader;
    }
}
