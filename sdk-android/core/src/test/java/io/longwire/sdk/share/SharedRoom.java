package io.longwire.sdk.share;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.longwire.device.Code;
import io.longwire.device.FrameBody;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.Limits;
import io.longwire.device.ProtocolError;
import io.longwire.device.credential.Checked;
import io.longwire.device.credential.Claims;
import io.longwire.device.credential.CredentialKeys;
import io.longwire.device.credential.CredentialVerifier;
import io.longwire.device.credential.Credentials;
import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.device.dispatcher.RoomAddress;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.device.id.AppKey;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.EndpointAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.Ping;
import io.longwire.device.v1.Pong;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.Ready;
import io.longwire.device.v1.Telemetry;
import io.longwire.device.v1.Unbind;
import io.longwire.device.v1.Uplink;
import io.longwire.sdk.dispatcher.Dispatcher;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.transport.Address;
import io.longwire.sdk.transport.Dialer;
import io.longwire.sdk.transport.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A room and a dispatcher in virtual time: bindings are checked as a room does, pushes and acks are the test's. */
final class SharedRoom implements Dispatcher, Dialer {
    private static final long DAY_SECONDS = 86_400;

    final VirtualLoop loop = new VirtualLoop();
    private final CredentialKeys keys = CredentialKeys.single(1, new byte[32]);
    private final CredentialVerifier verifier = new CredentialVerifier(keys);
    private final Map<Integer, byte[]> credentials = new HashMap<>();
    private final List<Line> lines = new ArrayList<>();
    boolean knowsKeys = true;

    long endpoint(int app) {
        return 0x7100L + app;
    }

    byte[] credential(int app) {
        return Objects.requireNonNull(credentials.get(app));
    }

    int open() {
        int open = 0;
        for (Line line : lines) {
            open += line.ended ? 0 : 1;
        }
        return open;
    }

