package io.longwire.keeper.server.restart;

import io.grpc.StatusRuntimeException;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.server.reach.Processes;
import io.longwire.rpc.operate.RestartRequest;
import io.longwire.rpc.operate.RestartStep;
import io.longwire.rpc.process.DescribeRequest;
import io.longwire.rpc.process.Description;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What must be so before the next wave goes: every process of the part is healthy, and none has counted a loss or a bug
 * since the wave before. Calls block.
 */
final class Gates {
    private static final long SECONDS = 5;
    private static final long PERCENT = 100;

    private final Processes processes;
    private final RestartRequest request;

    Gates(Processes processes, RestartRequest request) {
        this.processes = processes;
        this.request = request;
    }

    /** What is wrong with the part now, in one sentence; empty = nothing. */
    Optional<String> unhealthy(int atLeast) {
        List<Member> members = processes.list(request.getPart());
        if (members.size() < atLeast) {
            return Optional.of(request.getPart() + ": " + members.size() + " live (expected: " + atLeast + ")");
        }
        return members.stream().map(this::unhealthy).flatMap(Optional::stream).findFirst();
    }

    /** The same of one process. */
    Optional<String> unhealthy(Member member) {
        Description now;
        try {
            now = describe(member);
        } catch (StatusRuntimeException silent) {
            return Optional.of(member.instance() + ": does not answer: " + silent.getStatus());
        }
        if (!now.getPhase().equals("serving")) {
            return Optional.of(member.instance() + ": is " + now.getPhase() + " (expected: serving)");
        }
        for (var finding : now.getFindingsMap().entrySet()) {
            if (!finding.getValue().isEmpty()) {
                return Optional.of(member.instance() + ": " + finding.getKey() + ": " + finding.getValue());
            }
        }
        double lag = now.getGaugesOrDefault(RoomFigures.LOOP_LAG, 0);
        if (lag > request.getMaxLoopLagMs()) {
            return Optional.of(member.instance() + ": a loop is late by " + Math.round(lag) + " ms (expected: at most "
                    + request.getMaxLoopLagMs() + ")");
        }
        return Optional.empty();
    }

    /** What all processes of the part have counted of what should never be, by instance and counter. */
    Map<String, Long> counted() {
        var counted = new HashMap<String, Long>();
        for (Member member : processes.list(request.getPart())) {
            Map<String, Long> counts = counts(member);
            RoomFigures.NEVER
                    .forEach(name -> counted.put(member.instance() + " " + name, counts.getOrDefault(name, 0L)));
        }
        return counted;
    }

    private Map<String, Long> counts(Member member) {
        try {
            return describe(member).getCountersMap();
        } catch (StatusRuntimeException silent) {
            return Map.of(); // health tells of it
        }
    }

    /** What grew since, in one sentence; empty = nothing. A process that is new has begun at 0. */
    Optional<String> grown(Map<String, Long> before) {
        for (var now : counted().entrySet()) {
            long grown = now.getValue() - before.getOrDefault(now.getKey(), 0L);
            if (grown > 0) {
                return Optional.of(now.getKey() + ": " + grown + " more in this wave (expected: none)");
            }
        }
        return Optional.empty();
    }

    /** The same of one process, between two looks at it. */
    static Optional<String> grown(Description before, Description after) {
        for (String name : RoomFigures.NEVER) {
            long grown = after.getCountersOrDefault(name, 0) - before.getCountersOrDefault(name, 0);
            if (grown > 0) {
                return Optional.of(after.getInstance() + " " + name + ": " + grown
                        + " more while it was drained (expected: none)");
            }
        }
        return Optional.empty();
    }

    /** Whether too many sessions of these steps did not move, in one sentence; empty = no. One may be by chance. */
    static Optional<String> lost(List<RestartStep> steps) {
        long before = steps.stream().mapToLong(RestartStep::getSessionsBefore).sum();
        long left = steps.stream().mapToLong(RestartStep::getSessionsLeft).sum();
        long offline = steps.stream().mapToLong(RestartStep::getOffline).sum();
        return left + offline > 1 && (left + offline) * PERCENT > before
                ? Optional.of(left + " sessions were cut and " + offline + " ended nowhere, of " + before
                        + " in this wave (expected: at most 1 %)")
                : Optional.empty();
    }

    Description describe(Member member) {
        return processes.call(member, SECONDS).describe(DescribeRequest.getDefaultInstance());
    }
}
