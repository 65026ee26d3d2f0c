package io.longwire.e2e;

import com.google.protobuf.ByteString;
import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.Limits;
import io.longwire.device.credential.Claims;
import io.longwire.device.credential.CredentialKeys;
import io.longwire.device.credential.Credentials;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.EndpointAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.Push;
import io.longwire.e2e.device.Identity;
import io.longwire.e2e.device.RawDevice;
import io.longwire.e2e.history.History;
import io.longwire.e2e.load.Backend;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.service.Secrets;
import io.longwire.keeper.service.Service;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Phones that break the protocol: each is told why, counted and closed; the room and its other phones go on. */
class DeviceBadInputIT {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final SharedPlatform platform = SharedPlatform.get();
    private final Product product = platform.app();
    private final Service room = platform.platform().rooms().getFirst();
    private final InetSocketAddress address = platform.listener(0, "tcp");
    private final Identity bystander = Identity.register(product);
    private final RawDevice witness = RawDevice.loggedIn(address, bystander.binding(1));

    /** The room still serves who was there before. */
    @AfterEach
    void theOthersAreServedAsBefore() {
        try (witness; var backend = new Backend(product, new History())) {
            backend.send("still here", bystander.endpoint(), "");
            assertThat(witness.awaitPush().getPayload().toStringUtf8()).isEqualTo("still here");
        }
    }

    @ParameterizedTest
    @CsvSource({"07, UNSUPPORTED", // no such version
            "01ff8080808001, PROTOCOL", // reserved bits
            "010b00, PROTOCOL", // PING before CONNECT
            "0101ffff7f, TOO_LARGE", // a first frame of 2 MB
            "0101812000, TOO_LARGE", // of 4 KiB and one byte
            "010180808001, PROTOCOL", // a length of four bytes
            "0101850000, PROTOCOL", // a length that is not minimal
            "01010400000000, PROTOCOL", // no protobuf
            "010100, PROTOCOL"}) // CONNECT without bindings
    void endsWhoStartsWrong(String hex, String code) {
        double before = counter("room_closed_total");
        try (RawDevice device = RawDevice.to(address)) {
            device.bytes(HexFormat.of().parseHex(hex));
            assertThat(fatal(device)).isEqualTo(code);
            assertThat(device.closedWithin(SOON)).isTrue();
        }
        await().untilAsserted(() -> assertThat(counter("room_closed_total")).isGreaterThan(before));
    }

    @ParameterizedTest
    @CsvSource({"1f00, UNSUPPORTED", // a mandatory frame of a later version
            "0100, PROTOCOL", // CONNECT again
            "0200, PROTOCOL", // what only rooms send
            "08818004, TOO_LARGE", // 64 KiB and one byte
            "0802ff00, PROTOCOL", // an ACK that is none
            "0802087f, PROTOCOL"}) // acks what was never sent
    void endsWhoGoesOnWrong(String hex, String code) {
        Identity identity = Identity.register(product);
        try (RawDevice device = RawDevice.loggedIn(address, identity.binding(1))) {
            device.bytes(HexFormat.of().parseHex(hex));
            assertThat(fatal(device)).isEqualTo(code);
            assertThat(device.closedWithin(SOON)).isTrue();
        }
    }

    @Test
    void takesFramesInPiecesAndSkipsIgnorableOnes() {
        Identity identity = Identity.register(product);
        var connect = Connect.newBuilder().addBindings(identity.binding(1)).build();
        byte[] bytes = new byte[1 + FrameWriter.frameSize(connect)];
        bytes[0] = Limits.PREFACE;
        FrameWriter.frame(FrameType.CONNECT, connect, bytes, 1);
        double before = counter("room_frames_skipped_total");
        try (RawDevice device = RawDevice.to(address)) {
            for (byte one : bytes) {
                device.bytes(new byte[]{one});
            }
            assertThat(device.await(FrameType.CONNECT_ACK).as(ConnectAck.parser()).getCode()).isEqualTo(Code.OK);
            device.bytes(new byte[]{0x2f, 3, 1, 2, 3, FrameType.PING, 0});
            device.await(FrameType.PONG);
        }
        assertThat(counter("room_frames_skipped_total")).isGreaterThan(before);
    }

    @Test
    void refusesCredentialsThatAreWrongExpiredOrOfAnotherKey() {
        Identity good = Identity.register(product);
        Secrets secrets = platform.platform().center().secrets().get();
        CredentialKeys keys = CredentialKeys.of(secrets.signingKeyId(), secrets.credentialKeys());
        long now = Clock.system().wallMillis() / 1000;
        byte[] changed = good.credential().clone();
        changed[changed.length - 1] ^= 1;

        assertThat(login(changed)).isEqualTo("AUTH");
        assertThat(login(Arrays.copyOf(good.credential(), 7))).isEqualTo("AUTH");
        assertThat(login(new byte[0])).isIn("AUTH", "PROTOCOL");
        assertThat(login(Credentials.issue(keys, claims(keys.current(), good, now - 7200, now - 3600))))
                .isEqualTo("AUTH_EXPIRED");
        var foreign = CredentialKeys.single(200, new byte[32]);
        assertThat(login(Credentials.issue(foreign, claims(200, good, now - 60, now + 3600))))
                .isEqualTo("AUTH_UNKNOWN_KEY");
        var forged = CredentialKeys.single(keys.current(), new byte[32]);
        assertThat(login(Credentials.issue(forged, claims(keys.current(), good, now - 60, now + 3600))))
                .isEqualTo("AUTH");
        assertThat(counter("room_logins_total")).isGreaterThanOrEqualTo(5);
    }

