package io.longwire.sdk.phone;

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
import io.longwire.device.dispatcher.PublishedShareList;
import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.device.dispatcher.RoomAddress;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.device.id.AppKey;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.Kick;
import io.longwire.device.v1.Ping;
import io.longwire.device.v1.Pong;
import io.longwire.device.v1.Profile;
import io.longwire.device.v1.ProfileAck;
import io.longwire.device.v1.Ready;
import io.longwire.device.v1.Uplink;
import io.longwire.device.v1.UplinkReply;
import io.longwire.sdk.dispatcher.Dispatcher;
import io.longwire.sdk.dispatcher.DispatcherFailure;
import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.policy.Pace;
import io.longwire.sdk.policy.ServerTime;
import io.longwire.sdk.store.PhoneStore;
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
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A platform without sockets, in virtual time: a dispatcher, rooms that answer, and what a phone says of itself. */
final class VirtualPlatform {
    /** In the background at first; rooms need no TLS. */
    static final PhoneSettings SETTINGS = new PhoneSettings(Connect.getDefaultInstance(), 1, false, false, 0, 0);

    final VirtualLoop loop = new VirtualLoop();
    final FakeNet net = new FakeNet();
    final FakeAsked dispatcher = new FakeAsked();
    final Heard heard = new Heard();

    /** A phone on this platform, which it reaches through that network. */
    Phone phone(Dialer network, PhoneStore store) {
        return phone(loop, network, store);
    }

    /** The same, on a loop that sleeps, or is late. */
    Phone phone(Loop goesBy, Dialer network, PhoneStore store) {
        return new Phone(goesBy, network, dispatcher, Runnable::run, store, SETTINGS, heard);
    }

    /** What such a phone is made of. */
    Parts parts(Dialer network, PhoneStore store) {
        return parts(network, store, SETTINGS);
    }

    Parts parts(Dialer network, PhoneStore store, PhoneSettings settings) {
        return new Parts(loop, network, new DispatcherCalls(loop, dispatcher, Runnable::run), store, settings,
                new ServerTime(loop), heard);
    }

    /** A dispatcher without HTTP. */
    final class FakeAsked implements Dispatcher {
        private final CredentialKeys keys = CredentialKeys.single(1, new byte[32]);
        private final CredentialVerifier verifier = new CredentialVerifier(keys);
        boolean dead;
        boolean noRooms; // registers, and fails when it is asked for rooms
        final List<Integer> attempts = new ArrayList<>();
        final List<Pace> paces = new ArrayList<>();
        /** What it says in place of what it should. */
        @Nullable
        UnaryOperator<RegisteredEndpoint> twisted;
        /** By attempt; null = one room. */
        @Nullable
        IntFunction<Rooms> lists;
        int registrations;
        long lifeSeconds = 30 * 86_400;
        int roomQuestions;
        int listQuestions;
        String askedFor = "";
        /** The list of those who share; null = none that is newer. */
        byte @Nullable [] published;
        @Nullable
        DispatcherFailure listFailure;
        long listTime;

        @Override
        public PublishedShareList shareList(String group, long above) throws DispatcherFailure {
            listQuestions++;
            askedFor = group + " above " + above;
            DispatcherFailure failure = listFailure;
            if (failure != null) {
                throw failure;
            }
            byte[] list = published;
            return PublishedShareList.newBuilder().setServerTimeMs(listTime)
                    .setSigned(list == null ? ByteString.EMPTY : ByteString.copyFrom(list)).build();
        }

        @Override
        public void pace(Pace pace) {
            paces.add(pace);
        }

