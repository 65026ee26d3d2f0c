package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.Limits;
import io.longwire.device.v1.Address;
import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.Config;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.GoAway;
import io.longwire.device.v1.Kick;
import io.longwire.device.v1.Ping;
import io.longwire.device.v1.Pong;
import io.longwire.device.v1.ProfileAck;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushBatch;
import io.longwire.device.v1.PushKind;
import io.longwire.device.v1.Reply;
import io.longwire.device.v1.UplinkReply;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.store.PhoneStore;
import io.longwire.sdk.transport.Dialer;
import io.longwire.sdk.transport.Wire;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A room that means harm: frames of every kind with absurd numbers, broken bytes, silence, farewells; by seeds. The
 * phone must not have a bug, must not spin, and must serve its app as soon as an honest room is there.
 */
class HostileRoomTest {
    private static final String APP = "ak_7_000102030405060708090a0b0c0d0e0f";
    private static final long HOUR = 3_600_000;
    private static final long[] NUMBERS = {0, 1, 2, 7, 99, 1_000, 65_536, 0x7FFFFFFFL, 0x80000000L, 0xFFFFFFFFL,
            1_780_000_000_000L, Long.MAX_VALUE - 1, Long.MAX_VALUE, Long.MIN_VALUE, -1};

    @TempDir
    File directory;
    private final VirtualPlatform platform = new VirtualPlatform();
    private final VirtualLoop loop = platform.loop;
    @AutoClose
    private PhoneStore store;
    private @Nullable App app;
    private int shown;

