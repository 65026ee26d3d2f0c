package io.longwire.center.send;

import io.longwire.rpc.saver.Funnel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What an earlier try of a request brought its endpoints. Immutable.
 *
 * @param kept it waits for them, perhaps with a step of its append undone: the append must be repeated
 * @param ended it came and went: nothing is to be done
 * @param rejected it is refused there, for good
 * @param absent they are no endpoints of the app
 */
record Had(Set<Long> kept, Set<Long> ended, Set<Long> rejected, Set<Long> absent) {
    /** There was no earlier try. */
    static final Had NOTHING = new Had(Set.of(), Set.of(), Set.of(), Set.of());

    static Had of(Funnel funnel) {
        return new Had(new HashSet<>(funnel.getWaitingIdsList()), new HashSet<>(funnel.getEndedIdsList()),
                new HashSet<>(funnel.getRejectedIdsList()), new HashSet<>(funnel.getAbsentIdsList()));
    }

    /** Nothing is known to have become of it there: what it takes of the quota is still to be taken. */
    boolean misses(long endpoint) {
        return !kept.contains(endpoint) && !isFinal(endpoint);
    }

    /** Nothing is to be done. */
    boolean isFinal(long endpoint) {
        return ended.contains(endpoint) || rejected.contains(endpoint) || absent.contains(endpoint);
    }

    int missing(List<Targets.Recipient> recipients) {
        return (int) recipients.stream().filter(recipient -> misses(recipient.endpointId())).count();
    }
}
