package io.longwire.sdk;

import com.google.protobuf.ByteString;
import io.longwire.device.Code;
import io.longwire.device.Feature;
import io.longwire.device.credential.Checked;
import io.longwire.device.credential.CredentialVerifier;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.sdk.loop.SdkClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A room on a real socket, as far as the protocol goes: checks credentials, parks dropped connections, answers CONNECT
 * unless a test wants to do it. What it holds is what the test pushes.
 */
final class FakeRoom implements AutoCloseable {
    final AtomicInteger accepted = new AtomicInteger();
    /** CONNECTs are left to the test. */
    volatile boolean hold;
    volatile int crashWindowMillis = 50;
    volatile int heartbeatSeconds;
    volatile long broadcastFloor;
    /** Feature bits it knows. */
    volatile int features = Feature.ALL;

    private final CredentialVerifier verifier;
    private final ServerSocket server;
    private final boolean tls;
    private final BlockingQueue<FakeLink> links = new LinkedBlockingQueue<>();
    private final List<FakeLink> all = new CopyOnWriteArrayList<>();
    private final Map<ByteString, Map<Long, Long>> parked = new ConcurrentHashMap<>();
    private final AtomicInteger tokens = new AtomicInteger();

    FakeRoom(CredentialVerifier verifier) throws IOException {
        this(verifier, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), false);
    }

    FakeRoom(CredentialVerifier verifier, ServerSocket server, boolean tls) {
        this.verifier = verifier;
        this.server = server;
        this.tls = tls;
        Thread.ofPlatform().daemon().name("fake-room").start(this::acceptAll);
    }

    int port() {
        return server.getLocalPort();
    }

    boolean tls() {
        return tls;
    }

    String address() {
        return (tls ? "tls://" : "") + "127.0.0.1:" + port();
    }

    /** The next connection that has sent CONNECT. */
    FakeLink next() throws InterruptedException {
        return Objects.requireNonNull(links.poll(60, TimeUnit.SECONDS), "no CONNECT came");
    }

    boolean hasNoOther() {
        return links.isEmpty();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (FakeLink link : all) {
            link.cut();
        }
    }

    void connected(FakeLink link) throws IOException {
        if (!hold) {
            accept(link);
        }
        links.add(link);
    }

    /** Accepts as a room does; a parked session whose prev_conn_seq fits goes on. */
    void accept(FakeLink link) throws IOException {
        Connect connect = link.connect();
        Map<Long, Long> was = parked.remove(connect.getResumeToken());
        ByteString token = ByteString.copyFromUtf8(String.format("%016d", tokens.incrementAndGet()));
        ConnectAck.Builder ack = ConnectAck.newBuilder().setCode(Code.OK).setResumed(was != null).setResumeToken(token)
                .setCrashWindowMs(crashWindowMillis).setHbHintS(heartbeatSeconds)
                .setFeatures(connect.getFeatures() & features).setServerTimeMs(SdkClock.system().wallMillis());
        long host = CredentialVerifier.NO_HOST;
        for (EndpointBinding binding : connect.getBindingsList()) {
            BindResult result = bind(link, binding, host, was);
            host = host == CredentialVerifier.NO_HOST ? result.getEndpointId() : host;
            ack.addResults(result);
        }
        link.token = token;
        link.host = host;
        link.answer(ack.build());
    }

    BindResult bind(FakeLink link, EndpointBinding binding, long host,
            @Nullable Map<Long, Long> was) {
        Checked checked = verifier.check(binding.getCredential().toByteArray(), host,
                SdkClock.system().wallMillis() / 1000);
        if (!checked.isOk()) {
            return BindResult.newBuilder().setCode(checked.verdict().code()).build();
        }
        long endpoint = checked.claims().endpointId();
        long old = was == null ? 0 : was.getOrDefault(endpoint, 0L);
        boolean resumed = old != 0 && old == binding.getPrevConnSeq();
        long inForce = resumed ? old : binding.getConnSeq();
        link.bound.put(endpoint, inForce);
        return BindResult.newBuilder().setEndpointId(endpoint).setCode(Code.OK).setConnSeq(inForce)
                .setResumed(resumed).setBcastFloor(broadcastFloor).build();
    }

    void dropped(FakeLink link) {
        ByteString token = link.token;
        if (!token.isEmpty()) {
            parked.put(token, link.bound);
        }
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket socket = server.accept();
                accepted.incrementAndGet();
                FakeLink link = new FakeLink(this, socket);
                all.add(link);
                Thread.ofPlatform().daemon().name("fake-link").start(link::read);
            }
        } catch (IOException closed) {
            // The test ended.
            return;
        }
    }
}
