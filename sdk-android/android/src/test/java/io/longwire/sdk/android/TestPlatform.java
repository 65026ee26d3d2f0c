package io.longwire.sdk.android;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
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
import io.longwire.device.id.EndpointId;
import io.longwire.device.id.MessageId;
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
import io.longwire.device.v1.Profile;
import io.longwire.device.v1.ProfileAck;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.Unbind;
import io.longwire.device.v1.Uplink;
import io.longwire.device.v1.UplinkReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A dispatcher and one room on real sockets: real credentials and delegations, checked as a room checks them. */
public final class TestPlatform implements AutoCloseable {
    private static final byte[] KEY = "the test platform's key, 32 byte".getBytes(StandardCharsets.UTF_8);
    private static final CredentialKeys KEYS = CredentialKeys.single(1, KEY);

    /** What came: frames by their type. */
    public final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();
    public final BlockingQueue<Ack> acks = new LinkedBlockingQueue<>();
    public final BlockingQueue<Uplink> uplinks = new LinkedBlockingQueue<>();
    public final BlockingQueue<Profile> profiles = new LinkedBlockingQueue<>();
    public final BlockingQueue<Connect> connects = new LinkedBlockingQueue<>();
    /** How well a phone said it can be woken, in CONNECT and PING. */
    public final BlockingQueue<Integer> capabilities = new LinkedBlockingQueue<>();
    public final Map<Integer, Long> endpoints = new ConcurrentHashMap<>(); // of apps
    /** Paths of the questions for a list of those who share. */
    public final BlockingQueue<String> listQuestions = new LinkedBlockingQueue<>();
    public final AtomicInteger connections = new AtomicInteger();

    private final EndpointId texts = new EndpointId(KEY);
    private final CredentialVerifier verifier = new CredentialVerifier(KEYS);
    private final AtomicLong ids = new AtomicLong(0x1234_0000_0000_0000L);
    private final AtomicInteger messages = new AtomicInteger();
    private final HttpServer http;
    private final ServerSocket room;
    private volatile boolean hidden;
    private volatile CountDownLatch answers = new CountDownLatch(0);
    private volatile ByteString shareList = ByteString.EMPTY;

