package io.longwire.sdk.store;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Push;
import io.longwire.sdk.store.v1.EndpointState;
import io.longwire.sdk.store.v1.PhoneState;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PhoneStoreTest {
    private static final EndpointState ENDPOINT = EndpointState.newBuilder().setEndpointId(9).setConnSeqIssued(5)
            .build();

    @TempDir
    File directory;

    @Test
    void bringsBackWhatWasKept() throws IOException {
        ByteString install;
        try (PhoneStore store = PhoneStore.open(directory, true); AppStore app = store.app(7)) {
            install = app.installId();
            app.keep(ENDPOINT);
            store.keep(PhoneState.newBuilder().setCrashWindowMs(3).build());
        }
        try (PhoneStore store = PhoneStore.open(directory, true); AppStore app = store.app(7)) {
            assertThat(app.installId()).isEqualTo(install);
            assertThat(app.endpoint()).isEqualTo(ENDPOINT);
            assertThat(store.phone().getCrashWindowMs()).isEqualTo(3);
        }
    }

    @Test
    void isForOneClientAtATime() throws IOException {
        try (PhoneStore first = PhoneStore.open(directory, false)) {
            assertThat(first.phone()).isEqualTo(PhoneState.getDefaultInstance());
            assertThatThrownBy(() -> PhoneStore.open(directory, false)).isInstanceOf(IOException.class)
                    .hasMessageContaining("one client per directory");
        }
        PhoneStore.open(directory, false).close();
    }

    @Test
    void keepsTheInstallWhenTheEndpointFileIsBroken() throws IOException {
        ByteString install;
        try (PhoneStore store = PhoneStore.open(directory, false); AppStore app = store.app(7)) {
            install = app.installId();
            app.keep(ENDPOINT);
        }
        Files.write(new File(directory, "app-7/endpoint").toPath(), new byte[]{1, 2, 3});
        try (PhoneStore store = PhoneStore.open(directory, false); AppStore app = store.app(7)) {
            assertThat(app.installId()).isEqualTo(install);
            assertThat(app.endpoint()).isEqualTo(EndpointState.getDefaultInstance());
        }
    }

    @Test
    void startsAnewWithAnotherInstallAndNoEndpoint() throws IOException {
        try (PhoneStore store = PhoneStore.open(directory, false); AppStore app = store.app(7)) {
            ByteString install = app.installId();
            app.keep(ENDPOINT);

            app.startAnew();

            assertThat(app.installId()).isNotEqualTo(install);
            assertThat(app.endpoint().getEndpointId()).isZero();
        }
        try (PhoneStore store = PhoneStore.open(directory, false); AppStore app = store.app(7)) {
            assertThat(app.endpoint().getEndpointId()).isZero();
        }
    }

    @Test
    void anotherEndpointBeginsWithoutBroadcastsButKnowsTheMessages() throws IOException {
        Push push = Push.newBuilder().setMessageId(1).setBcastSeq(50).build();
        try (PhoneStore store = PhoneStore.open(directory, false); AppStore app = store.app(7)) {
            app.keep(ENDPOINT);
            app.messages().store(push, Long.MAX_VALUE, 0);
            app.keep(ENDPOINT.toBuilder().setBcastFloor(2).build());
            assertThat(app.messages().broadcastsAbove(2, 0)).containsExactly(50L);

            app.keep(ENDPOINT.toBuilder().setEndpointId(10).build());
        }
        try (PhoneStore store = PhoneStore.open(directory, false); AppStore app = store.app(7)) {
            assertThat(app.messages().broadcastsAbove(0, 0)).isEmpty();
            assertThat(app.messages().contains(1)).isTrue();
            assertThat(app.messages().unshownCount()).isEqualTo(1);
        }
    }

    @Test
    void saysWhyADirectoryCannotBeUsed() throws IOException {
        File inTheWay = new File(directory, "file");
        Files.write(inTheWay.toPath(), new byte[]{1});

        assertThatThrownBy(() -> PhoneStore.open(inTheWay, false)).isInstanceOf(IOException.class)
                .hasMessageContaining("expected: a writable place");
    }
}
