package io.longwire.device;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Address;
import io.longwire.device.v1.AppTraffic;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.ClientState;
import io.longwire.device.v1.Config;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.Encryption;
import io.longwire.device.v1.EndpointAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.GoAway;
import io.longwire.device.v1.HeartbeatEvidence;
import io.longwire.device.v1.Kick;
import io.longwire.device.v1.NetType;
import io.longwire.device.v1.PayloadCodec;
import io.longwire.device.v1.Ping;
import io.longwire.device.v1.Pong;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.Profile;
import io.longwire.device.v1.ProfileAck;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushBatch;
import io.longwire.device.v1.PushKind;
import io.longwire.device.v1.Ready;
import io.longwire.device.v1.Reply;
import io.longwire.device.v1.Telemetry;
import io.longwire.device.v1.Unbind;
import io.longwire.device.v1.Uplink;
import io.longwire.device.v1.UplinkReply;
import java.util.List;

/** The messages behind golden/v1/*.hex: every frame, every field set to something that is not its default. */
final class GoldenSamples {
    /** One file: its name, the type of its frame, what its body says. */
    record Sample(String name, int type, MessageLite message) {
    }

    private static final long ENDPOINT = 0x0123456789ABCDEFL;
    private static final long MESSAGE = 117241269094191181L;
    private static final long TIME = 1_795_178_096_789L;

    private GoldenSamples() {
    }

    static List<Sample> all() {
        return List.of(new Sample("connect", FrameType.CONNECT, connect()),
                new Sample("connect_ack", FrameType.CONNECT_ACK, connectAck()),
                new Sample("bind", FrameType.BIND, Bind.newBuilder().setReqId(5).addBindings(binding()).build()),
                new Sample("bind_ack", FrameType.BIND_ACK,
                        BindAck.newBuilder().setReqId(5).addResults(result()).build()),
                new Sample("unbind", FrameType.UNBIND,
                        Unbind.newBuilder().addEndpointIds(ENDPOINT).setReason(2).build()),
                new Sample("push", FrameType.PUSH, push().setSeq(300).build()),
                new Sample("push_broadcast", FrameType.PUSH,
                        Push.newBuilder().setMessageId(MESSAGE).setAppId(7).setPayload(bytes("all"))
                                .setExpireAtMs(TIME + 60_000).setBcastSeq(1234).build()),
                new Sample("push_batch", FrameType.PUSH_BATCH,
                        PushBatch.newBuilder().addItems(push().setSeq(1)).addItems(push().setSeq(2)).build()),
                new Sample("ack", FrameType.ACK, ack()), new Sample("uplink", FrameType.UPLINK, uplink()),
                new Sample("uplink_reply", FrameType.UPLINK_REPLY,
                        UplinkReply.newBuilder().setReqId(9).setCode(Code.BUSY).setRetryAfterMs(3000).setText("full")
                                .build()),
                new Sample("ping_empty", FrameType.PING, Ping.getDefaultInstance()),
                new Sample("ping", FrameType.PING, ping()),
                new Sample("pong_empty", FrameType.PONG, Pong.getDefaultInstance()),
                new Sample("pong", FrameType.PONG,
                        Pong.newBuilder().setNextS(885).setEcho(77).setServerTimeMs(TIME).build()),
                new Sample("kick", FrameType.KICK, kick()), new Sample("goaway", FrameType.GOAWAY, goAway()),
                new Sample("error", FrameType.ERROR, error()),
                new Sample("ready", FrameType.READY, Ready.newBuilder().addEndpointIds(ENDPOINT).build()),
                new Sample("push_revoke", FrameType.PUSH, revoke()),
                new Sample("push_collapse", FrameType.PUSH, collapse()),
                new Sample("ack_receipts", FrameType.ACK, receipts()),
                new Sample("profile", FrameType.PROFILE, profile()),
                new Sample("profile_ack", FrameType.PROFILE_ACK,
                        ProfileAck.newBuilder().setReqId(12).setCode(Code.LIMIT)
                                .setText("aliases: 9 (expected: at most 8)")
                                .setRetryAfterMs(2000).build()),
                new Sample("config", FrameType.CONFIG, Config.newBuilder().setEpoch(4).setBody(bytes("c")).build()),
                new Sample("telemetry", FrameType.TELEMETRY, telemetry()),
                new Sample("uplink_request", FrameType.UPLINK, uplink().toBuilder().setTimeoutMs(10_000).build()),
                new Sample("reply", FrameType.REPLY,
                        Reply.newBuilder().setEndpointId(ENDPOINT).setSeq(41).setCode(Code.REFUSED)
                                .setBody(bytes("re")).setText("sold out").build()));
    }

