package io.longwire.keeper.agent.version;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.longwire.keeper.agent.Made;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.trust.OrderSigner;
import io.longwire.keeper.trust.SigningKey;
import io.longwire.keeper.trust.TrustedKeys;
import io.longwire.rpc.agent.DeployReply;
import io.longwire.rpc.agent.SignedManifest;
import io.longwire.rpc.agent.VersionManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

final class VersionsTest {
    @TempDir
    private Path place;
    private final SigningKey key = SigningKey.generate();
    private final OrderSigner signer = new OrderSigner(key, Clock.system());
    private Versions versions;
    private byte[] archive;

    @BeforeEach
    void start() throws IOException {
        versions = new Versions(place.resolve("home"), new TrustedKeys(List.of(key.publicText())));
        archive = Files.readAllBytes(Made.version(place.resolve("a.zip")));
    }

    @Test
    void unpacksAVersionThatIsWholeAndSigned() throws Exception {
        DeployReply reply = deploy(manifest("1.0", archive), archive);
        assertThat(reply.getFiles()).isEqualTo(2);
        assertThat(versions.names()).containsExactly("1.0");
        assertThat(versions.find("1.0").resolve("lib/program.jar")).isNotEmptyFile();
        assertThat(deploy(manifest("1.0", archive), archive).getAlready()).isTrue();
        assertNothingLeft();
    }

    @Test
    void refusesAnotherVersionOfTheSameName() throws Exception {
        deploy(manifest("1.0", archive), archive);
        byte[] other = Files.readAllBytes(Made.zip(place.resolve("b.zip"), Map.of("lib/b.jar", new byte[]{7})));
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> deploy(manifest("1.0", other), other)))
                .contains("here with another checksum");
        assertNothingLeft();
    }

    @Test
    void refusesWhatWasNotSignedOrIsAnotherThing() throws Exception {
        SignedManifest stranger = new OrderSigner(SigningKey.generate(), Clock.system())
                .manifest(VersionManifest.newBuilder().setVersion("1.0").setSize(1).build());
        assertThat(refusal(Status.Code.UNAUTHENTICATED, () -> deploy(stranger, archive))).contains("unknown key");
        byte[] bent = archive.clone();
        bent[bent.length / 2]++;
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> deploy(manifest("1.0", archive), bent)))
                .startsWith("sha256: ");
        byte[] half = java.util.Arrays.copyOf(archive, archive.length / 2);
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> deploy(manifest("1.0", archive), half)))
                .startsWith("size: " + half.length);
        byte[] more = java.util.Arrays.copyOf(archive, archive.length + 1);
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> deploy(manifest("1.0", archive), more)))
                .startsWith("size: more than " + archive.length);
        assertThat(versions.names()).isEmpty();
        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../evil.jar", "lib/../../evil.jar", "/tmp/evil.jar", "lib\\evil.jar", "lib/../../versions"})
    void refusesAnEntryThatLeavesTheDirectory(String name) throws Exception {
        byte[] evil = Files.readAllBytes(Made.zip(place.resolve("evil.zip"),
                Map.of("lib/a.jar", new byte[]{1}, name, new byte[]{2})));
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> deploy(manifest("2.0", evil), evil)))
                .isEqualTo("archive: entry " + name + " (expected: a path inside the archive)");
        assertThat(versions.names()).isEmpty();
        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../1.0", "a/b", "-rf", ".hidden", "one two"})
    void refusesANameThatCannotBe(String name) throws Exception {
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> deploy(manifest(name, archive), archive)))
                .startsWith("version: " + name + " (expected: letters, digits");
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> versions.find(name))).startsWith("version: ");
    }

    @Test
    void refusesWhatIsNoArchiveOrHasNoJars() throws Exception {
        byte[] text = "no zip".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> deploy(manifest("1.0", text), text)))
                .startsWith("archive: ");
        byte[] empty = Files.readAllBytes(Made.zip(place.resolve("c.zip"), Map.of("README", new byte[]{1})));
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> deploy(manifest("1.0", empty), empty)))
                .startsWith("archive: no lib/*.jar");
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> versions.find("1.0")))
                .isEqualTo("version: 1.0 (expected: one of [])");
    }

    @Test
    void takesOneAtATime() throws Exception {
        try (Upload first = versions.begin(manifest("1.0", archive))) {
            assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> versions.begin(manifest("2.0", archive))))
                    .contains("another version is being taken");
            first.take(ByteString.copyFrom(archive, 0, 10));
        }
        deploy(manifest("2.0", archive), archive);
        assertThat(versions.names()).containsExactly("2.0");
    }

    private void assertNothingLeft() throws IOException {
        try (var all = Files.list(versions.directory())) {
            assertThat(all.filter(one -> one.getFileName().toString().startsWith("."))).isEmpty();
        }
    }

    private SignedManifest manifest(String version, byte[] content) throws Exception {
        return signer.manifest(VersionManifest.newBuilder().setVersion(version).setSize(content.length)
                .setSha256(ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(content))).build());
    }

    private DeployReply deploy(SignedManifest manifest, byte[] content) throws IOException {
        try (Upload upload = versions.begin(manifest)) {
            upload.take(ByteString.copyFrom(content));
            return upload.finish();
        }
    }

    private static String refusal(Status.Code code, ThrowingCallable call) {
        Refusal refused = catchThrowableOfType(Refusal.class, call);
        assertThat(refused.status().getCode()).isEqualTo(code);
        return String.valueOf(refused.getMessage());
    }
}
