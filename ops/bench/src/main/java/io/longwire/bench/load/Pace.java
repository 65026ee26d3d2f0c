package io.longwire.bench.load;

/** How fast a load is sent. */
public sealed interface Pace {
    /** As fast as so many unanswered calls allow. */
    record Closed(int callsInFlight) implements Pace {
    }

    /**
     * So many messages a second, come what may; times count from when a message was due. At most {@code callsInFlight}
     * calls wait: above that the generator falls behind, which the latencies then tell.
     */
    record Open(double perSecond, int callsInFlight) implements Pace {
    }
}
