package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import io.longwire.device.Code;
import io.longwire.device.FrameBody;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.Limits;
import io.longwire.device.ProtocolError;
import io.longwire.device.credential.Claims;
import io.longwire.device.credential.CredentialKeys;
import io.longwire.device.credential.Credentials;
import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.device.dispatcher.RoomAddress;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.Pong;
import io.longwire.device.v1.Profile;
import io.longwire.device.v1.ProfileAck;
import io.longwire.sdk.dispatcher.Dispatcher;
import io.longwire.sdk.dispatcher.DispatcherFailure;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.store.PhoneStore;
import io.longwire.sdk.store.v1.Wish;
import io.longwire.sdk.store.v1.WishKind;
import io.longwire.sdk.transport.Address;
import io.longwire.sdk.transport.Dialer;
import io.longwire.sdk.transport.Wire;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A phone through virtual days, without sockets: how often it tries, and when it stops trying. */
class PhoneTest {
    private static final String APP = "ak_7_000102030405060708090a0b0c0d0e0f";
    private static final long HOUR = 3_600_000;

    @TempDir
    File directory;
    private final VirtualLoop loop = new VirtualLoop();
    private final FakeNet net = new FakeNet();
    private final FakeAsked dispatcher = new FakeAsked();
    private final Heard heard = new Heard();
    private final List<AppProfile.Outcome> outcomes = new ArrayList<>();
    private @Nullable PhoneStore store;
    private @Nullable Phone asked;
    private @Nullable App app;

    @BeforeEach
    void open() throws IOException {
        store = PhoneStore.open(directory, false);
    }

    @AfterEach
    void close() throws IOException {
        Objects.requireNonNull(store).close();
    }

