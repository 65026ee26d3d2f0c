package io.longwire.sdk.connection;

import com.google.protobuf.ByteString;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.policy.RacePolicy;
import io.longwire.sdk.transport.Address;
import io.longwire.sdk.transport.Dialer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Several dials, one winner. */
class RaceTest {
    private static final Address A = Address.of("a", ByteString.EMPTY, 443, true);
    private static final Address B = Address.of("b", ByteString.EMPTY, 443, true);

    private final VirtualLoop loop = new VirtualLoop();
    private final List<Dial> dials = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    /** A dial that opens when the test says so, even after it was cancelled, as a socket's thread may. */
    private static final class Dial {
        final Address to;
        final Dialer.DialListener listener;
        final Wire wire = new Wire();
        boolean cancelled;

        Dial(Address to, Dialer.DialListener listener) {
            this.to = to;
            this.listener = listener;
        }

        void open() {
            listener.onOpen(wire);
        }
    }

    /** A wire that remembers what was done with it. */
    private static final class Wire implements Dialer.OpenWire {
        int started;
        int sent;
        int closed;

        @Override
        public void start(Listener listener) {
            started++;
        }

        @Override
        public boolean send(byte[] bytes) {
            sent++;
            return true;
        }

        @Override
        public void close(long lingerMillis) {
            closed++;
        }
    }

    @Test
    void ofTwoThatOpenAtOnceTheFirstWinsAndTheOtherIsClosedWithoutAWordOrAMark() {
        start();
        loop.advance(RacePolicy.STAGGER_MILLIS);
        assertThat(dials).extracting(one -> one.to).containsExactly(A, B);

        dials.get(1).open();
        dials.get(0).open();
        loop.advance(60_000);

        assertThat(told).containsExactly("won " + B);
        assertThat(dials.get(0).cancelled).isTrue();
        Wire loser = dials.get(0).wire;
        assertThat(loser.closed).isEqualTo(1);
        assertThat(loser.started + loser.sent).as("no CONNECT may go on it").isZero();
        assertThat(dials.get(1).wire.closed).isZero();
    }

    @Test
    void aDialThatFailsIsToldAndTheNextBeginsAtOnce() {
        start();
        dials.get(0).listener.onFailed("refused");
        assertThat(dials).hasSize(2);

        dials.get(1).open();
        assertThat(told).containsExactly("failed " + A, "won " + B);
    }

    @Test
    void aRaceThatWasCancelledClosesWhatOpensLateAndTellsNothing() {
        Race race = start();
        race.cancel();
        dials.get(0).open();
        dials.get(0).listener.onFailed("late");
        loop.advance(60_000);

        assertThat(dials.get(0).wire.closed).isEqualTo(1);
        assertThat(told).isEmpty();
        assertThat(dials).hasSize(1);
    }

    @Test
    void itIsLostWhenNoneWasReached() {
        start();
        dials.get(0).listener.onFailed("refused");
        dials.get(1).listener.onFailed("no way");
        assertThat(told).containsExactly("failed " + A, "failed " + B, "lost [refused, no way]");
    }

    private Race start() {
        Dialer dialer = (address, timeoutMillis, listener) -> {
            assertThat(timeoutMillis).as("however long the round may be").isEqualTo(10_000);
            Dial dial = new Dial(address, listener);
            dials.add(dial);
            return () -> dial.cancelled = true;
        };
        Race race = new Race(loop, dialer, List.of(A, B), new RacePolicy(2, RacePolicy.STAGGER_MILLIS,
                RacePolicy.PARALLEL, 15_000, loop.elapsedMillis()), new Race.Listener() {
                    @Override
                    public void onWinner(Address address, Dialer.OpenWire wire, long took) {
                        told.add("won " + address);
                    }

                    @Override
                    public void onFailed(Address address) {
                        told.add("failed " + address);
                    }

                    @Override
                    public void onLost(List<String> reasons) {
                        told.add("lost " + reasons);
                    }
                });
        race.start();
        return race;
    }
}