        @Override
        public RegisteredEndpoint register(RegisterEndpoint install) throws DispatcherFailure {
            registrations++;
            failWhenDead();
            long now = loop.wallMillis() / 1000;
            int appId = AppKey.parse(install.getAppKey()).appId();
            long endpoint = appId == 7 ? 99 : appId;
            byte[] credential = Credentials.issue(keys, new Claims(1, appId, endpoint, 1, now, now + lifeSeconds));
            RegisteredEndpoint honest = RegisteredEndpoint.newBuilder().setEndpointId(endpoint).setEndpoint("ep_test")
                    .setAppId(appId).setCredential(ByteString.copyFrom(credential))
                    .setExpiresMs((now + lifeSeconds) * 1000).build();
            UnaryOperator<RegisteredEndpoint> twist = twisted;
            return twist == null ? honest : twist.apply(honest);
        }

        @Override
        public Rooms rooms(String endpoint, int attempt) throws DispatcherFailure {
            roomQuestions++;
            attempts.add(attempt);
            failWhenDead();
            if (noRooms) {
                throw new DispatcherFailure(DispatcherFailure.Kind.UNREACHABLE, "dispatcher: 500 (expected: rooms)", 0);
            }
            IntFunction<Rooms> told = lists;
            if (told != null) {
                return told.apply(attempt);
            }
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
    final class FakeNet implements Dialer {
        final List<Long> sequences = new ArrayList<>();
        final List<String> dialled = new ArrayList<>();
        boolean dead;
        final Set<String> deadHosts = new HashSet<>();
        int configEpoch;
        boolean dropAfterLogin;
        /** CONNECT and pings stay without an answer. */
        boolean mute;
        int hintSeconds = 240;
        int maxSeconds;
        final List<Connect> connects = new ArrayList<>();
        @Nullable
        ConnectAck answer;
        /** By endpoint. */
        final Map<Long, BindResult> refused = new HashMap<>();
        /** Bindings that came, by endpoint. */
        final Map<Long, Integer> asked = new HashMap<>();
        final List<Bind> binds = new ArrayList<>();
        boolean holdBinds;
        final List<Ack> acks = new ArrayList<>();
        final List<Long> readies = new ArrayList<>();
        final List<Uplink> uplinks = new ArrayList<>();
        int uplinkCode = -1; // -1: no answer
        int dials;
        int pings;
        /** That pings told. */
        final List<Integer> capabilities = new ArrayList<>();
        int profiles;
        int profileCode = -1; // -1: no answer
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
                if (dead || deadHosts.contains(address.host())) {
                    listener.onFailed("refused");
                } else {
                    last = new FakeWire();
                    listener.onOpen(last);
                }
            });
            return () -> cancelled[0] = true;
        }

        /** Sends bytes to the phone. */
        void raw(byte[] bytes) {
            Objects.requireNonNull(last).bytes(bytes);
            loop.advance(1);
        }

        /** Sends something to the phone. */
        void send(int type, MessageLite body) {
            Objects.requireNonNull(last).bytes(FrameWriter.frame(type, body));
            loop.advance(1);
        }

        void kick(Kick kick) {
            Objects.requireNonNull(last).bytes(FrameWriter.frame(FrameType.KICK, kick));
            loop.advance(1);
        }

        void bindAck(BindAck ack) {
            Objects.requireNonNull(last).bytes(FrameWriter.frame(FrameType.BIND_ACK, ack));
            loop.advance(1);
        }

        /** Bytes that were on their way. */
        void backlog() {
            Objects.requireNonNull(last).bytes(FrameWriter.frame(FrameType.PONG, Pong.getDefaultInstance()));
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
        private long host = CredentialVerifier.NO_HOST;
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
            end("closed here");
        }

