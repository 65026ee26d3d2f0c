package io.longwire.keeper.server.reach;

import io.grpc.Status;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.rpc.keeper.ProcessConfigGrpc;
import io.longwire.rpc.keeper.ProcessState;
import io.longwire.rpc.keeper.ProcessStateRequest;
import io.longwire.rpc.operate.ProcessInfo;
import io.longwire.rpc.operate.ProcessRef;
import io.longwire.rpc.process.ProcessGrpc;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The live processes of the deployment, and the way to call them. Thread-safe. */
public final class Processes {
    /** All parts there are. */
    public static final List<String> PARTS = List.of("keeper", "register", "saver", "room", "center", "dispatcher",
            "coordinator", "agent");
    private static final int SHOWN = 60;

    private final Cluster cluster;
    private final Rpc rpc;

    public Processes(Cluster cluster, Rpc rpc) {
        this.cluster = cluster;
        this.rpc = rpc;
    }

    /** Of one part, or of all for "". Throws INVALID_ARGUMENT for a part there is not. */
    public List<Member> list(String part) {
        if (part.isEmpty()) {
            return PARTS.stream().flatMap(each -> cluster.members(each).list().stream()).toList();
        }
        return cluster.members(known(part)).list();
    }

    /** The one meant. Throws INVALID_ARGUMENT or NOT_FOUND. */
    public Member find(ProcessRef ref) {
        List<Member> all = list(known(ref.getPart()));
        if (ref.getInstance().isEmpty()) {
            return all.stream().filter(member -> !member.draining()).findFirst()
                    .or(() -> all.stream().findFirst())
                    .orElseThrow(() -> Status.NOT_FOUND.withDescription("part: " + ref.getPart()
                            + ": none runs (expected: a live process)").asRuntimeException());
        }
        String beginning = ref.getInstance();
        List<Member> exact = all.stream().filter(member -> member.instance().equals(beginning)
                || beginning.equals(name(member))).toList();
        List<Member> fitting = exact.isEmpty()
                ? all.stream().filter(member -> member.instance().startsWith(beginning)).toList()
                : exact;
        if (fitting.size() == 1) {
            return fitting.getFirst();
        }
        throw Status.NOT_FOUND.withDescription("instance: " + shown(beginning) + " fits " + fitting.size()
                + " (expected: one of " + all.stream().map(Member::instance).toList() + ", or a beginning of one)")
                .asRuntimeException();
    }

    /** A call to it, with its own deadline. */
    public ProcessGrpc.ProcessBlockingStub call(Member member, long seconds) {
        return ProcessGrpc.newBlockingStub(rpc.channel(member.rpcAddress())).withDeadlineAfter(seconds,
                TimeUnit.SECONDS);
    }

    /** What it runs with and what it has counted. Throws StatusRuntimeException when it does not answer in time. */
    public ProcessState state(Member member, long seconds) {
        return ProcessConfigGrpc.newBlockingStub(rpc.channel(member.rpcAddress()))
                .withDeadlineAfter(seconds, TimeUnit.SECONDS).getState(ProcessStateRequest.getDefaultInstance());
    }

    /** As operators are told of it. */
    public static ProcessInfo info(Member member) {
        return ProcessInfo.newBuilder().setPart(member.part()).setInstance(member.instance()).setHost(member.host())
                .setIdc(member.idc()).setRpcAddress(member.rpcAddress()).setAdminAddress(member.adminAddress())
                .setStartedMs(member.startedMillis()).setDraining(member.draining()).setIndex(member.index())
                .setVersion(member.attributes().getOrDefault("version", "")).setAgentHost(agentHost(member))
                .setAgentProcess(name(member)).putAllAttributes(member.attributes()).build();
    }

    /** The host of the agent that started it; "" = none did. */
    public static String agentHost(Member member) {
        String process = member.attributes().getOrDefault("process", "");
        return process.substring(0, Math.max(0, process.indexOf('/')));
    }

    /** Its name at that agent; "" = none. */
    public static String name(Member member) {
        String process = member.attributes().getOrDefault("process", "");
        return process.substring(process.indexOf('/') + 1);
    }

    private static String known(String part) {
        if (!PARTS.contains(part)) {
            throw Status.INVALID_ARGUMENT.withDescription("part: " + shown(part) + " (expected: one of " + PARTS + ")")
                    .asRuntimeException();
        }
        return part;
    }

    static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }
}
