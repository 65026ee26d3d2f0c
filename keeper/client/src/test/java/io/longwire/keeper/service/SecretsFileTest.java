package io.longwire.keeper.service;

import io.longwire.keeper.config.ConfigException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class SecretsFileTest {
    @TempDir
    private Path folder;

    @Test
    void makesAFileThatOnlyItsOwnerReads() throws IOException {
        Path file = folder.resolve("secrets.yaml");

        String adminKey = SecretsFile.create(file);

        Secrets secrets = SecretsFile.read(file);
        assertThat(secrets.adminKeyHash()).isEqualTo(SecretsFile.sha256(adminKey));
        assertThat(secrets.credentialKeys()).containsOnlyKeys(1);
        assertThat(secrets.endpointTagKey()).hasSize(32);
        assertThat(secrets.ticketKey()).hasSize(32).isNotEqualTo(secrets.endpointTagKey());
        assertThat(Files.readString(file)).doesNotContain(adminKey);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThatThrownBy(() -> SecretsFile.create(file)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void aFileOfBeforeHasNoTicketKey() throws IOException {
        Path file = folder.resolve("secrets.yaml");
        SecretsFile.create(file);
        String good = Files.readString(file);

        Files.writeString(file, good.replaceAll("ticketKey: .*\n", ""));
        assertThat(SecretsFile.read(file).ticketKey()).isEmpty();
        Files.writeString(file, good.replaceAll("ticketKey: .*", "ticketKey: c2hvcnQ="));
        assertThatThrownBy(() -> SecretsFile.read(file)).hasMessageContaining("ticketKey: ***");
    }

    @Test
    void refusesAWrongFileWithoutShowingKeys() throws IOException {
        Path file = folder.resolve("secrets.yaml");
        SecretsFile.create(file);
        String good = Files.readString(file);

        Files.writeString(file, good.replace("signingKey: 1", "signingKey: 2"));
        assertThatThrownBy(() -> SecretsFile.read(file)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("signingKey: 2 (expected: one of the ids in credentialKeys)");
        Files.writeString(file, good.replaceAll("endpointTagKey: .*", "endpointTagKey: c2hvcnQ="));
        assertThatThrownBy(() -> SecretsFile.read(file)).hasMessageContaining("endpointTagKey: ***")
                .hasMessageNotContaining("c2hvcnQ");
        Files.writeString(file, good.replaceAll("adminKeyHash: .*", "adminKeyHash: xyz"));
        assertThatThrownBy(() -> SecretsFile.read(file)).hasMessageContaining("adminKeyHash: ***");
    }
}
