package io.longwire.testkit.chaos;

import io.longwire.keeper.clock.Clock;
import io.longwire.testkit.chaos.Direction.Hole;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(30)
final class ChaosProxyIT {
    private static final long SEED = 42;
    private static final int SILENCE_MILLIS = 300;
    private static final int FORGET_MILLIS = 800;

    private EchoServer echo;
    private ChaosProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new EchoServer();
        proxy = ChaosProxy.to(echo.port(), SEED);
    }

    @AfterEach
    void end() throws IOException {
        proxy.close();
        echo.close();
        Awaitility.await().untilAsserted(() -> assertThat(proxy.connections()).isZero());
    }

    @Test
    void passesEverythingUnharmedAndCountsIt() throws IOException {
        byte[] sent = bytes(1 << 20);
        try (var client = connect()) {
            Thread.ofVirtual().start(() -> send(client, sent));
            assertThat(client.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
            assertThat(proxy.connections()).isEqualTo(1);
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        Awaitility.await().untilAsserted(() -> assertThat(proxy.connections()).isZero());
        assertThat(echo.ends).containsExactly("eof");
        assertThat(proxy.accepted()).isEqualTo(1);
        assertThat(proxy.toServer().forwardedBytes()).isEqualTo(sent.length);
        assertThat(proxy.toClient().forwardedBytes()).isEqualTo(sent.length);
    }

    @Test
    void delaysWithoutTakingAwayThroughput() throws Exception {
        try (var client = connect()) {
            proxy.toServer().delay(Duration.ofMillis(100), Duration.ofMillis(50));
            proxy.toClient().delay(Duration.ofMillis(100));
            assertTakes(() -> roundTrip(client), 200, 1_000);

            // Twenty pipelined messages wait side by side, not one after the other.
            assertTakes(() -> {
                long begin = Clock.system().millis();
                for (int i = 0; i < 20; i++) {
                    send(client, bytes(10));
                }
                assertThat(client.getInputStream().readNBytes(200)).hasSize(200);
                return Clock.system().millis() - begin;
            }, 200, 1_500);

            proxy.heal();
            assertTakes(() -> roundTrip(client), 0, 99);
        }
    }

    @Test
    void throttlesEachConnection() throws Exception {
        try (var client = connect()) {
            proxy.toServer().throttle(50_000);
            assertTakes(() -> {
                long begin = Clock.system().millis();
                send(client, bytes(25_000));
                client.getInputStream().readNBytes(25_000);
                return Clock.system().millis() - begin;
            }, 400, 1_500);
        }
    }

    @Test
    void cutsBothSidesInOrder() throws IOException {
        try (var client = connect()) {
            roundTrip(client);
            proxy.cut();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            Awaitility.await().untilAsserted(() -> assertThat(echo.ends).containsExactly("eof"));
            assertThat(proxy.connections()).isZero();
        }
    }

    @Test
    void resetsBothSides() throws IOException {
        try (var client = connect()) {
            roundTrip(client);
            proxy.reset();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
            Awaitility.await().untilAsserted(() -> assertThat(echo.ends).hasSize(1));
            assertThat(echo.ends.getFirst()).contains("reset");
        }
    }

    @Test
    void passesAResetOfOneSideOnToTheOther() throws IOException {
        var client = connect();
        roundTrip(client);
        client.setSoLinger(true, 0);
        client.close();
        Awaitility.await().untilAsserted(() -> assertThat(echo.ends).hasSize(1));
        assertThat(echo.ends.getFirst()).contains("reset");
    }

    @Test
    void discardsOneWayOnly() throws IOException {
        try (var client = connect()) {
            proxy.toClient().blackHole(Hole.DISCARD);
            send(client, bytes(10));
            assertSilent(client);
            Awaitility.await().untilAsserted(() -> assertThat(proxy.toServer().forwardedBytes()).isEqualTo(10));
            Awaitility.await().untilAsserted(() -> assertThat(proxy.toClient().discardedBytes()).isEqualTo(10));
            proxy.toClient().blackHole(Hole.OPEN);
            roundTrip(client);
        }
    }

    @Test
    void stallsWithoutLosingAByte() throws IOException {
        try (var client = connect()) {
            proxy.toServer().blackHole(Hole.STALL);
            byte[] sent = bytes(1_000);
            send(client, sent);
            assertSilent(client);
            proxy.toServer().blackHole(Hole.OPEN);
            assertThat(client.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
        }
    }

    @Test
    void makesTheSenderFeelAStall() throws IOException {
        var written = new AtomicLong();
        try (var client = connect()) {
            client.setSendBufferSize(64 << 10);
            proxy.toServer().blackHole(Hole.STALL);
            Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 1_000; i++) {
                    send(client, bytes(64 << 10));
                    written.incrementAndGet();
                }
            });
            Awaitility.await().during(Duration.ofMillis(500)).atMost(Duration.ofSeconds(10)).until(written::get,
                    now -> now == written.get());
            assertThat(written.get()).isLessThan(1_000);
        }
    }

    @Test
    void flipsOneBitOfEveryNthByteAndTheSameOnesForTheSameSeed() throws IOException {
        byte[] sent = bytes(10_000);
        byte[] first = corrupted(proxy, sent);
        byte[] second;
        try (var again = ChaosProxy.to(echo.port(), SEED)) {
            second = corrupted(again, sent);
        }
        assertThat(second).isEqualTo(first);
        for (int i = 0; i < sent.length; i++) {
            int flipped = Integer.bitCount((sent[i] ^ first[i]) & 0xff);
            assertThat(flipped).as("byte %d", i).isEqualTo(i % 100 == 99 ? 1 : 0);
        }
        assertThat(proxy.toServer().corruptedBytes()).isEqualTo(100);
        try (var other = ChaosProxy.to(echo.port(), SEED + 1)) {
            assertThat(corrupted(other, sent)).isNotEqualTo(first);
        }
    }

    @Test
    void cutsAfterExactlyTheGivenBytes() throws IOException {
        try (var client = connect()) {
            proxy.toClient().cutAfter(37);
            send(client, bytes(100));
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(Arrays.copyOf(bytes(100), 37));
            assertThat(proxy.toClient().forwardedBytes()).isEqualTo(37);
        }
    }

    @Test
    void resetsAfterExactlyTheGivenBytes() throws IOException {
        proxy.toServer().resetAfter(37);
        for (int i = 0; i < 2; i++) {
            try (var client = connect()) {
                send(client, bytes(100));
                assertThatThrownBy(() -> client.getInputStream().readAllBytes()).isInstanceOf(SocketException.class);
            }
        }
        assertThat(proxy.toServer().forwardedBytes()).isEqualTo(2 * 37);
        proxy.heal();
        proxy.toServer().resetAfter(0);
        try (var client = connect()) {
            send(client, bytes(1));
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThat(proxy.toServer().forwardedBytes()).isEqualTo(2 * 37);
    }

    @Test
    void leavesHalfOpenConnectionsSilentForEverAndNewOnesWell() throws IOException {
        var client = connect();
        roundTrip(client);
        proxy.halfOpen();
        send(client, bytes(10));
        assertSilent(client);
        proxy.heal();
        send(client, bytes(10));
        assertSilent(client);
        client.close();
        assertThat(echo.ends).isEmpty();
        try (var fresh = connect()) {
            roundTrip(fresh);
        }
        Awaitility.await().untilAsserted(() -> assertThat(echo.ends).containsExactly("eof"));
        Awaitility.await().untilAsserted(() -> assertThat(proxy.connections()).isEqualTo(1));
    }

    @Test
    void forgetsWhatWasSilentForTooLongAndTellsNeitherSide() throws IOException {
        proxy.forgetAfter(Duration.ofSeconds(5));
        var client = connect();
        for (int i = 0; i < 4; i++) {
            pass(1_300); // more than 5 s in all
            roundTrip(client);
        }
        assertThat(proxy.forgotten()).isZero();
        proxy.forgetAfter(Duration.ofMillis(FORGET_MILLIS));
        pass(FORGET_MILLIS + 50);
        send(client, bytes(10));
        assertSilent(client);
        client.close();
        assertThat(proxy.forgotten()).isEqualTo(1);
        assertThat(echo.ends).isEmpty();

        proxy.forgetAfter(Duration.ZERO);
        try (var fresh = connect()) {
            pass(FORGET_MILLIS + 50);
            roundTrip(fresh);
        }
    }

    @Test
    void leadsNewConnectionsElsewhere() throws IOException {
        try (var other = new EchoServer(); var client = connect()) {
            roundTrip(client);
            proxy.leadTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), other.port()));
            try (var led = connect()) {
                roundTrip(led);
                roundTrip(client);
            }
            Awaitility.await().untilAsserted(() -> assertThat(other.ends).containsExactly("eof"));
        }
    }

    @Test
    void noticesWhatAClientsRadioDoes() throws IOException {
        var noticed = new AtomicLong();
        proxy.onTraffic(noticed::incrementAndGet);
        try (var client = connect()) {
            Awaitility.await().untilAsserted(() -> assertThat(noticed).hasValue(1));
            roundTrip(client);
            Awaitility.await().untilAsserted(() -> assertThat(noticed).hasValue(3));
            proxy.toClient().blackHole(Hole.DISCARD);
            send(client, bytes(1));
            Awaitility.await().untilAsserted(() -> assertThat(proxy.toClient().discardedBytes()).isEqualTo(1));
            assertThat(noticed).as("what is swallowed wakes nobody").hasValue(4);
        }
    }

    @Test
    void tellsTheConnectionsTrafficApart() throws IOException {
        var noticed = new ConcurrentHashMap<Long, Integer>();
        proxy.onTrafficOf(number -> noticed.merge(number, 1, Integer::sum));
        try (var first = connect(); var _ = connect()) {
            roundTrip(first);
            Awaitility.await().untilAsserted(() -> assertThat(noticed).isEqualTo(Map.of(1L, 3, 2L, 1)));
        }
    }

    @Test
    void refusesNewConnectionsAndKeepsOpenOnes() throws IOException {
        try (var client = connect()) {
            roundTrip(client);
            proxy.refuse(true);
            proxy.refuse(true);
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            roundTrip(client);
            proxy.heal();
            try (var fresh = connect()) {
                roundTrip(fresh);
            }
        }
    }

    @Test
    void resetsTheClientWhenTheTargetIsDown() throws IOException {
        echo.close();
        try (var client = connect()) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThat(proxy.connections()).isZero();
    }

    @Test
    void endsWaitingConnectionsWhenClosed() throws IOException {
        try (var client = connect()) {
            proxy.toServer().delay(Duration.ofHours(1));
            proxy.toClient().blackHole(Hole.STALL);
            send(client, bytes(10));
            proxy.close();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        }
    }

    private static byte[] corrupted(ChaosProxy through, byte[] sent) throws IOException {
        through.toServer().corruptEvery(100);
        try (var client = new Socket(InetAddress.getLoopbackAddress(), through.port())) {
            send(client, sent);
            return client.getInputStream().readNBytes(sent.length);
        }
    }

    private Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** Milliseconds until one byte has come back. */
    private static long roundTrip(Socket client) throws IOException {
        long begin = Clock.system().millis();
        client.getOutputStream().write(7);
        assertThat(client.getInputStream().read()).isEqualTo(7);
        return Clock.system().millis() - begin;
    }

    // Every try takes so long at least; a stall of the machine makes one take longer than that, not five.
    private static void assertTakes(Callable<Long> work, long least, long most) throws Exception {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < 5 && fastest > most; i++) {
            long took = work.call();
            assertThat(took).isGreaterThanOrEqualTo(least);
            fastest = Math.min(fastest, took);
        }
        assertThat(fastest).isLessThanOrEqualTo(most);
    }

    private static void pass(long millis) {
        Awaitility.await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
    }

    private static void assertSilent(Socket client) throws IOException {
        client.setSoTimeout(SILENCE_MILLIS);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        client.setSoTimeout(0);
    }

    private static void send(Socket client, byte[] bytes) {
        try {
            client.getOutputStream().write(bytes);
        } catch (IOException closed) {
            // Seen by whoever reads.
        }
    }

    private static byte[] bytes(int count) {
        var bytes = new byte[count];
        new Random(1).nextBytes(bytes);
        return bytes;
    }
}
