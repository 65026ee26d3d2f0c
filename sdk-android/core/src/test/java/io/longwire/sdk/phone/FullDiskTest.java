package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import io.longwire.device.FrameType;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.EndpointAck;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.UplinkReply;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.store.AppStore;
import io.longwire.sdk.store.FullDisk;
import io.longwire.sdk.store.PhoneStore;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A phone whose disk is full: it says so, lies to nobody, and goes on when there is room. */
class FullDiskTest {
    private static final long ENDPOINT = 99;
    private static final long MINUTE = 60_000;

    @TempDir
    File directory;
    private final VirtualPlatform platform = new VirtualPlatform();
    private final VirtualLoop loop = platform.loop;
    private final VirtualPlatform.FakeNet net = platform.net;
    private final List<String> shown = new ArrayList<>();
    private final List<String> outcomes = new ArrayList<>();
    private @Nullable PhoneStore store;
    private @Nullable AppStore files;
    private @Nullable Phone phone;
    private @Nullable App app;
    private long seq;

    @BeforeEach
    void open() throws IOException {
        PhoneStore opened = PhoneStore.open(directory, false);
        store = opened;
        files = opened.app(7);
        Phone made = platform.phone(net, opened);
        phone = made;
        app = made.add("ak_7_000102030405060708090a0b0c0d0e0f", "", files, Runnable::run, (message, again) -> {
            shown.add(message.push().getPayload().toStringUtf8());
            return true;
        });
        made.start();
        loop.advance(1_000);
    }

    @AfterEach
    void close() throws IOException {
        Objects.requireNonNull(store).close();
    }

    @Test
    void aMessageThatFindsNoRoomIsNotAckedAsStoredAndComesOnceWhenThereIsRoom() throws IOException {
        FullDisk disk = FullDisk.below(Objects.requireNonNull(files).messages());
        disk.full = true;
        push(11);
        loop.advance(2_000);

        assertThat(disk.failures).isPositive();
        assertThat(statusOf(11)).isEqualTo(AckStatus.ACK_DEFERRED);
        assertThat(shown).isEmpty();
        assertThat(platform.heard.problems).anyMatch(one -> one.contains("No space left on device"));
        assertThat(net.readies).isEmpty();

        disk.full = false;
        loop.advance(MINUTE + 1_000);
        assertThat(net.readies).as("it asks for what it put off").containsExactly(ENDPOINT);
        push(11);
        push(11);
        loop.advance(2_000);
        assertThat(shown).containsExactly("message 11");
        assertThat(statusOf(11)).as("nothing more was said of it: it counts as stored")
                .isEqualTo(AckStatus.ACK_DEFERRED);
        assertThat(lastAck().getUptoSeq()).isEqualTo(seq);
        assertThat(lastAck().getEndpointAcksList()).isEmpty();
    }

    @Test
    void aDiskThatStaysFullIsAskedOnceAMinuteAndToldEachTime() throws IOException {
        FullDisk disk = FullDisk.below(Objects.requireNonNull(files).messages());
        disk.full = true;
        for (int i = 0; i < 3; i++) {
            push(11);
            loop.advance(MINUTE + 1_000);
        }
        assertThat(net.readies).hasSize(3);
        assertThat(platform.heard.problems).filteredOn(one -> one.contains("No space left on device")).hasSize(3);
        assertThat(shown).isEmpty();
    }

    @Test
    void anUplinkThatFindsNoRoomIsRefusedWithItsReasonAndNotSent() throws IOException {
        FullDisk disk = FullDisk.below(Objects.requireNonNull(files).uplinks());
        disk.full = true;
        send("2 pizzas");
        loop.advance(MINUTE);
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.get(0)).startsWith("FULL store: No space left on device (expected: room on the disk");
        assertThat(net.uplinks).isEmpty();
        assertThat(platform.heard.problems).anyMatch(one -> one.contains("No space left on device"));

        disk.full = false;
        send("3 pizzas");
        loop.advance(1_000);
        assertThat(net.uplinks).extracting(one -> one.getBody().toStringUtf8()).containsExactly("3 pizzas");
        net.send(FrameType.UPLINK_REPLY, UplinkReply.newBuilder().setReqId(net.uplinks.get(0).getReqId()).build());
        assertThat(outcomes.get(1)).startsWith("DURABLE");
    }

    private void send(String body) {
        Objects.requireNonNull(phone).send(Objects.requireNonNull(app), "order", ByteString.copyFromUtf8(body),
                3_600_000, (outcome, reason) -> outcomes.add(outcome + " " + reason));
    }

    private void push(long id) {
        net.send(FrameType.PUSH, Push.newBuilder().setSeq(++seq).setEndpointId(ENDPOINT).setAppId(7).setMessageId(id)
                .setExpireAtMs(loop.wallMillis() + 3_600_000).setPayload(ByteString.copyFromUtf8("message " + id))
                .build());
    }

    private Ack lastAck() {
        return net.acks.get(net.acks.size() - 1);
    }

    private @Nullable AckStatus statusOf(long id) {
        AckStatus said = null;
        for (Ack ack : net.acks) {
            for (EndpointAck one : ack.getEndpointAcksList()) {
                said = one.getMessageIdsList().contains(id) ? one.getStatus() : said;
            }
        }
        return said;
    }
}
