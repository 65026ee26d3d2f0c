package io.longwire.keeper.profile;

import io.longwire.keeper.cluster.Member;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The process as its rpc sees it. Thread-safe. */
public interface Subject {
    Member self();

    /** starting, serving, draining. */
    String phase();

    /** What is wrong, by check; an empty text = fine. */
    Map<String, String> findings();

    /** Its own gauges, by id. */
    Map<String, Double> gauges();

    /** Its own counters, by id, or id{tag=value}. */
    Map<String, Long> counts();

    /** Begins to drain, once; what was begun before goes on as it is. */
    void drain(Duration within);

    /** Empty = not begun. */
    Optional<Draining> draining();

    /** How a drain goes. */
    record Draining(long beganMillis, Duration within, boolean over) {
    }
}