    @Test
    void asksADeadDispatcherNoMoreOftenThanTheBackoffAllows() throws IOException {
        dispatcher.dead = true;
        phone().start();

        loop.advance(24 * HOUR);

        assertThat(dispatcher.registrations).isBetween(1_000, 4_000);
        int before = dispatcher.registrations;
        dispatcher.dead = false;
        loop.advance(120_000);
        assertThat(dispatcher.registrations).isEqualTo(before + 1);
        assertThat(heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
    }

    @Test
    void dialsADeadRoomNoMoreOftenThanTheBackoffAllows() throws IOException {
        net.dead = true;
        phone().start();

        loop.advance(24 * HOUR);

        assertThat(net.dials).isBetween(100, 600);
        assertThat(dispatcher.roomQuestions).isBetween(50, 24 * 60);
    }

    @Test
    void aRoomThatDropsEveryoneAfterLoginIsNotHammered() throws IOException {
        net.dropAfterLogin = true;
        phone().start();

        loop.advance(24 * HOUR);

        assertThat(net.dials).isBetween(100, 600);
    }

    @Test
    void sitsStillForADayWithoutAnythingToDo() throws IOException {
        phone().start();
        loop.advance(24 * HOUR);

        assertThat(net.dials).isEqualTo(1);
        assertThat(net.pings).isEqualTo(24 * 15);
        assertThat(dispatcher.roomQuestions).isEqualTo(1);
    }

    @Test
    void comesBackWithinTheWindowTheServerTold() throws IOException {
        phone().start();
        loop.advance(HOUR);
        net.cut();

        assertThat(heard.last().stage()).isEqualTo(PhoneStatus.Stage.WAITING);
        assertThat(heard.last().waitMillis()).isBetween(0L, 20_000L);
        loop.advance(20_000);
        assertThat(net.dials).isEqualTo(2);
        assertThat(heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
    }

    @Test
    void staysAwayAsLongAsABusyRoomAsksWhenThereIsNoOther() throws IOException {
        net.answer = ConnectAck.newBuilder().setCode(Code.BUSY).setRetryAfterMs(300_000).build();
        phone().start();
        loop.advance(1);
        assertThat(net.dials).isEqualTo(1);

        loop.advance(299_000);
        assertThat(net.dials).isEqualTo(1);
        net.answer = null;
        loop.advance(60_000);
        assertThat(net.dials).isEqualTo(2);
        assertThat(heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
    }

    @Test
    void followsARedirectAtOnceButNotInACircle() throws IOException {
        net.answer = ConnectAck.newBuilder().setCode(Code.REDIRECT).addAlternates(io.longwire.device.v1.Address
                .newBuilder().setHost("elsewhere").setPort(443)).build();
        phone().start();
        loop.advance(2);
        assertThat(net.dialled).contains("tls://elsewhere:443");

        loop.advance(HOUR);
        assertThat(net.dials).isLessThan(60);
    }

    @Test
    void everyBindingHasAHigherSequenceThanAllBefore() throws IOException {
        phone().start();
        for (int i = 0; i < 50; i++) {
            loop.advance(100_000);
            net.cut();
        }
        loop.advance(100_000);
        assertThat(net.sequences).hasSizeGreaterThan(40).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void repeatsAProfileThatNobodyAnswersNoMoreOftenThanTheBackoffAllows() throws IOException {
        phone().start();
        wish("gold");
        loop.advance(24 * HOUR);
        assertThat(net.profiles).isBetween(200, 300);

        net.profileCode = Code.OK;
        loop.advance(600_000);
        assertThat(outcomes).containsExactly(AppProfile.Outcome.APPLIED);
    }

    @Test
    void sendsAProfileOnTheNextConnectionWithoutWaiting() throws IOException {
        phone().start();
        wish("gold");
        loop.advance(1_000);
        assertThat(net.profiles).isEqualTo(1);

        net.profileCode = Code.OK;
        net.cut();
        loop.advance(30_000);
        assertThat(net.profiles).isEqualTo(2);
        assertThat(outcomes).containsExactly(AppProfile.Outcome.APPLIED);
    }

    @Test
    void aRoomThatDoesNotKnowProfilesIsLeftAloneForAnHourAndStillServes() throws IOException {
        net.profileCode = Code.UNSUPPORTED;
        phone().start();
        wish("gold");
        loop.advance(55 * 60_000);
        assertThat(net.profiles).isEqualTo(1);
        assertThat(heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);

        net.profileCode = Code.OK;
        loop.advance(HOUR);
        assertThat(outcomes).containsExactly(AppProfile.Outcome.APPLIED);
    }

    private void wish(String tag) {
        loop.advance(1_000);
        Objects.requireNonNull(asked).wish(Objects.requireNonNull(app),
                List.of(Wish.newBuilder().setKind(WishKind.WISH_TAG).setName(tag).build()),
                (outcome, reason) -> outcomes.add(outcome));
    }

    @Test
    void stopsForGood() throws IOException {
        Phone phone = phone();
        phone.start();
        loop.advance(HOUR);
        phone.stop();
        loop.advance(24 * HOUR);

        assertThat(net.dials).isEqualTo(1);
        assertThat(heard.last().stage()).isEqualTo(PhoneStatus.Stage.STOPPED);
    }

    private Phone phone() throws IOException {
        PhoneStore open = Objects.requireNonNull(store);
        PhoneSettings settings = new PhoneSettings(Connect.getDefaultInstance(), 1, false, false, 0, 0);
        Phone phone = new Phone(loop, net, dispatcher, Runnable::run, open, settings, heard);
        asked = phone;
        app = phone.add(APP, "", open.app(7), Runnable::run, (message, again) -> true);
        return phone;
    }

    /** A dispatcher without HTTP. */
    private final class FakeAsked implements Dispatcher {
        private final CredentialKeys keys = CredentialKeys.single(1, new byte[32]);
        private boolean dead;
        private int registrations;
        private int roomQuestions;

        @Override
        public RegisteredEndpoint register(RegisterEndpoint install) throws DispatcherFailure {
            registrations++;
            failWhenDead();
            long now = loop.wallMillis() / 1000;
            byte[] credential = Credentials.issue(keys, new Claims(1, 7, 99, 1, now, now + 30 * 86_400));
            return RegisteredEndpoint.newBuilder().setEndpointId(99).setEndpoint("ep_test").setAppId(7)
                    .setCredential(ByteString.copyFrom(credential)).setExpiresMs((now + 30 * 86_400) * 1000).build();
        }

        @Override
        public Rooms rooms(String endpoint, int attempt) throws DispatcherFailure {
            roomQuestions++;
            failWhenDead();
            return Rooms.newBuilder().setTtlS(3 * 86_400)
                    .addRooms(RoomAddress.newBuilder().setHost("room").setPort(443).setTls(true)).build();
        }

        private void failWhenDead() throws DispatcherFailure {
            if (dead) {
                throw new DispatcherFailure(DispatcherFailure.Kind.UNREACHABLE, "dispatcher: dead (expected: alive)",
                        0);
            }
        }
    }

    /** A network with rooms that answer CONNECT and pings. */
    private final class FakeNet implements Dialer {
        private final List<Long> sequences = new ArrayList<>();
        private final List<String> dialled = new ArrayList<>();
        private boolean dead;
        private boolean dropAfterLogin;
        private @Nullable ConnectAck answer;
        private int dials;
        private int pings;
        private int profiles;
        private int profileCode = -1; // -1: no answer
        private @Nullable FakeWire last;

        @Override
        public Dial dial(Address address, long timeoutMillis, DialListener listener) {
            dials++;
            dialled.add(address.toString());
            boolean[] cancelled = new boolean[1];
            loop.execute(() -> {
                if (cancelled[0]) {
                    return;
                }
                if (dead) {
                    listener.onFailed("refused");
                } else {
                    last = new FakeWire();
                    listener.onOpen(last);
                }
            });
            return () -> cancelled[0] = true;
        }

        void cut() {
            FakeWire wire = last;
            if (wire != null) {
                wire.end("cut");
            }
        }
    }

    /** One wire to such a room. */
    private final class FakeWire implements Dialer.OpenWire, FrameReader.Handler {
        private final FrameReader reader = FrameReader.ofRoom();
        private @Nullable Listener listener;
        private boolean ended;

        @Override
        public void start(Wire.Listener reads) {
            listener = reads;
        }

        @Override
        public boolean send(byte[] bytes) {
            try {
                reader.onBytes(ByteBuffer.wrap(bytes), 0, bytes.length, this);
            } catch (ProtocolError bad) {
                throw new AssertionError("the phone broke the protocol", bad);
            }
            return true;
        }

        @Override
        public void close(long lingerMillis) {
            ended = true;
        }

        @Override
        public boolean onFrame(int type, ByteBuffer buffer, int from, int to) throws ProtocolError {
            reader.authenticated();
            if (type == FrameType.CONNECT) {
                Connect connect = FrameBody.parse(Connect.parser(), buffer, from, to);
                loop.execute(() -> answer(connect));
            } else if (type == FrameType.PING) {
                net.pings++;
                loop.execute(() -> bytes(FrameWriter.frame(FrameType.PONG,
                        Pong.getDefaultInstance())));
            }
            if (type == FrameType.PROFILE) {
                net.profiles++;
                Profile profile = FrameBody.parse(Profile.parser(), buffer, from, to);
                loop.execute(() -> answer(profile));
            }
            return true;
        }

        private void answer(Profile profile) {
            if (net.profileCode == Code.UNSUPPORTED) {
                bytes(FrameWriter.frame(FrameType.ERROR, ErrorFrame.newBuilder().setCode(Code.UNSUPPORTED)
                        .setFrameType(FrameType.PROFILE).setFatal(true).build()));
            } else if (net.profileCode >= 0) {
                bytes(FrameWriter.frame(FrameType.PROFILE_ACK,
                        ProfileAck.newBuilder().setReqId(profile.getReqId()).setCode(net.profileCode).build()));
            }
        }

        @Override
        public void onSkipped(int type) {
            throw new AssertionError("skipped " + type);
        }

        private void answer(Connect connect) {
            long sequence = connect.getBindings(0).getConnSeq();
            net.sequences.add(sequence);
            ConnectAck told = net.answer;
            ConnectAck ack = told != null
                    ? told
                    : ConnectAck.newBuilder().setCode(Code.OK).setCrashWindowMs(20_000).setHbHintS(240).addResults(
                            BindResult.newBuilder().setEndpointId(99).setConnSeq(sequence)).build();
            bytes(new byte[]{Limits.PREFACE});
            bytes(FrameWriter.frame(FrameType.CONNECT_ACK, ack));
            if (net.dropAfterLogin) {
                loop.after(1_000, () -> end("dropped"));
            }
        }

        private void bytes(byte[] bytes) {
            Listener to = listener;
            if (!ended && to != null) {
                to.onBytes(bytes, bytes.length);
            }
        }

        private void end(String reason) {
            Listener to = listener;
            if (!ended && to != null) {
                ended = true;
                to.onClosed(reason);
            }
        }
    }

    /** Remembers the last status. */
    private static final class Heard implements PhoneEvents {
        private @Nullable PhoneStatus last;

        PhoneStatus last() {
            return Objects.requireNonNull(last);
        }

        @Override
        public void onStatus(PhoneStatus status) {
            last = status;
        }

        @Override
        public void onEndpoint(App app, String endpoint) {
        }

        @Override
        public void onBound(App app, boolean bound) {
        }

        @Override
        public void onProblem(String what) {
        }
    }
}
