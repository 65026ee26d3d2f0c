package io.longwire.room.session;

import io.longwire.testkit.time.VirtualClock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WheelTest {
    private final ConnectionTable table = new ConnectionTable(0);
    private final Wheel wheel = new Wheel(table);

    @Test
    void wakesAtTheTickAskedForAndOnlyOnce() {
        Connection connection = connection();
        wheel.want(connection, 10);

        assertThat(wokenAt(9)).isEmpty();
        assertThat(wokenAt(10)).containsExactly(connection);
        assertThat(wokenAt(5_000)).isEmpty();
    }

    @Test
    void anEarlierWishMovesItALaterOneDoesNot() {
        Connection connection = connection();
        wheel.want(connection, 100);
        wheel.want(connection, 200);
        wheel.want(connection, 50);

        assertThat(wokenAt(50)).containsExactly(connection);
        assertThat(wokenAt(200)).isEmpty();
    }

    @Test
    void setPostpones() {
        Connection connection = connection();
        wheel.want(connection, 100);
        wheel.set(connection, 300);

        assertThat(wokenAt(299)).isEmpty();
        assertThat(wokenAt(300)).containsExactly(connection);
    }

    @Test
    void aMomentRoundsAwayWaitsForItsRound() {
        Connection connection = connection();
        wheel.want(connection, 3 * 8192 + 5);

        assertThat(wokenAt(3 * 8192 + 4)).isEmpty();
        assertThat(wokenAt(3 * 8192 + 5)).containsExactly(connection);
    }

    @Test
    void whoEndsAnotherInItsTurnIsNotFollowedByAGhost() {
        Connection first = connection();
        Connection second = connection();
        wheel.want(first, 5);
        wheel.want(second, 5);
        List<Connection> woken = new ArrayList<>();

        wheel.advance(5, connection -> {
            woken.add(connection);
            Connection other = connection == first ? second : first; // allowed: identity in a test
            wheel.remove(other);
            table.free(other.handle());
        });

        assertThat(woken).hasSize(1);
    }

    /** Against a map from connection to tick. */
    @Property(tries = 100)
    void wakesWhatAMapWouldWake(@ForAll long seed) {
        var table = new ConnectionTable(0);
        var wheel = new Wheel(table);
        Random random = new Random(seed);
        List<Connection> all = new ArrayList<>();
        Map<Connection, Integer> due = new HashMap<>();
        int now = 0;
        for (int step = 0; step < 300; step++) {
            switch (random.nextInt(5)) {
                case 0 -> {
                    Connection made = new Connection(new NoLink());
                    table.add(made);
                    all.add(made);
                }
                case 1, 2 -> {
                    if (!all.isEmpty()) {
                        Connection one = all.get(random.nextInt(all.size()));
                        int tick = now + 1 + random.nextInt(random.nextBoolean() ? 100 : 20_000);
                        if (random.nextBoolean()) {
                            wheel.set(one, tick);
                            due.put(one, tick);
                        } else {
                            wheel.want(one, tick);
                            due.merge(one, tick, Math::min);
                        }
                    }
                }
                case 3 -> {
                    if (!all.isEmpty()) {
                        Connection gone = all.remove(random.nextInt(all.size()));
                        wheel.remove(gone);
                        table.free(gone.handle());
                        due.remove(gone);
                    }
                }
                default -> {
                    now += random.nextInt(random.nextInt(10) == 0 ? 30_000 : 50);
                    int upTo = now;
                    List<Connection> woken = new ArrayList<>();
                    wheel.advance(now, woken::add);
                    List<Connection> expected = due.entrySet().stream().filter(entry -> entry.getValue() <= upTo)
                            .map(Map.Entry::getKey).toList();
                    assertThat(woken).containsExactlyInAnyOrderElementsOf(expected);
                    expected.forEach(due::remove);
                }
            }
        }
    }

    @Test
    void theLoopsTicksFollowTheClock() {
        var clock = new VirtualClock();
        Loop loop = new Loop(0, clock, new Here(), 16, () -> {
        });
        clock.advance(java.time.Duration.ofMillis(149));

        assertThat(loop.sample()).isEqualTo(2);
        assertThat(Loop.ticks(java.time.Duration.ofMillis(51))).isEqualTo(2);
    }

    private List<Connection> wokenAt(int tick) {
        List<Connection> woken = new ArrayList<>();
        wheel.advance(tick, woken::add);
        return woken;
    }

    private Connection connection() {
        Connection connection = new Connection(new NoLink());
        table.add(connection);
        return connection;
    }

    private static final class Here implements LoopThread {
        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public boolean here() {
            return true;
        }
    }

    private static final class NoLink implements Link {
        @Override
        public void send(byte[] bytes, int from, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void flush() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean writable() {
            return false;
        }

        @Override
        public int pending() {
            return 0;
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException();
        }
    }
}
