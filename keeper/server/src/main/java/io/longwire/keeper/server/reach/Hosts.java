package io.longwire.keeper.server.reach;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.trust.OrderSigner;
import io.longwire.rpc.agent.AgentGrpc;
import io.longwire.rpc.agent.HostReport;
import io.longwire.rpc.agent.Order;
import io.longwire.rpc.agent.OrderEvent;
import io.longwire.rpc.agent.ReportRequest;
import io.longwire.rpc.operate.ListHostsReply;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The hosts with an agent, and orders to them, signed with this keeper's key. Thread-safe. */
public final class Hosts {
    private static final long REPORT_SECONDS = 5;
    private static final long ORDER_MINUTES = 40;

    private final Cluster cluster;
    private final Rpc rpc;
    private final @Nullable OrderSigner signer;

    /** @param signer null = this keeper has no key and gives no orders */
    public Hosts(Cluster cluster, Rpc rpc, @Nullable OrderSigner signer) {
        this.cluster = cluster;
        this.rpc = rpc;
        this.signer = signer;
    }

    /** What all agents report. */
    public ListHostsReply list() {
        var reply = ListHostsReply.newBuilder();
        for (Member agent : agents().values()) {
            try {
                reply.addHosts(stub(agent).withDeadlineAfter(REPORT_SECONDS, TimeUnit.SECONDS)
                        .report(ReportRequest.getDefaultInstance()));
            } catch (StatusRuntimeException silent) {
                reply.addSilent(agent.attributes().getOrDefault("host", agent.instance()) + ": " + silent.getStatus());
            }
        }
        return reply.build();
    }

    /** What the agent of one host reports. Throws NOT_FOUND, or UNAVAILABLE while it is silent. */
    public HostReport report(String host) {
        try {
            return stub(agent(host)).withDeadlineAfter(REPORT_SECONDS, TimeUnit.SECONDS)
                    .report(ReportRequest.getDefaultInstance());
        } catch (StatusRuntimeException silent) {
            if (silent.getStatus().getCode() == Status.Code.NOT_FOUND) {
                throw silent;
            }
            throw Status.UNAVAILABLE.withDescription("host: " + Processes.shown(host)
                    + ": its agent does not answer (expected: a report): " + silent.getStatus()).asRuntimeException();
        }
    }

    /** Throws FAILED_PRECONDITION if this keeper has no key for orders. */
    public void mayOrder() {
        key();
    }

    /** Gives an order; what happens comes as it happens. Throws the agent's refusal, or NOT_FOUND. */
    public Iterator<OrderEvent> order(Order order) {
        OrderSigner key = key();
        return stub(agent(order.getHost())).withDeadlineAfter(ORDER_MINUTES, TimeUnit.MINUTES).obey(key.order(order));
    }

    private OrderSigner key() {
        OrderSigner key = signer;
        if (key == null) {
            throw Status.FAILED_PRECONDITION.withDescription("keeper: has no key for orders (expected: agentKey in its "
                    + "configuration, and its public half under trusted.orders at the agents)").asRuntimeException();
        }
        return key;
    }

    private Member agent(String host) {
        Map<String, Member> agents = agents();
        Member agent = agents.get(host);
        if (agent == null) {
            throw Status.NOT_FOUND.withDescription("host: " + Processes.shown(host) + " has no agent (expected: one of "
                    + agents.keySet() + ")").asRuntimeException();
        }
        return agent;
    }

    // By host. One that died stays listed until its session ends: the one that began last is meant.
    private Map<String, Member> agents() {
        var newest = new TreeMap<String, Member>();
        for (Member agent : cluster.members("agent").list()) {
            newest.merge(agent.attributes().getOrDefault("host", agent.instance()), agent,
                    (one, two) -> one.startedMillis() > two.startedMillis() ? one : two);
        }
        return newest;
    }

    private AgentGrpc.AgentBlockingStub stub(Member agent) {
        return AgentGrpc.newBlockingStub(rpc.channel(agent.rpcAddress()));
    }
}