    static Push.Builder push() {
        return Push.newBuilder().setEndpointId(ENDPOINT).setMessageId(MESSAGE).setAppId(7).setPayload(bytes("hi"))
                .setExpireAtMs(TIME + 86_400_000).setPriority(Priority.PRIORITY_HIGH)
                .setKind(PushKind.KIND_NOTIFICATION).setCollapseKey(bytes("score")).setReplaces(MESSAGE - 1)
                .setAckNow(true).setAcceptedMs(TIME).setRoutedMs(TIME + 2).setEnc(Encryption.ENC_HPKE)
                .setCodec(PayloadCodec.CODEC_DEFLATE);
    }

    private static Connect connect() {
        return Connect.newBuilder().setFeatures(3).setResumeToken(bytes("0123456789abcdef")).addBindings(binding())
                .setNet(NetType.NET_CELL_5G).setState(ClientState.STATE_BACKGROUND).setCarrier("46000").setOs("android")
                .setOsVersion(34).setModel("Pixel 8").setLanguage("zh").setRegion("CN").setSdkVersion(1_002_003)
                .setHbProposedS(285)
                .setHb(HeartbeatEvidence.newBuilder().setNetEpoch(6).setOkS(285).setBadS(345).setUsedS(240)
                        .setTimeouts(2))
                .setReconnectReason(2).setAttempt(1).setLastConnectMs(180).setRecvWindow(32).setCapability(1)
                .setNetKey(bytes("net")).build();
    }

    private static ConnectAck connectAck() {
        return ConnectAck.newBuilder().setCode(Code.REDIRECT).setResumed(true).setResumeToken(bytes("fedcba9876543210"))
                .addResults(result()).setHbMinS(60).setHbMaxS(885).setHbHintS(285).setServerIdleS(460)
                .setServerTimeMs(TIME).setCrashWindowMs(15_000).setResumeTtlS(30).setMaxFrame(65_536).setMaxUnacked(32)
                .setMaxUnackedEndpoint(8).addAlternates(address()).setAlternatesTtlS(3600).setFeatures(1)
                .setRetryAfterMs(5000).setText("moved").setNetKey(bytes("net")).setConfigEpoch(4).build();
    }

    private static EndpointBinding binding() {
        return EndpointBinding.newBuilder().setCredential(bytes("credential")).setConnSeq(TIME).setPrevConnSeq(TIME - 1)
                .setBcastSeen(BroadcastSeen.of(300, 302, 305).encode()).setAppVersion(4711).setFlags(1).build();
    }

    private static BindResult result() {
        return BindResult.newBuilder().setEndpointId(ENDPOINT).setCode(Code.EPOCH_OLD).setConnSeq(TIME)
                .setBcastFloor(301).setRetryAfterMs(1000).setIncumbent(TIME + 5).setResumed(true).setPending(3)
                .setText("newer").build();
    }

    private static Ack ack() {
        return Ack.newBuilder().setUptoSeq(300).addExtraSeq(302).addExtraSeq(305)
                .addEndpointAcks(EndpointAck.newBuilder().setEndpointId(ENDPOINT).addMessageIds(MESSAGE)
                        .addBcastSeqs(1234).setStatus(AckStatus.ACK_DEFERRED))
                .build();
    }

