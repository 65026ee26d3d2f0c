package io.longwire.keeper.server.restart;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.server.reach.Processes;
import io.longwire.rpc.agent.HostReport;
import io.longwire.rpc.agent.ProcessReport;
import io.longwire.rpc.operate.RestartRequest;
import io.longwire.rpc.operate.RestartStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Who is restarted when, and how fast phones are moved. Static, pure. */
final class RestartPlan {
    private static final int MOST = 2_000;
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(30);
    private static final Duration USUAL_DRAIN = Duration.ofMinutes(10);
    private static final Duration SHORTEST_DRAIN = Duration.ofSeconds(2);
    /** What the last phone asked may need to be elsewhere: its own delay, and one attempt of the SDK (10 s). */
    private static final Duration LAST_PHONE = Duration.ofSeconds(10);
    private static final Duration WITHOUT_PHONES = Duration.ofSeconds(10);
    private static final long LONGEST_BAKE_MILLIS = Duration.ofHours(1).toMillis();
    private static final int LONGEST_VERSION = 64;
    private static final double USUAL_SHARE = 0.5;

    private RestartPlan() {
    }

    /** The request with its defaults filled in. Throws INVALID_ARGUMENT for a value that cannot be. */
    static RestartRequest check(RestartRequest request) {
        if (request.getPart().equals("keeper") || request.getPart().equals("agent")) {
            throw wrong("part: " + request.getPart() + " (expected: register, saver, room, center, dispatcher or "
                    + "coordinator; a keeper is restarted by hand, an agent ends without ending anything)");
        }
        long drain = Integer.toUnsignedLong(request.getMaxDrainMs());
        if (drain > LONGEST_DRAIN.toMillis() || (drain > 0 && drain < SHORTEST_DRAIN.toMillis())) {
            throw wrong("max_drain_ms: " + drain + " (expected: " + SHORTEST_DRAIN.toMillis() + " to "
                    + LONGEST_DRAIN.toMillis() + ")");
        }
        if (Integer.toUnsignedLong(request.getBakeMs()) > LONGEST_BAKE_MILLIS) {
            throw wrong("bake_ms: " + Integer.toUnsignedString(request.getBakeMs()) + " (expected: at most "
                    + LONGEST_BAKE_MILLIS + ")");
        }
        double share = request.getAcceptShare();
        if (!(share >= 0 && share <= 1)) {
            throw wrong("accept_share: " + share + " (expected: 0 to 1)");
        }
        if (request.getVersion().length() > LONGEST_VERSION) {
            throw wrong("version: " + request.getVersion().length() + " characters (expected: at most "
                    + LONGEST_VERSION + ")");
        }
        if (request.getOperator().length() > 100) {
            throw wrong("operator: " + request.getOperator().length() + " characters (expected: at most 100)");
        }
        return request.toBuilder().setMaxDrainMs(drain == 0 ? (int) USUAL_DRAIN.toMillis() : (int) drain)
                .setBakeMs(request.getBakeMs() == 0 ? 2_000 : request.getBakeMs())
                .setMaxLoopLagMs(request.getMaxLoopLagMs() == 0 ? 1_000 : request.getMaxLoopLagMs())
                .setAcceptShare(share == 0 ? USUAL_SHARE : share).build();
    }

    /** One step for each process, host by host, in waves. Throws FAILED_PRECONDITION or INVALID_ARGUMENT. */
    static List<RestartStep> steps(RestartRequest request, List<Member> members) {
        if (members.size() < 2 || members.size() > MOST) {
            throw Status.FAILED_PRECONDITION.withDescription("part: " + request.getPart() + ": " + members.size()
                    + " run (expected: 2 to " + MOST + ", so that one stays)").asRuntimeException();
        }
        if (request.getWave() < 1 || request.getWave() >= members.size()) {
            throw wrong("wave: " + Integer.toUnsignedString(request.getWave()) + " (expected: 1 to "
                    + (members.size() - 1) + ", so that one stays)");
        }
        List<String> others = members.stream().filter(member -> Processes.name(member).isEmpty())
                .map(Member::instance).toList();
        if (!others.isEmpty()) {
            throw Status.FAILED_PRECONDITION.withDescription("part: " + request.getPart() + ": no agent started "
                    + others + " (expected: all of its processes run under agents)").asRuntimeException();
        }
        List<Member> inOrder = members.stream().sorted(Comparator.comparing(Processes::agentHost)
                .thenComparing(Processes::name)).toList();
        var steps = new ArrayList<RestartStep>();
        for (int i = 0; i < inOrder.size(); i++) {
            Member member = inOrder.get(i);
            steps.add(RestartStep.newBuilder().setHost(Processes.agentHost(member)).setProcess(Processes.name(member))
                    .setInstance(member.instance()).setWave(i / request.getWave()).build());
        }
        return List.copyOf(steps);
    }

    /** What a host lacks to do a step, as its agent reports, in one sentence; empty = nothing. */
    static Optional<String> lacking(RestartRequest request, RestartStep step, HostReport report) {
        String name = step.getHost() + "/" + step.getProcess();
        Optional<ProcessReport> process = report.getProcessesList().stream()
                .filter(one -> one.getName().equals(step.getProcess()) && one.getPart().equals(request.getPart()))
                .findFirst();
        if (process.isEmpty()) {
            return Optional.of(name + ": unknown to its agent as a " + request.getPart() + " (expected: one of "
                    + report.getProcessesList().stream().map(ProcessReport::getName).toList() + ")");
        }
        if (process.get().getState() != ProcessReport.State.RUNNING) {
            return Optional.of(name + ": is " + process.get().getState() + " (expected: RUNNING)");
        }
        String version = request.getVersion().isEmpty() ? process.get().getVersion() : request.getVersion();
        return report.getVersionsList().contains(version)
                ? Optional.empty()
                : Optional.of(name + ": version: " + (version.isEmpty() ? "none" : version) + " (expected: one of "
                        + report.getVersionsList() + ", which are on that host)");
    }

    /** The version that a step's process runs, as its agent reports; "" = unknown. */
    static String version(RestartStep step, HostReport report) {
        return report.getProcessesList().stream().filter(one -> one.getName().equals(step.getProcess()))
                .map(ProcessReport::getVersion).findFirst().orElse("");
    }

    /**
     * How long a drain takes so that those who stay can take its phones: they come in its first half, at no more than
     * the share of the accept rate that is free; and the last one needs its time on a bad network. Over when all have
     * left.
     *
     * @param sessions in the whole wave
     * @param freePerSecond accept rate that is free where they go, measured by those rooms
     */
    static Duration drain(RestartRequest request, long sessions, long freePerSecond) {
        if (sessions == 0) {
            return WITHOUT_PHONES.toMillis() < request.getMaxDrainMs()
                    ? WITHOUT_PHONES
                    : Duration.ofMillis(request.getMaxDrainMs());
        }
        double rate = Math.max(1, freePerSecond * request.getAcceptShare());
        return Duration.ofMillis(Math.min(LAST_PHONE.toMillis() + Math.round(2_000 * sessions / rate),
                request.getMaxDrainMs()));
    }

    private static StatusRuntimeException wrong(String message) {
        return Status.INVALID_ARGUMENT.withDescription(message).asRuntimeException();
    }
}