    @Test
    void refusesADelegationThatNamesAnotherHost() {
        Identity host = Identity.register(product);
        Product other = platform.app();
        Identity guest = Identity.register(other);
        long now = Clock.system().wallMillis() / 1000;
        try (RawDevice device = RawDevice.loggedIn(address, host.binding(1))) {
            var wrong = Credentials.delegate(guest.credential(), bystander.endpointId(), now);
            device.frame(FrameType.BIND, Bind.newBuilder().setReqId(9).addBindings(EndpointBinding.newBuilder()
                    .setCredential(ByteString.copyFrom(wrong)).setConnSeq(1)).build());
            BindAck refused = device.await(FrameType.BIND_ACK).as(BindAck.parser());
            assertThat(Code.name(refused.getResults(0).getCode())).isEqualTo("AUTH_NOT_HOST");

            var right = Credentials.delegate(guest.credential(), host.endpointId(), now);
            device.frame(FrameType.BIND, Bind.newBuilder().setReqId(10).addBindings(EndpointBinding.newBuilder()
                    .setCredential(ByteString.copyFrom(right)).setConnSeq(2)).build());
            assertThat(device.await(FrameType.BIND_ACK).as(BindAck.parser()).getResults(0).getCode())
                    .isEqualTo(Code.OK);
        }
    }

    @Test
    void letsNobodyAckWhatIsAnothers() {
        Identity victim = Identity.register(product);
        Identity thief = Identity.register(product);
        var history = new History();
        double before = counter("room_strange_acks_total");
        try (RawDevice device = RawDevice.loggedIn(address, victim.binding(1));
                RawDevice other = RawDevice.loggedIn(address, thief.binding(1));
                var backend = new Backend(product, history);
                var center = product.backend()) {
            backend.send("mine", victim.endpoint(), "");
            Push push = device.awaitPush();

            other.frame(FrameType.ACK, ack(victim.endpointId(), push.getMessageId()));
            assertThat(Code.name(other.await(FrameType.ERROR).as(ErrorFrame.parser()).getCode()))
                    .isEqualTo("NOT_BOUND");
            other.frame(FrameType.ACK, ack(thief.endpointId(), push.getMessageId())); // under its own name
            other.bytes(new byte[]{FrameType.PING, 0});
            other.await(FrameType.PONG);

            String id = MessageId.text(push.getMessageId());
            assertThat(center.state(id, victim.endpoint())).isEqualTo("waiting");
            device.ack(push);
            await().atMost(SOON)
                    .until(() -> center.state(id, victim.endpoint()).equals("acked"));
        }
        assertThat(counter("room_strange_acks_total")).isGreaterThan(before);
    }

    private static Ack ack(long endpointId, long messageId) {
        return Ack.newBuilder().addEndpointAcks(
                EndpointAck.newBuilder().setEndpointId(endpointId).addMessageIds(messageId)).build();
    }

    private static Claims claims(int key, Identity of, long issued, long expires) {
        Claims claims = Claims.peek(of.credential());
        if (claims == null) {
            throw new IllegalStateException("credential (expected: one)");
        }
        return new Claims(key, claims.appId(), claims.endpointId(), claims.ord(), issued, expires);
    }

    /** How a CONNECT with this credential ends. */
    private String login(byte[] credential) {
        try (RawDevice device = RawDevice.to(address)) {
            device.sendConnect(Connect.newBuilder().addBindings(EndpointBinding.newBuilder()
                    .setCredential(ByteString.copyFrom(credential)).setConnSeq(1)).build());
            var frame = device.awaitAny(FrameType.CONNECT_ACK, FrameType.ERROR);
            int code = frame.type() == FrameType.ERROR
                    ? frame.as(ErrorFrame.parser()).getCode()
                    : frame.as(ConnectAck.parser()).getCode();
            assertThat(device.closedWithin(SOON)).isTrue();
            return Code.name(code);
        }
    }

    private static String fatal(RawDevice device) {
        ErrorFrame error = device.await(FrameType.ERROR).as(ErrorFrame.parser());
        assertThat(error.getFatal()).isTrue();
        assertThat(error.getText()).contains("(expected: ");
        return Code.name(error.getCode());
    }

    private double counter(String name) {
        return SharedPlatform.metric(room, name);
    }
}
