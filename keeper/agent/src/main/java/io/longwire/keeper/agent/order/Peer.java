package io.longwire.keeper.agent.order;

import io.longwire.keeper.agent.backend.ProcessSpec;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.rpc.process.ProcessGrpc;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Processes of this host as members of the deployment, and the way to call them. Thread-safe. */
final class Peer {
    private static final long SECONDS = 10;

    private final Cluster cluster;
    private final Rpc rpc;
    private final String host;

    Peer(Cluster cluster, Rpc rpc, String host) {
        this.cluster = cluster;
        this.rpc = rpc;
        this.host = host;
    }

    /** The member that this very process is, once it serves. */
    Optional<Member> member(ProcessSpec spec, long pid) {
        String mark = host + "/" + spec.name();
        return cluster.members(spec.part()).list().stream()
                .filter(member -> mark.equals(member.attributes().get("process"))
                        && Long.toString(pid).equals(member.attributes().get("pid")))
                .findFirst();
    }

    /** A call of some seconds. */
    ProcessGrpc.ProcessBlockingStub call(Member member) {
        return call(member, SECONDS);
    }

    ProcessGrpc.ProcessBlockingStub call(Member member, long seconds) {
        return ProcessGrpc.newBlockingStub(rpc.channel(member.rpcAddress())).withDeadlineAfter(seconds,
                TimeUnit.SECONDS);
    }
}