    // As center makes them: no payload, kept as long as the message they take back.
    private static Push revoke() {
        return Push.newBuilder().setSeq(301).setEndpointId(ENDPOINT).setMessageId(MESSAGE + 1).setAppId(7)
                .setExpireAtMs(TIME + 3_600_000).setKind(PushKind.KIND_REVOKE).setReplaces(MESSAGE).setAcceptedMs(TIME)
                .setRoutedMs(TIME + 2).build();
    }

    private static Push collapse() {
        return Push.newBuilder().setSeq(302).setEndpointId(ENDPOINT).setMessageId(MESSAGE + 2).setAppId(7)
                .setPayload(bytes("2:1")).setExpireAtMs(TIME + 60_000).setPriority(Priority.PRIORITY_LOW)
                .setCollapseKey(bytes("score")).setReplaces(MESSAGE).setAcceptedMs(TIME).setRoutedMs(TIME + 2).build();
    }

    private static Ack receipts() {
        return Ack.newBuilder().setUptoSeq(300)
                .addEndpointAcks(EndpointAck.newBuilder().setEndpointId(ENDPOINT).addMessageIds(MESSAGE)
                        .setStatus(AckStatus.ACK_SHOWN))
                .addEndpointAcks(EndpointAck.newBuilder().setEndpointId(ENDPOINT).addMessageIds(MESSAGE)
                        .setStatus(AckStatus.ACK_CLICKED))
                .addEndpointAcks(EndpointAck.newBuilder().setEndpointId(ENDPOINT).addMessageIds(MESSAGE + 1)
                        .setStatus(AckStatus.ACK_REVOKE_LATE))
                .build();
    }

    // One attribute: several stand in any order on the wire.
    private static Profile profile() {
        return Profile.newBuilder().setReqId(12).setEndpointId(ENDPOINT).addBindAliases("user-42")
                .addUnbindAliases("user-41").addAddTags("gold").addAddTags("zh").addRemoveTags("trial")
                .putSetAttributes("plan", "yearly").addRemoveAttributes("coupon").build();
    }

    private static Uplink uplink() {
        return Uplink.newBuilder().setReqId(9).setEndpointId(ENDPOINT).setSeq(41).setBody(bytes("up"))
                .setCodec(PayloadCodec.CODEC_ZSTD).setTopic("chat").build();
    }

    private static Ping ping() {
        return Ping.newBuilder().setState(ClientState.STATE_DOZE).setProposedS(585).setUptoSeq(300)
                .setNet(NetType.NET_WIFI).setEcho(77).setPlannedGapS(585).setActualGapS(590).setCapability(2)
                .build();
    }

    private static Telemetry telemetry() {
        return Telemetry.newBuilder().setBody(bytes("t")).addApps(AppTraffic.newBuilder().setEndpointId(ENDPOINT)
                .setFramesIn(3).setBytesIn(700).setFramesOut(1).setBytesOut(60)).build();
    }

    private static Kick kick() {
        return Kick.newBuilder().setCode(Code.REPLACED).addEndpointIds(ENDPOINT).setText("newer connection")
                .setRetryAfterMs(60_000).setDropCredential(true).build();
    }

    private static GoAway goAway() {
        return GoAway.newBuilder().setCode(Code.SHUTDOWN).setDelayMinMs(1000).setDelayMaxMs(60_000).addTo(address())
                .setAskDispatcher(true).setDrainMs(90_000).setAvoidS(600).build();
    }

    private static ErrorFrame error() {
        return ErrorFrame.newBuilder().setCode(Code.NOT_BOUND).setFrameType(FrameType.UPLINK).setRef(9)
                .setText("endpoint: not bound").setFatal(true).setRetryAfterMs(1000).setEndpointId(ENDPOINT).build();
    }

    private static Address address() {
        return Address.newBuilder().setIp(ByteString.copyFrom(Frames.bytes(192, 0, 2, 7))).setPort(443)
                .setHost("room.example").setIdc("a").setWeight(10).setFlags(1).build();
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
