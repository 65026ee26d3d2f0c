package io.longwire.e2e.weak;

import io.longwire.e2e.weak.Row.Wakings;
import io.longwire.keeper.clock.Clock;
import io.longwire.sdk.ConnectionListener;
import io.longwire.sdk.ConnectionStatus;
import io.longwire.sdk.ConnectionStatus.State;
import io.longwire.sdk.LongwireClientBuilder;
import io.longwire.testkit.chaos.ChaosProxy;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What many phones said of their connections, and when by our clock; and their radios, one for each connection through
 * the proxy. Their clocks can be had run faster than ours. Thread-safe.
 */
final class Herd implements AutoCloseable {
    private final List<PhoneClock> clocks = new CopyOnWriteArrayList<>();
    private final List<Watch> phones = new CopyOnWriteArrayList<>();
    private final PhoneClock time = new PhoneClock();
    private final Map<Long, Radio> radios = new ConcurrentHashMap<>();

    /** What a phone said, and when. */
    private record Said(long atMillis, State state) {
    }

    /** The proxy is what all of them end at. */
    Herd(ChaosProxy way) {
        clocks.add(time);
        way.onTrafficOf(connection -> radios.computeIfAbsent(connection, first -> new Radio(time)).run());
    }

    /** One more phone, which is about to start: it goes by a clock of its own, and its own time-outs. */
    void watches(LongwireClientBuilder phone) {
        var clock = new PhoneClock();
        var watch = new Watch();
        clocks.add(clock);
        phones.add(watch);
        phone.clock(clock).wakeups(clock).listener(watch).pingTimeoutMillis(0);
    }

    /** Whether all of them lost their connections since then, and are served again. */
    boolean isBack(long sinceMillis) {
        return phones.stream().allMatch(phone -> phone.backAt(sinceMillis).isPresent());
    }

    /** How long after that time the last of them knew that its connection was gone. */
    long lastKnewAfter(long sinceMillis) {
        return phones.stream().mapToLong(phone -> phone.lostAt(sinceMillis).orElseThrow()).max().orElseThrow()
                - sinceMillis;
    }

    /** How long after that time the last of them was served again. */
    long lastBackAfter(long sinceMillis) {
        return phones.stream().mapToLong(phone -> phone.backAt(sinceMillis).orElseThrow()).max().orElseThrow()
                - sinceMillis;
    }

    /** Wake-ups of all when nobody writes, over the time of all of them; they are in the pocket already. */
    Wakings after() {
        if (!Boolean.getBoolean("longwire.bench")) {
            return Wakings.UNWATCHED;
        }
        clocks.forEach(clock -> clock.speed(Measured.QUIET_SPEED));
        int before = wakeUps();
        time.pass(Measured.QUIET);
        int count = wakeUps() - before;
        clocks.forEach(clock -> clock.speed(1));
        return new Wakings(Measured.QUIET.toMillis() * phones.size(), count, true);
    }

    private int wakeUps() {
        return radios.values().stream().mapToInt(Radio::wakeUps).sum();
    }

    @Override
    public void close() {
        clocks.forEach(PhoneClock::close);
    }

    private static final class Watch implements ConnectionListener {
        private final List<Said> said = new CopyOnWriteArrayList<>();

        @Override
        public void onStatus(ConnectionStatus status) {
            said.add(new Said(Clock.system().millis(), status.state()));
        }

        OptionalLong lostAt(long sinceMillis) {
            return first(sinceMillis, false);
        }

        OptionalLong backAt(long sinceMillis) {
            OptionalLong lost = lostAt(sinceMillis);
            return lost.isPresent() ? first(lost.getAsLong(), true) : lost;
        }

        private OptionalLong first(long sinceMillis, boolean online) {
            return said.stream().filter(one -> one.atMillis >= sinceMillis && (one.state == State.ONLINE) == online)
                    .mapToLong(Said::atMillis).findFirst();
        }
    }
}