    public TestPlatform() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        room = new ServerSocket(0, 20, here);
        http = HttpServer.create(new InetSocketAddress(here, 0), 0);
        http.createContext("/v1/endpoints", this::register);
        http.createContext("/v1/rooms", call -> {
            Rooms.Builder rooms = Rooms.newBuilder().setTtlS(3600);
            answer(call, hidden
                    ? rooms.build()
                    : rooms.addRooms(RoomAddress.newBuilder().setHost("127.0.0.1").setPort(room.getLocalPort()))
                            .build());
        });
        http.createContext("/v1/share-lists/", call -> {
            listQuestions.add(call.getRequestURI().toString());
            answer(call, PublishedShareList.newBuilder().setSigned(shareList).build());
        });
        http.start();
        Thread.ofPlatform().daemon().name("room").start(this::accept);
    }

    /** The dispatcher names no room. */
    public void hideRooms() {
        hidden = true;
    }

    /** The dispatcher registers nobody until this is counted down. */
    public CountDownLatch hold() {
        CountDownLatch held = new CountDownLatch(1);
        answers = held;
        return held;
    }

    /** What the dispatcher gives as the list of those who share. */
    public void publish(byte[] signed) {
        shareList = ByteString.copyFrom(signed);
    }

    /** Where the room listens. */
    public String room() {
        return "127.0.0.1:" + room.getLocalPort();
    }

    public String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** The next connection whose CONNECT was accepted. */
    public Line line() throws InterruptedException {
        Line line = lines.poll(60, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("no phone has connected");
        }
        return line;
    }

    /** Waits for an ack that a test looks for. */
    public Ack ack() throws InterruptedException {
        Ack ack = acks.poll(60, TimeUnit.SECONDS);
        if (ack == null) {
            throw new AssertionError("no ack has come");
        }
        return ack;
    }

    @Override
    public void close() throws IOException {
        http.stop(0);
        room.close();
        for (Line line : lines) {
            line.cut();
        }
    }

    private void register(HttpExchange call) throws IOException {
        RegisterEndpoint install = RegisterEndpoint.parseFrom(call.getRequestBody().readAllBytes());
        try {
            answers.await();
        } catch (InterruptedException over) {
            throw new InterruptedIOException("the test is over");
        }
        int app = AppKey.parse(install.getAppKey()).appId();
        long endpoint = endpoints.computeIfAbsent(app, fresh -> ids.incrementAndGet());
        long now = System.currentTimeMillis() / 1000; // allowed: the platform's clock, not the phone's
        byte[] credential = Credentials.issue(KEYS, new Claims(1, app, endpoint, 1, now - 60, now + 86_400));
        answer(call, RegisteredEndpoint.newBuilder().setAppId(app).setEndpointId(endpoint)
                .setEndpoint(texts.text(app, endpoint)).setCredential(ByteString.copyFrom(credential))
                .setExpiresMs((now + 86_400) * 1000).setServerTimeMs(now * 1000)
                .setPayloadKey(install.getPayloadKey()).build());
    }

    private static void answer(HttpExchange call, MessageLite body) throws IOException {
        byte[] bytes = body.toByteArray();
        call.getResponseHeaders().set("Content-Type", "application/x-protobuf");
        call.sendResponseHeaders(200, bytes.length);
        call.getResponseBody().write(bytes);
        call.close();
    }

    private void accept() {
        try {
            while (true) {
                Line line = new Line(room.accept());
                connections.incrementAndGet();
                Thread.ofPlatform().daemon().name("line").start(line::read);
            }
        } catch (IOException closed) {
            // The test is over.
            return;
        }
    }

    /** One phone's connection. */
    public final class Line implements FrameReader.Handler {
        /** Endpoint to the sequence it was bound with. */
        public final Map<Long, Long> bound = new ConcurrentHashMap<>();
        /** Ids that were acked as stored on this line. */
        public final Set<Long> stored = ConcurrentHashMap.newKeySet();
        /** Ids that were put off on this line. */
        public final Set<Long> deferred = ConcurrentHashMap.newKeySet();
        public volatile boolean over;
        private final Map<Long, Long> unacked = new ConcurrentSkipListMap<>(); // ids by seq
        private final Socket socket;
        private final FrameReader reader = FrameReader.ofRoom();
        private long seq;
        private long host = CredentialVerifier.NO_HOST;

        Line(Socket socket) {
            this.socket = socket;
        }

        /** Sends a message to an app's endpoint; returns its id. */
        public long push(int app, String text) throws IOException {
            Long endpoint = endpoints.get(app);
            if (endpoint == null) {
                throw new IOException("app " + app + " is not registered");
            }
            long now = System.currentTimeMillis(); // allowed: the platform's clock, not the phone's
            long id = MessageId.of(now, 1, messages.incrementAndGet());
            push(endpoint, app, id, text);
            return id;
        }

        /** Sends a message under this id, once more perhaps. */
        public void push(long endpoint, int app, long id, String text) throws IOException {
            long expires = System.currentTimeMillis() + 3_600_000; // allowed: the platform's clock, not the phone's
            deferred.remove(id);
            unacked.put(++seq, id);
            send(FrameType.PUSH, Push.newBuilder().setSeq(seq).setEndpointId(endpoint).setAppId(app)
                    .setMessageId(id).setExpireAtMs(expires).setPayload(ByteString.copyFromUtf8(text)).build());
        }

        private void acked(Ack ack) {
            for (EndpointAck one : ack.getEndpointAcksList()) {
                unacked.values().removeAll(one.getMessageIdsList());
                (one.getStatus() == AckStatus.ACK_STORED ? stored : deferred).addAll(one.getMessageIdsList());
            }
            unacked.entrySet().removeIf(one -> {
                boolean named = one.getKey() <= ack.getUptoSeq() || ack.getExtraSeqList().contains(one.getKey());
                if (named) {
                    stored.add(one.getValue());
                }
                return named;
            });
        }

        /** Ends it without a word. */
        public void cut() throws IOException {
            socket.close();
        }

        synchronized void send(int type, MessageLite body) throws IOException {
            socket.getOutputStream().write(FrameWriter.frame(type, body));
        }

        void read() {
            byte[] chunk = new byte[8192];
            try (Socket open = socket; InputStream in = open.getInputStream()) {
                open.getOutputStream().write(Limits.PREFACE);
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    reader.onBytes(ByteBuffer.wrap(chunk), 0, n, this);
                }
            } catch (IOException | ProtocolError ended) {
                reader.close();
            } finally {
                over = true;
            }
        }

        @Override
        public boolean onFrame(int type, ByteBuffer buffer, int from, int to) throws ProtocolError {
            try {
                handle(type, buffer, from, to);
                return true;
            } catch (IOException gone) {
                return false;
            }
        }

        private void handle(int type, ByteBuffer buffer, int from, int to) throws ProtocolError, IOException {
            switch (type) {
                case FrameType.CONNECT :
                    connect(FrameBody.parse(Connect.parser(), buffer, from, to));
                    break;
                case FrameType.BIND :
                    Bind bind = FrameBody.parse(Bind.parser(), buffer, from, to);
                    BindAck.Builder ack = BindAck.newBuilder().setReqId(bind.getReqId());
                    for (EndpointBinding one : bind.getBindingsList()) {
                        ack.addResults(bind(one));
                    }
                    send(FrameType.BIND_ACK, ack.build());
                    break;
                case FrameType.PING :
                    Ping ping = FrameBody.parse(Ping.parser(), buffer, from, to);
                    if (ping.getCapability() != 0) {
                        capabilities.add(ping.getCapability());
                    }
                    send(FrameType.PONG, Pong.newBuilder().setEcho(ping.getEcho()).build());
                    break;
                case FrameType.UPLINK :
                    Uplink uplink = FrameBody.parse(Uplink.parser(), buffer, from, to);
                    uplinks.add(uplink);
                    send(FrameType.UPLINK_REPLY, UplinkReply.newBuilder().setReqId(uplink.getReqId()).build());
                    break;
                case FrameType.PROFILE :
                    Profile profile = FrameBody.parse(Profile.parser(), buffer, from, to);
                    profiles.add(profile);
                    send(FrameType.PROFILE_ACK, ProfileAck.newBuilder().setReqId(profile.getReqId()).build());
                    break;
                case FrameType.ACK :
                    Ack told = FrameBody.parse(Ack.parser(), buffer, from, to);
                    acked(told);
                    acks.add(told);
                    break;
                case FrameType.UNBIND :
                    bound.keySet().removeAll(FrameBody.parse(Unbind.parser(), buffer, from, to).getEndpointIdsList());
                    break;
                default :
                    break;
            }
        }

        private void connect(Connect connect) throws IOException {
            connects.add(connect);
            capabilities.add(connect.getCapability());
            ConnectAck.Builder ack = ConnectAck.newBuilder().setCrashWindowMs(50)
                    .setResumeToken(ByteString.copyFromUtf8("0123456789abcdef"));
            for (EndpointBinding one : connect.getBindingsList()) {
                BindResult result = bind(one);
                ack.addResults(result).setCode(ack.getResultsCount() == 1 ? result.getCode() : ack.getCode());
            }
            reader.authenticated();
            send(FrameType.CONNECT_ACK, ack.build());
            lines.add(this);
        }

        private BindResult bind(EndpointBinding binding) {
            Checked checked = verifier.check(binding.getCredential().toByteArray(), host,
                    System.currentTimeMillis() / 1000); // allowed: the platform's clock, not the phone's
            if (!checked.isOk()) {
                return BindResult.newBuilder().setCode(checked.verdict().code()).build();
            }
            long endpoint = checked.claims().endpointId();
            host = host == CredentialVerifier.NO_HOST ? endpoint : host;
            bound.put(endpoint, binding.getConnSeq());
            return BindResult.newBuilder().setCode(Code.OK).setEndpointId(endpoint).setConnSeq(binding.getConnSeq())
                    .build();
        }

        @Override
        public void onSkipped(int type) {
            // A later version's.
        }
    }
}