    @BeforeEach
    void open() throws IOException {
        store = PhoneStore.open(directory, false);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void survivesWhateverItSends(long seed) throws IOException {
        Hostile hostile = new Hostile(new Random(seed));
        Phone phone = phone(hostile);
        phone.foreground(true);
        phone.start();
        int[] answers = new int[1];
        for (int hour = 0; hour < 48; hour++) {
            App asks = Objects.requireNonNull(app);
            phone.request(asks, "price", ByteString.copyFromUtf8("tea?"), 60_000, (end, reply, why) -> answers[0]++);
            loop.advance(HOUR);
        }
        assertThat(answers[0]).as("each request ends once").isEqualTo(48);

        assertThat(platform.heard.problems).noneMatch(one -> one.startsWith("bug"));
        assertThat(hostile.wires).as("tries in two days").isBetween(48, 50_000);
        hostile.honest = true;
        loop.advance(3 * HOUR); // the longest a server may ask for, and what that is spread over
        assertThat(platform.heard.last().stage()).as(platform.heard.last().reason())
                .isEqualTo(PhoneStatus.Stage.ONLINE);
        assertThat(platform.heard.bound).contains(99L);
        assertThat(shown).as("what it sent to the app").isLessThan(10_000);
        loop.advance(24 * HOUR);
        assertThat(platform.heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
    }

    @Test
    void aFullDiskKeepsThePhoneFromLyingAndEndsWithIt() throws IOException {
        Phone phone = phone(platform.net);
        phone.start();
        loop.advance(HOUR);
        assertThat(platform.heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
        File[] full = {new File(directory, "phone.new"), new File(directory, "networks.new"),
                new File(directory, "app-7/endpoint.new")};
        for (File one : full) {
            assertThat(one.mkdir()).isTrue();
        }
        int connects = platform.net.connects.size();
        platform.net.cut();
        loop.advance(HOUR);
        assertThat(platform.net.connects).as("no sequence is sent that was not kept").hasSize(connects);
        assertThat(platform.heard.problems).anyMatch(one -> one.startsWith("store: "));

        for (File one : full) {
            assertThat(one.delete()).isTrue();
        }
        loop.advance(HOUR);
        assertThat(platform.heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
        assertThat(platform.net.sequences).doesNotHaveDuplicates().isSorted();
    }

    private Phone phone(Dialer net) throws IOException {
        Phone phone = platform.phone(net, store);
        app = phone.add(APP, "", store.app(7), Runnable::run, (message, again) -> {
            shown++;
            return true;
        });
        return phone;
    }

    /** Opens wires to such a room, until it becomes honest. */
    private final class Hostile implements Dialer {
        private final Random random;
        private boolean honest;
        private int wires;

        Hostile(Random random) {
            this.random = random;
        }

        @Override
        public Dial dial(io.longwire.sdk.transport.Address address, long timeoutMillis, DialListener listener) {
            if (honest) {
                return platform.net.dial(address, timeoutMillis, listener);
            }
            wires++;
            boolean[] cancelled = new boolean[1];
            loop.after(random.nextInt(50), () -> {
                if (cancelled[0]) {
                    return;
                }
                if (random.nextInt(10) == 0) {
                    listener.onFailed("no");
                } else {
                    listener.onOpen(new HostileWire(random));
                }
            });
            return () -> cancelled[0] = true;
        }
    }

    private final class HostileWire implements Dialer.OpenWire {
        private final Random random;
        private Wire.@Nullable Listener listener;
        private boolean closed;

        HostileWire(Random random) {
            this.random = random;
        }

        @Override
        public void start(Wire.Listener hears) {
            listener = hears;
            loop.after(10, () -> {
                bytes(new byte[]{(byte) (random.nextInt(20) == 0 ? random.nextInt(256) : Limits.PREFACE)});
                if (random.nextInt(10) > 0) {
                    bytes(FrameWriter.frame(FrameType.CONNECT_ACK, connectAck()));
                }
                more(random.nextInt(40));
            });
        }

        @Override
        public boolean send(byte[] bytes) {
            return !closed;
        }

        @Override
        public void close(long lingerMillis) {
            closed = true;
        }

        private void more(int frames) {
            if (closed || frames == 0) {
                if (random.nextBoolean()) {
                    end();
                }
                return;
            }
            byte[] frame = random.nextInt(4) == 0 ? broken(frame()) : frame();
            int cut = random.nextInt(5) == 0 ? random.nextInt(frame.length + 1) : frame.length;
            bytes(Arrays.copyOf(frame, cut));
            loop.after(random.nextInt(3) == 0 ? random.nextInt(30_000) : random.nextInt(100), () -> more(frames - 1));
        }

        private void bytes(byte[] bytes) {
            Wire.Listener to = listener;
            if (!closed && to != null && bytes.length > 0) {
                to.onBytes(bytes, bytes.length);
            }
        }

        private void end() {
            Wire.Listener to = listener;
            if (!closed && to != null) {
                closed = true;
                to.onClosed("gone");
            }
        }

        private byte[] broken(byte[] frame) {
            for (int i = 0; i < 1 + random.nextInt(4) && frame.length > 0; i++) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
            }
            return frame;
        }

        private byte[] frame() {
            switch (random.nextInt(14)) {
                case 0 :
                    return of(FrameType.PUSH, push());
                case 1 :
                    return of(FrameType.PUSH_BATCH, PushBatch.newBuilder().addItems(push()).addItems(push()).build());
                case 2 :
                    return of(FrameType.BIND_ACK, BindAck.newBuilder().setReqId((int) number()).addResults(result())
                            .addResults(result()).build());
                case 3 :
                    return of(FrameType.KICK, Kick.newBuilder().setCode((int) number()).addEndpointIds(number())
                            .setText(text()).setRetryAfterMs(pause()).setDropCredential(random.nextBoolean())
                            .build());
                case 4 :
                    return of(FrameType.GOAWAY, GoAway.newBuilder().setDelayMinMs((int) number())
                            .setDelayMaxMs((int) number()).addTo(address()).setDrainMs((int) number())
                            .setAvoidS((int) number()).setAskDispatcher(random.nextBoolean()).build());
                case 5 :
                    return of(FrameType.ERROR, ErrorFrame.newBuilder().setCode((int) number())
                            .setFrameType((int) number()).setRef(number()).setText(text())
                            .setFatal(random.nextBoolean()).setRetryAfterMs(pause()).setEndpointId(number()).build());
                case 6 :
                    return of(FrameType.PONG, Pong.newBuilder().setNextS((int) number()).setEcho((int) number())
                            .setServerTimeMs(number()).build());
                case 7 :
                    return of(FrameType.PING, Ping.newBuilder().setEcho((int) number()).build());
                case 8 :
                    return of(FrameType.PROFILE_ACK, ProfileAck.newBuilder().setReqId((int) number())
                            .setCode((int) number()).setRetryAfterMs(pause()).build());
                case 9 :
                    return of(FrameType.UPLINK_REPLY, UplinkReply.newBuilder().setReqId(number())
                            .setCode((int) number()).setRetryAfterMs(pause()).build());
                case 10 :
                    return of(FrameType.CONNECT_ACK, connectAck());
                case 11 :
                    return of(FrameType.REPLY, Reply.newBuilder().setEndpointId(random.nextBoolean() ? 99 : number())
                            .setSeq(number()).setCode((int) number()).setText(text())
                            .setBody(ByteString.copyFrom(new byte[random.nextInt(6_000)])).build());
                case 12 :
                    return of(FrameType.CONFIG, Config.newBuilder().setEpoch((int) number())
                            .setBody(ByteString.copyFrom(new byte[random.nextInt(5_000)])).build());
                default :
                    byte[] any = new byte[1 + random.nextInt(200)];
                    random.nextBytes(any);
                    return any;
            }
        }

        private ConnectAck connectAck() {
            ConnectAck.Builder ack = ConnectAck.newBuilder().setCode(random.nextInt(3) > 0 ? 0 : (int) number())
                    .setResumed(random.nextBoolean()).setResumeToken(ByteString.copyFrom(new byte[random.nextInt(40)]))
                    .setHbMinS((int) number()).setHbMaxS((int) number()).setHbHintS((int) number())
                    .setServerIdleS((int) number()).setServerTimeMs(number()).setCrashWindowMs((int) number())

                    .setFeatures((int) number()).setMaxUnacked((int) number())
                    .setConfigEpoch((int) number()).setRetryAfterMs(pause())
                    .setNetKey(ByteString.copyFrom(new byte[random.nextInt(64)])).setText(text());
            for (int i = random.nextInt(12); i > 0; i--) {
                ack.addAlternates(address()).addResults(result());
            }
            return ack.build();
        }

        private BindResult result() {
            return BindResult.newBuilder().setEndpointId(random.nextBoolean() ? 99 : number())
                    .setCode(random.nextBoolean() ? 0 : (int) number()).setConnSeq(number()).setBcastFloor(number())
                    .setRetryAfterMs(pause()).setIncumbent(number()).setResumed(random.nextBoolean()).build();
        }

        private Push push() {
            return Push.newBuilder().setSeq(number()).setEndpointId(random.nextBoolean() ? 99 : number())
                    .setMessageId(number()).setAppId(random.nextBoolean() ? 7 : (int) number())
                    .setPayload(ByteString.copyFrom(new byte[random.nextInt(5_000)])).setExpireAtMs(number())
                    .setKind(PushKind.forNumber(random.nextInt(4))).setReplaces(number()).setBcastSeq(number())
                    .setCollapseKey(ByteString.copyFrom(new byte[random.nextInt(80)])).build();
        }

        private Address address() {
            return Address.newBuilder().setIp(ByteString.copyFrom(new byte[random.nextInt(18)]))
                    .setPort((int) number()).setHost(random.nextBoolean() ? "room" : text()).setIdc(text())
                    .setFlags((int) number()).build();
        }

        // Mostly none, or the phone would stay away for the hour that it grants any server.
        private long pause() {
            return random.nextInt(10) == 0 ? number() : random.nextInt(1_000);
        }

        private String text() {
            return "x".repeat(random.nextInt(3) == 0 ? random.nextInt(400) : 3);
        }

        private long number() {
            return random.nextInt(3) == 0 ? random.nextLong() : NUMBERS[random.nextInt(NUMBERS.length)];
        }
    }

    private static byte[] of(int type, MessageLite body) {
        return FrameWriter.frame(type, body);
    }
}