    /** The newest connection that is open. */
    Line line() {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (!lines.get(i).ended) {
                return lines.get(i);
            }
        }
        throw new AssertionError("no phone is connected");
    }

    Push message(int app, long message, String text) {
        return Push.newBuilder().setEndpointId(endpoint(app)).setAppId(app).setMessageId(message)
                .setExpireAtMs(loop.wallMillis() + 3_600_000).setPayload(ByteString.copyFromUtf8(text)).build();
    }

    /** Pushes on the connection where the endpoint was bound last. */
    void pushAnywhere(int app, long message, String text) {
        Line newest = line();
        for (Line line : lines) {
            if (!line.ended && line.sequence(app) > newest.sequence(app)) {
                newest = line;
            }
        }
        newest.push(app, message, text);
    }

    @Override
    public RegisteredEndpoint register(RegisterEndpoint install) {
        int app = AppKey.parse(install.getAppKey()).appId();
        long now = loop.wallMillis() / 1000;
        byte[] credential = Credentials.issue(keys, new Claims(1, app, endpoint(app), 1, now, now + DAY_SECONDS));
        credentials.put(app, credential);
        return RegisteredEndpoint.newBuilder().setEndpointId(endpoint(app)).setEndpoint("ep_" + app).setAppId(app)
                .setCredential(ByteString.copyFrom(credential)).setExpiresMs((now + DAY_SECONDS) * 1000)
                .setPayloadKey(knowsKeys ? install.getPayloadKey() : ByteString.EMPTY).build();
    }

    @Override
    public Rooms rooms(String endpoint, int attempt) {
        return Rooms.newBuilder().setTtlS(3 * 86_400)
                .addRooms(RoomAddress.newBuilder().setHost("room").setPort(443).setTls(true)).build();
    }

    @Override
    public Dial dial(Address address, long timeoutMillis, DialListener listener) {
        boolean[] cancelled = new boolean[1];
        loop.execute(() -> {
            if (!cancelled[0]) {
                Line line = new Line();
                lines.add(line);
                listener.onOpen(line);
            }
        });
        return () -> cancelled[0] = true;
    }

    /** One connection at the room. */
    final class Line implements Dialer.OpenWire, FrameReader.Handler {
        final Map<Long, Long> bound = new HashMap<>();
        final Set<Long> sealedOnly = new HashSet<>();
        final List<Ack> acks = new ArrayList<>();
        final List<Uplink> uplinks = new ArrayList<>();
        final List<Long> readies = new ArrayList<>();
        final List<Telemetry> telemetries = new ArrayList<>();
        private long pingedAt = -1;
        long toldAfterMillis = -1; // the last telemetry frame, after the ping before it
        private final List<Bind> held = new ArrayList<>();
        private boolean holds;
        private final List<Pong> heldPongs = new ArrayList<>();
        private boolean holdsPongs;
        private final FrameReader reader = FrameReader.ofRoom();
        private Wire.@Nullable Listener listener;
        private long host = CredentialVerifier.NO_HOST;
        private long seq;
        private boolean ended;

        long push(int app, long message, String text) {
            return push(message(app, message, text));
        }

        long push(Push push) {
            send(FrameType.PUSH, push.toBuilder().setSeq(++seq).build());
            return seq;
        }

        private long sequence(int app) {
            return bound.getOrDefault(endpoint(app), 0L);
        }

        Ack lastAck() {
            return acks.get(acks.size() - 1);
        }

        /** What was said last of this message by its id; null = nothing. */
        @Nullable
        AckStatus statusOf(long endpoint, long message) {
            AckStatus said = null;
            for (Ack ack : acks) {
                for (EndpointAck one : ack.getEndpointAcksList()) {
                    if (one.getEndpointId() == endpoint && one.getMessageIdsList().contains(message)) {
                        said = one.getStatus();
                    }
                }
            }
            return said;
        }

        void send(int type, MessageLite body) {
            byte[] frame = FrameWriter.frame(type, body);
            loop.execute(() -> bytes(frame));
        }

        /** Leaves BINDs unanswered until {@link #answerBinds}. */
        void holdBinds() {
            holds = true;
        }

        void answerBinds() {
            holds = false;
            for (Bind bind : held) {
                send(FrameType.BIND_ACK, BindAck.newBuilder().setReqId(bind.getReqId())
                        .addAllResults(results(bind.getBindingsList())).build());
            }
            held.clear();
        }

        /** Leaves PINGs unanswered until {@link #answerPings}. */
        void holdPongs() {
            holdsPongs = true;
        }

        void answerPings() {
            for (Pong pong : heldPongs) {
                send(FrameType.PONG, pong);
            }
            heldPongs.clear();
        }

        void cut() {
            end("cut");
        }

        private void end(String reason) {
            Wire.Listener to = listener;
            if (!ended && to != null) {
                ended = true;
                to.onClosed(reason);
            }
        }

        private void bytes(byte[] bytes) {
            Wire.Listener to = listener;
            if (!ended && to != null) {
                to.onBytes(bytes, bytes.length);
            }
        }

        @Override
        public void start(Wire.Listener hears) {
            listener = hears;
        }

        @Override
        public boolean send(byte[] bytes) {
            if (ended) {
                return false;
            }
            try {
                reader.onBytes(ByteBuffer.wrap(bytes), 0, bytes.length, this);
            } catch (ProtocolError bad) {
                throw new AssertionError("the phone broke the protocol", bad);
            }
            return true;
        }

        @Override
        public void close(long lingerMillis) {
            end("closed here");
        }

        @Override
        public boolean onFrame(int type, ByteBuffer buffer, int from, int to) throws ProtocolError {
            switch (type) {
                case FrameType.CONNECT :
                    reader.authenticated();
                    connect(FrameBody.parse(Connect.parser(), buffer, from, to));
                    break;
                case FrameType.BIND :
                    held.add(FrameBody.parse(Bind.parser(), buffer, from, to));
                    if (!holds) {
                        answerBinds();
                    }
                    break;
                case FrameType.READY :
                    readies.addAll(FrameBody.parse(Ready.parser(), buffer, from, to).getEndpointIdsList());
                    break;
                case FrameType.UNBIND :
                    for (long endpoint : FrameBody.parse(Unbind.parser(), buffer, from, to).getEndpointIdsList()) {
                        bound.remove(endpoint);
                    }
                    break;
                case FrameType.TELEMETRY :
                    telemetries.add(FrameBody.parse(Telemetry.parser(), buffer, from, to));
                    toldAfterMillis = loop.elapsedMillis() - pingedAt;
                    break;
                case FrameType.PING :
                    pingedAt = loop.elapsedMillis();
                    heldPongs.add(Pong.newBuilder()
                            .setEcho(FrameBody.parse(Ping.parser(), buffer, from, to).getEcho()).build());
                    if (!holdsPongs) {
                        answerPings();
                    }
                    break;
                case FrameType.ACK :
                    acks.add(FrameBody.parse(Ack.parser(), buffer, from, to));
                    break;
                case FrameType.UPLINK :
                    uplinks.add(FrameBody.parse(Uplink.parser(), buffer, from, to));
                    break;
                default :
                    break;
            }
            return true;
        }

        @Override
        public void onSkipped(int type) {
            throw new AssertionError("skipped " + type);
        }

        private void connect(Connect connect) {
            List<BindResult> results = results(connect.getBindingsList());
            loop.execute(() -> bytes(new byte[]{Limits.PREFACE}));
            send(FrameType.CONNECT_ACK, ConnectAck.newBuilder().setCode(results.get(0).getCode())
                    .setCrashWindowMs(1_000).setHbHintS(240).addAllResults(results).build());
        }

        private List<BindResult> results(List<EndpointBinding> bindings) {
            List<BindResult> results = new ArrayList<>();
            for (EndpointBinding binding : bindings) {
                Checked checked = verifier.check(binding.getCredential().toByteArray(), host, loop.wallMillis() / 1000);
                if (!checked.isOk()) {
                    results.add(BindResult.newBuilder().setCode(checked.verdict().code()).build());
                    continue;
                }
                long endpoint = checked.claims().endpointId();
                host = host == CredentialVerifier.NO_HOST ? endpoint : host;
                bound.put(endpoint, binding.getConnSeq());
                if (checked.isSealedOnly()) {
                    sealedOnly.add(endpoint);
                }
                results.add(BindResult.newBuilder().setCode(Code.OK).setEndpointId(endpoint)
                        .setConnSeq(binding.getConnSeq()).build());
            }
            return results;
        }
    }
}