        @Override
        public boolean onFrame(int type, ByteBuffer buffer, int from, int to) throws ProtocolError {
            reader.authenticated();
            if (net.mute) {
                return true;
            }
            if (type == FrameType.CONNECT) {
                Connect connect = FrameBody.parse(Connect.parser(), buffer, from, to);
                loop.execute(() -> answer(connect));
            } else if (type == FrameType.BIND) {
                Bind bind = FrameBody.parse(Bind.parser(), buffer, from, to);
                net.binds.add(bind);
                if (!net.holdBinds) {
                    loop.execute(() -> bytes(FrameWriter.frame(FrameType.BIND_ACK, BindAck.newBuilder()
                            .setReqId(bind.getReqId()).addAllResults(results(bind.getBindingsList(), host)).build())));
                }
            } else if (type == FrameType.PING) {
                net.pings++;
                Ping ping = FrameBody.parse(Ping.parser(), buffer, from, to);
                if (ping.getCapability() != 0) {
                    net.capabilities.add(ping.getCapability());
                }
                Pong pong = Pong.newBuilder().setEcho(ping.getEcho()).build();
                loop.execute(() -> bytes(FrameWriter.frame(FrameType.PONG, pong)));
            }
            if (type == FrameType.ACK) {
                net.acks.add(FrameBody.parse(Ack.parser(), buffer, from, to));
            }
            if (type == FrameType.READY) {
                net.readies.addAll(FrameBody.parse(Ready.parser(), buffer, from, to).getEndpointIdsList());
            }
            if (type == FrameType.UPLINK) {
                Uplink uplink = FrameBody.parse(Uplink.parser(), buffer, from, to);
                net.uplinks.add(uplink);
                if (net.uplinkCode >= 0) {
                    loop.execute(() -> bytes(FrameWriter.frame(FrameType.UPLINK_REPLY, UplinkReply.newBuilder()
                            .setReqId(uplink.getReqId()).setCode(net.uplinkCode).build())));
                }
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

        private List<BindResult> results(List<EndpointBinding> bindings, long by) {
            List<BindResult> results = new ArrayList<>();
            for (EndpointBinding binding : bindings) {
                Checked proof = dispatcher.verifier.check(binding.getCredential().toByteArray(), by,
                        loop.wallMillis() / 1000);
                if (!proof.isOk()) {
                    results.add(BindResult.newBuilder().setCode(proof.verdict().code()).build());
                    continue;
                }
                long endpoint = proof.claims().endpointId();
                host = host == CredentialVerifier.NO_HOST ? endpoint : host;
                by = host;
                net.asked.merge(endpoint, 1, Integer::sum);
                BindResult no = net.refused.get(endpoint);
                results.add(no != null
                        ? no.toBuilder().setEndpointId(endpoint).build()
                        : BindResult.newBuilder().setEndpointId(endpoint).setConnSeq(binding.getConnSeq()).build());
            }
            return results;
        }

        private void answer(Connect connect) {
            net.sequences.add(connect.getBindings(0).getConnSeq());
            net.connects.add(connect);
            List<BindResult> results = results(connect.getBindingsList(), host);
            BindResult first = results.get(0);
            boolean any = results.stream().anyMatch(result -> result.getCode() == Code.OK);
            ConnectAck told = net.answer;
            ConnectAck ack = told != null
                    ? told
                    : ConnectAck.newBuilder().setCode(any ? Code.OK : first.getCode()).setCrashWindowMs(20_000)
                            .setConfigEpoch(net.configEpoch)
                            .setHbHintS(net.hintSeconds).setHbMaxS(net.maxSeconds)
                            .setResumed(!connect.getResumeToken().isEmpty())
                            .setResumeToken(ByteString.copyFrom(new byte[Limits.RESUME_TOKEN_BYTES]))
                            .setRetryAfterMs(any ? 0 : first.getRetryAfterMs()).addAllResults(results)
                            .build();
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

    /** Remembers the last status and who is served. */
    static class Heard implements PhoneEvents {
        private @Nullable PhoneStatus last;
        final Set<Long> bound = new HashSet<>();
        final List<String> problems = new ArrayList<>();

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
        public void onBound(App app, boolean is) {
            if (is) {
                bound.add(app.endpointId());
            } else {
                bound.remove(app.endpointId());
            }
        }

        @Override
        public void onProblem(String what) {
            problems.add(what);
        }
    }
}
