package io.longwire.sdk.share;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.Limits;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.AppTraffic;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.EndpointAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.Ping;
import io.longwire.device.v1.Profile;
import io.longwire.device.v1.Ready;
import io.longwire.device.v1.Telemetry;
import io.longwire.device.v1.Unbind;
import io.longwire.device.v1.Uplink;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An app of the group that means harm, with a delegation that is good: frames of every kind with absurd numbers, other
 * apps' endpoints, broken bytes; by seeds. The host and its other guest must go on as if nothing had been, and the room
 * must hear nothing that breaks the protocol or is said in their names.
 */
class HostileGuestTest {
    private static final int HOST = 7;
    private static final int GUEST = 8;
    private static final int EVIL = 9;
    private static final long[] NUMBERS = {0, 1, 2, 11, 0x7107, 0x7108, 0x7109, 65_536, 0x7FFFFFFFL, 0x80000000L,
            0xFFFFFFFFL, Long.MAX_VALUE, Long.MIN_VALUE, -1};

    @TempDir
    File directory;
    private final SharedRoom room = new SharedRoom();
    private final List<byte[]> back = new ArrayList<>();
    private SharingPhone host;
    private SharingPhone guest;
    private byte[] greeting;
    private Random random = new Random(0);

    @BeforeEach
    void begin() throws IOException {
        host = new SharingPhone(room, new File(directory, "host"), HOST);
        guest = new SharingPhone(room, new File(directory, "guest"), GUEST);
        host.start();
        room.loop.advance(5_000);
        guest.lodgeAt(host);
        guest.start();
        SharingPhone evil = new SharingPhone(room, new File(directory, "evil"), EVIL);
        evil.lodgeAt(host);
        evil.start();
        room.loop.advance(5_000);
        assertThat(evil.isBound()).isTrue();
        greeting = evil.sentToHost.get(0);
        evil.die();
    }

    @AfterEach
    void close() {
        guest.stop();
        host.stop();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theHostAndItsOtherGuestGoOn(long seed) {
        random = new Random(seed);
        SharedRoom.Line line = room.line();
        Pipe pipe = open();
        int lines = 1;
        for (int i = 0; i < 2_000; i++) {
            byte[] frame = random.nextInt(8) == 0 ? broken(frame()) : frame();
            int cut = random.nextInt(12) == 0 ? random.nextInt(frame.length + 1) : frame.length;
            if (random.nextInt(10) == 0) {
                line.push(EVIL, 1_000 + i, "for the evil one");
            }
            if (!pipe.send(Arrays.copyOf(frame, cut)) || isClosed()) {
                lines++;
                pipe = open();
            }
            room.loop.advance(random.nextInt(100));
        }
        assertThat(lines).as("it is thrown out, and let in again").isBetween(10, 2_000);
        assertThat(room.line()).as("the host's connection stands").isSameAs(line);
        assertThat(line.bound).containsKeys(room.endpoint(HOST), room.endpoint(GUEST));
        assertThat(line.uplinks).as("in nobody's name but its own")
                .allMatch(one -> one.getEndpointId() == room.endpoint(EVIL));
        assertThat(line.statusOf(room.endpoint(HOST), 11)).isNull();
        assertThat(line.statusOf(room.endpoint(GUEST), 11)).isNull();
        assertThat(host.problems).noneMatch(one -> one.startsWith("bug"));

        line.push(HOST, 5_001, "for the host");
        line.push(GUEST, 5_002, "for the guest");
        room.loop.advance(2_000);
        assertThat(host.shown()).containsExactly("for the host");
        assertThat(guest.shown()).containsExactly("for the guest");
    }

    private Pipe open() {
        back.clear();
        Pipe pipe = host.takeIn(EVIL, back);
        room.loop.advance(1);
        if (random.nextInt(4) > 0) { // else it begins with whatever comes
            pipe.send(greeting);
            room.loop.advance(10);
        } else {
            pipe.send(new byte[]{Limits.PREFACE});
        }
        return pipe;
    }

    private boolean isClosed() { return back.stream().anyMatch(bytes -> bytes.length == 0); }

    private byte[] broken(byte[] frame) {
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
        }
        return frame;
    }

    private byte[] frame() {
        switch (random.nextInt(12)) {
            case 0 :
                return of(FrameType.CONNECT, Connect.newBuilder().addBindings(binding()).build());
            case 1 :
                return of(FrameType.ACK, Ack.newBuilder().setUptoSeq(number()).addExtraSeq(number())
                        .addEndpointAcks(EndpointAck.newBuilder().setEndpointId(endpoint()).addMessageIds(11)
                                .addMessageIds(number()).addBcastSeqs(number())
                                .setStatus(AckStatus.forNumber(random.nextInt(9))))
                        .build());
            case 2 :
                return of(FrameType.PING, Ping.newBuilder().setEcho((int) number()).setUptoSeq(number())
                        .setProposedS((int) number()).setCapability((int) number()).build());
            case 3 :
                return of(FrameType.UPLINK, Uplink.newBuilder().setReqId(number()).setEndpointId(endpoint())
                        .setSeq(number()).setTopic(text()).setTimeoutMs((int) number())
                        .setBody(ByteString.copyFrom(new byte[random.nextInt(20_000)])).build());
            case 4 :
                return of(FrameType.PROFILE, Profile.newBuilder().setReqId((int) number()).setEndpointId(endpoint())
                        .addAddTags(text()).addBindAliases(text()).build());
            case 5 :
                return of(FrameType.READY, Ready.newBuilder().addEndpointIds(endpoint()).build());
            case 6 :
                return of(FrameType.UNBIND, Unbind.newBuilder().addEndpointIds(endpoint())
                        .setReason((int) number()).build());
            case 7 :
                return of(FrameType.BIND, Bind.newBuilder().setReqId((int) number()).addBindings(binding()).build());
            case 8 :
                return of(FrameType.TELEMETRY, Telemetry.newBuilder().addApps(AppTraffic.newBuilder()
                        .setEndpointId(endpoint()).setBytesIn(number())).build());
            case 9 :
                return of(FrameType.ERROR, ErrorFrame.newBuilder().setCode((int) number())
                        .setFatal(random.nextBoolean()).setRef(number()).setText(text()).build());
            case 10 :
                return of(random.nextInt(64), ErrorFrame.getDefaultInstance());
            default :
                byte[] any = new byte[1 + random.nextInt(200)];
                random.nextBytes(any);
                return any;
        }
    }

    private EndpointBinding binding() {
        byte[] proof = random.nextBoolean() ? room.credential(EVIL) : new byte[random.nextInt(120)];
        return EndpointBinding.newBuilder().setCredential(ByteString.copyFrom(proof)).setConnSeq(number())
                .setPrevConnSeq(number()).build();
    }

    private long endpoint() {
        long[] known = {room.endpoint(HOST), room.endpoint(GUEST), room.endpoint(EVIL), room.endpoint(EVIL), 0};
        return random.nextInt(6) == 0 ? number() : known[random.nextInt(known.length)];
    }

    private String text() {
        String[] texts = {"", "order", "a b", "x".repeat(300), "\u0000"};
        return texts[random.nextInt(texts.length)];
    }

    private long number() {
        return random.nextInt(3) == 0 ? random.nextLong() : NUMBERS[random.nextInt(NUMBERS.length)];
    }

    private static byte[] of(int type, MessageLite body) {
        return FrameWriter.frame(type, body);
    }
}
