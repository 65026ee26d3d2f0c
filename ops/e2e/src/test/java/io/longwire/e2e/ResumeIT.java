package io.longwire.e2e;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.Kick;
import io.longwire.e2e.device.Identity;
import io.longwire.e2e.device.RawDevice;
import io.longwire.e2e.device.RoutedDispatcher;
import io.longwire.e2e.history.History;
import io.longwire.e2e.load.Backend;
import io.longwire.e2e.load.Load;
import io.longwire.e2e.load.Verdict;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.e2e.rest.Rest;
import io.longwire.keeper.service.Service;
import io.longwire.testkit.chaos.ChaosProxy;
import io.longwire.testkit.chaos.Direction.Hole;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Connections that drop for a moment, move between rooms, or lose an answer on the way. */
class ResumeIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final SharedPlatform platform = SharedPlatform.get();
    private final Product product = platform.app();
    private final Service roomA = platform.platform().rooms().get(0);
    private final Service roomB = platform.platform().rooms().get(1);
    private final InetSocketAddress addressA = platform.listener(0, "tcp");
    private final InetSocketAddress addressB = platform.listener(1, "tcp");
    private final History history = new History();
    private final Rest center = product.backend();
    private final Backend backend = new Backend(product, history);

    @AfterEach
    void end() {
        center.close();
        backend.close();
    }

    @Test
    void goesOnWithTheSameSessionAfterAFlashDisconnect() {
        try (var proxy = ChaosProxy.to(addressA, 1);
                var dispatcher = new RoutedDispatcher(product.dispatcher(), List.of(proxy.address()));
                var phones = new Phones("resume", history)) {
            Phone phone = phones.online(1, product.through(dispatcher.url()), LIMIT).all().getFirst();
            long connSeq = connSeq(phone.endpoint());
            double resumed = SharedPlatform.metric(roomA, "room_resumed_total");
            try (var load = Load.start(product, history, phones.endpoints(), 21, 60)) {
                for (int cut = 0; cut < 3; cut++) {
                    load.awaitSent(20, LIMIT);
                    if (cut == 0) {
                        proxy.cut();
                    } else {
                        proxy.reset();
                    }
                    double all = resumed + cut + 1;
                    // The room's count, not the phone's state: it may be back before anybody saw it gone.
                    await().atMost(LIMIT).until(() -> SharedPlatform.metric(roomA, "room_resumed_total") >= all);
                    phone.awaitOnline(LIMIT);
                    await().atMost(LIMIT).untilAsserted(() -> assertThat(phone.story().getLast()).contains("resumed"));
                }
                load.stop();
            }
            new Verdict(history, product, 21).kept(LIMIT);
            assertThat(connSeq(phone.endpoint())).as("no register write").isEqualTo(connSeq);
            assertThat(SharedPlatform.metric(roomA, "room_resumed_total")).isEqualTo(resumed + 3);
        }
    }

    @Test
    void losesAndRepeatsNothingOnABadNetwork() {
        try (var proxy = ChaosProxy.to(addressA, 22);
                var dispatcher = new RoutedDispatcher(product.dispatcher(), List.of(proxy.address()));
                var phones = new Phones("bad-network", history)) {
            phones.online(3, product.through(dispatcher.url()), LIMIT);
            proxy.toClient().delay(Duration.ofMillis(30), Duration.ofMillis(30));
            proxy.toServer().cutAfter(600); // acks are lost with the connection, again and again
            try (var load = Load.start(product, history, phones.endpoints(), 22, 60)) {
                load.awaitSent(120, LIMIT);
                proxy.halfOpen();
                load.awaitSent(60, LIMIT);
                proxy.heal();
                load.stop();
            }
            phones.look(); // two of the three would find out at their next ping, in minutes
            new Verdict(history, product, 22).kept(LIMIT);
        }
    }

    /** Both rooms believe to have the phone; the newest conn_seq decides, wherever it is bound. */
    @Test
    void isFoundWhereItResumedAfterAConnectElsewhereWhoseAnswerWasLost() {
        Identity identity = Identity.register(product);
        ConnectAck first;
        try (RawDevice atA = RawDevice.to(addressA)) {
            first = atA.connect(Connect.newBuilder().addBindings(identity.binding(1000)).build());
        } // parked at A
        try (var proxy = ChaosProxy.to(addressB, 3)) {
            proxy.toClient().blackHole(Hole.DISCARD);
            try (RawDevice atB = RawDevice.to(proxy.address())) {
                atB.sendConnect(Connect.newBuilder().addBindings(identity.binding(2000, 1000)).build());
                await().atMost(LIMIT).until(() -> connSeq(identity.endpoint()) == 2000);
                assertThat(room(identity.endpoint())).isEqualTo(roomB.cluster().self().instance());

                try (RawDevice again = RawDevice.to(addressA)) {
                    ConnectAck second = again.connect(Connect.newBuilder().setResumeToken(first.getResumeToken())
                            .addBindings(identity.binding(3000, 2000)).build());
                    assertThat(second.getResults(0).getCode()).isEqualTo(Code.OK);
                    assertThat(second.getResults(0).getConnSeq()).isEqualTo(3000);

                    backend.send("next", identity.endpoint(), "");
                    var push = again.awaitPush();
                    assertThat(push.getPayload().toStringUtf8()).isEqualTo("next");
                    again.ack(push);
                    assertThat(connSeq(identity.endpoint())).isEqualTo(3000);
                    assertThat(room(identity.endpoint())).isEqualTo(roomA.cluster().self().instance());
                }
            }
        }
    }

    @Test
    void theLateFarewellOfAnOldRoomErasesNothing() {
        Identity identity = Identity.register(product);
        try (RawDevice old = RawDevice.loggedIn(addressA, identity.binding(1000));
                RawDevice fresh = RawDevice.loggedIn(addressB, identity.binding(2000, 1000))) {
            Kick kick = old.await(FrameType.KICK).as(Kick.parser());
            assertThat(Code.name(kick.getCode())).isEqualTo("REPLACED");
            assertThat(old.closedWithin(LIMIT)).isTrue();

            backend.send("to the new one", identity.endpoint(), "");
            fresh.ack(fresh.awaitPush());
            assertThat(room(identity.endpoint())).isEqualTo(roomB.cluster().self().instance());
        }
    }

    @Test
    void aPhoneThatWasSetBackIsLetInAboveItsSilentIncumbent() {
        Identity identity = Identity.register(product);
        try (var proxy = ChaosProxy.to(addressA, 4); RawDevice old = RawDevice.to(proxy.address())) {
            old.connect(Connect.newBuilder().addBindings(identity.binding(5000)).build());
            proxy.halfOpen(); // the room does not know that it is gone
            try (RawDevice back = RawDevice.to(addressB)) {
                ConnectAck ack = back.connect(Connect.newBuilder().addBindings(identity.binding(1)).build());
                assertThat(Code.name(ack.getResults(0).getCode())).isEqualTo("OK");
                assertThat(ack.getResults(0).getConnSeq()).isEqualTo(5001);
            }
        }
    }

    private long connSeq(String endpoint) {
        return center.endpoint(endpoint).number("conn_seq");
    }

    private String room(String endpoint) {
        return center.endpoint(endpoint).text("room");
    }
}
