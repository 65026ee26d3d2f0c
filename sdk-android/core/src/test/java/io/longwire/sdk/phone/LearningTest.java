package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.Limits;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.NetType;
import io.longwire.sdk.connection.Connection;
import io.longwire.sdk.connection.ConnectionEvents;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.policy.Ladder;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.policy.Pace;
import io.longwire.sdk.policy.ServerTime;
import io.longwire.sdk.store.PhoneStore;
import io.longwire.sdk.transport.Address;
import io.longwire.sdk.transport.Dialer;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Which ends of connections say something of a network, in virtual time. */
class LearningTest {
    private static final Network WIFI = Network.of(NetType.NET_WIFI, "home");
    private static final Network CELL = Network.of(NetType.NET_CELL_4G, "310 260");
    private static final long SILENCE_MILLIS = 240_000;
    private static final long PING_MILLIS = 15_000; // on wifi, of unknown round trips
    private static final int RUNG = Ladder.rungOf(SILENCE_MILLIS);

    @TempDir
    File directory;
    private final VirtualPlatform platform = new VirtualPlatform();
    private final VirtualLoop loop = platform.loop;
    private PhoneStore store;
    private Learning learning;

    @BeforeEach
    void open() throws IOException {
        store = PhoneStore.open(directory, false);
        Parts parts = new Parts(loop, platform.net, new DispatcherCalls(loop, platform.dispatcher, Runnable::run),
                store,
                new PhoneSettings(Connect.getDefaultInstance(), 1, false, false, 0, 0), new ServerTime(loop),
                platform.heard);
        learning = new Learning(parts, new Random(1));
        learning.network(WIFI);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void aSilenceThatWasNotSurvivedCountsOnceTheNetworkIsSeenToWork() {
        assertThat(isForgotten(connect())).isTrue();
        assertThat(failures()).isZero();
        connect();
        assertThat(failures()).isOne();
        connect();
        assertThat(failures()).as("once").isOne();
    }

    @Test
    void aFailureThatIsFollowedByAnotherNetworkIsNoEvidence() {
        assertThat(isForgotten(connect())).isTrue();
        learning.network(CELL);
        connect();
        assertThat(failures()).as("of the cell network").isZero();
        learning.network(WIFI);
        connect();
        assertThat(failures()).isZero();
    }

    @Test
    void norIsOneThatIsFollowedByNoNetwork() {
        assertThat(isForgotten(connect())).isTrue();
        learning.network(Network.NONE);
        learning.network(WIFI);
        connect();
        assertThat(failures()).isZero();
    }

    @Test
    void whenNoRoomIsReachedAfterItTheFailureIsForgotten() {
        assertThat(isForgotten(connect())).isTrue();
        learning.forget();
        connect();
        assertThat(failures()).isZero();
    }

    @Test
    void whenARoomDoesNotAnswerConnectAfterItTheFailureIsForgotten() {
        assertThat(isForgotten(connect())).isTrue();
        learning.rising();
        learning.unanswered(Address.of("room", ByteString.EMPTY, 443, true));
        connect();
        assertThat(failures()).isZero();
    }

    @Test
    void aNetworkThatDoesNotReachTheInternetIsNotCounted() {
        Connection connection = connect();
        learning.network(WIFI.validated(false));
        assertThat(isForgotten(connection)).isFalse();
        connect();
        assertThat(failures()).isZero();
    }

    @Test
    void aResetInAnswerToAPingIsAFailure() {
        Connection connection = connect();
        loop.advance(SILENCE_MILLIS + 100);
        connection.onClosed("reset");
        assertThat(learning.died(connection)).isTrue();
        connect();
        assertThat(failures()).isOne();
    }

    @Test
    void aResetAtAnyOtherTimeIsNot() {
        Connection connection = connect();
        loop.advance(SILENCE_MILLIS - 100);
        connection.onClosed("reset");
        assertThat(learning.died(connection)).isFalse();
        connect();
        assertThat(failures()).isZero();
    }

    private Connection connect() {
        learning.rising();
        Connection connection = new Connection(loop, Address.of("room", ByteString.EMPTY, 443, true), new Mute(),
                new ServerTime(loop), learning.heartbeat(false, false), Pace.of(learning.network()), deaf());
        connection.connect(Connect.getDefaultInstance());
        bytes(connection, new byte[]{Limits.PREFACE});
        bytes(connection, FrameWriter.frame(FrameType.CONNECT_ACK, ConnectAck.getDefaultInstance()));
        assertThat(connection.isConnected()).isTrue();
        learning.accepted(false);
        return connection;
    }

    private static void bytes(Connection connection, byte[] bytes) {
        connection.onBytes(bytes, bytes.length);
    }

    private boolean isForgotten(Connection connection) {
        loop.advance(SILENCE_MILLIS + PING_MILLIS);
        assertThat(connection.isClosed()).isTrue();
        return learning.died(connection);
    }

    private int failures() {
        return learning.known().ladder().failures(RUNG);
    }

    private static ConnectionEvents deaf() {
        return (ConnectionEvents) Proxy.newProxyInstance(ConnectionEvents.class.getClassLoader(),
                new Class<?>[]{ConnectionEvents.class}, (proxy, method, arguments) -> null);
    }

    /** A wire that takes everything and brings nothing. */
    private static final class Mute implements Dialer.OpenWire {
        @Override
        public void start(Listener listener) {
        }

        @Override
        public boolean send(byte[] bytes) {
            return true;
        }

        @Override
        public void close(long lingerMillis) {
        }
    }
}
