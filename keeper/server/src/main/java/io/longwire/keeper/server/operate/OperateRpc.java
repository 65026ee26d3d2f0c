package io.longwire.keeper.server.operate;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.server.reach.Hosts;
import io.longwire.keeper.server.reach.Processes;
import io.longwire.keeper.server.restart.Restarts;
import io.longwire.rpc.agent.Order;
import io.longwire.rpc.agent.OrderEvent;
import io.longwire.rpc.operate.GetSamplingRequest;
import io.longwire.rpc.operate.HeapCommand;
import io.longwire.rpc.operate.ListHostsReply;
import io.longwire.rpc.operate.ListHostsRequest;
import io.longwire.rpc.operate.ListProcessesReply;
import io.longwire.rpc.operate.ListProcessesRequest;
import io.longwire.rpc.operate.ListRestartsReply;
import io.longwire.rpc.operate.ListRestartsRequest;
import io.longwire.rpc.operate.OperateGrpc;
import io.longwire.rpc.operate.ProcessRef;
import io.longwire.rpc.operate.ProfileCommand;
import io.longwire.rpc.operate.RestartRef;
import io.longwire.rpc.operate.RestartRequest;
import io.longwire.rpc.operate.RestartState;
import io.longwire.rpc.operate.SampleCommand;
import io.longwire.rpc.operate.SampleReply;
import io.longwire.rpc.operate.Sampling;
import io.longwire.rpc.process.DescribeRequest;
import io.longwire.rpc.process.Description;
import io.longwire.rpc.process.HeapReply;
import io.longwire.rpc.process.ProfileChunk;
import io.longwire.rpc.process.ThreadsReply;
import io.longwire.rpc.process.ThreadsRequest;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operators' door to processes, hosts and restarts. What a process or an agent refuses is told on as it is. Calls
 * run on virtual threads, which wait.
 */
public final class OperateRpc extends OperateGrpc.OperateImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(OperateRpc.class);
    private static final long SHORT_SECONDS = 10;
    private static final long LONG_SECONDS = 60;
    private static final long WAIT_NANOS = 2_000_000;

    private final Processes processes;
    private final Hosts hosts;
    private final Restarts restarts;
    private final SamplingSwitch sampling;

    OperateRpc(Processes processes, Hosts hosts, Restarts restarts, SamplingSwitch sampling) {
        this.processes = processes;
        this.hosts = hosts;
        this.restarts = restarts;
        this.sampling = sampling;
    }

    @Override
    public void listProcesses(ListProcessesRequest request, StreamObserver<ListProcessesReply> answer) {
        answer(answer, ListProcessesReply.newBuilder().addAllProcesses(processes.list(request.getPart()).stream()
                .map(Processes::info).toList()).build());
    }

    @Override
    public void describe(ProcessRef request, StreamObserver<Description> answer) {
        answer(answer, processes.call(processes.find(request), SHORT_SECONDS)
                .describe(DescribeRequest.getDefaultInstance()));
    }

    @Override
    public void profile(ProfileCommand request, StreamObserver<ProfileChunk> answer) {
        Member member = processes.find(request.getProcess());
        long seconds = LONG_SECONDS + Integer.toUnsignedLong(request.getProfile().getSeconds());
        passOn(processes.call(member, seconds).profile(request.getProfile()), answer);
    }

    @Override
    public void heap(HeapCommand request, StreamObserver<HeapReply> answer) {
        answer(answer, processes.call(processes.find(request.getProcess()), LONG_SECONDS).heap(request.getHeap()));
    }

    @Override
    public void threads(ProcessRef request, StreamObserver<ThreadsReply> answer) {
        answer(answer, processes.call(processes.find(request), LONG_SECONDS)
                .threads(ThreadsRequest.getDefaultInstance()));
    }

    @Override
    public void sample(SampleCommand request, StreamObserver<SampleReply> answer) {
        var reply = SampleReply.newBuilder();
        List<Member> members = processes.list(request.getPart()); // refuses a part there is not
        sampling.turn(SamplingSwitch.meant(request.getPart()), request.getSample().getOn());
        for (Member member : members) {
            try {
                processes.call(member, SHORT_SECONDS).sample(request.getSample());
                reply.setSwitched(reply.getSwitched() + 1);
            } catch (StatusRuntimeException refused) {
                reply.addFailed(member.instance() + ": " + refused.getStatus().getDescription());
            }
        }
        answer(answer, reply.build());
    }

    @Override
    public void getSampling(GetSamplingRequest request, StreamObserver<Sampling> answer) {
        answer(answer, sampling.state(processes));
    }

    @Override
    public void listHosts(ListHostsRequest request, StreamObserver<ListHostsReply> answer) {
        answer(answer, hosts.list());
    }

    @Override
    public void order(Order request, StreamObserver<OrderEvent> answer) {
        passOn(hosts.order(request), answer);
    }

    @Override
    public void restart(RestartRequest request, StreamObserver<RestartState> answer) {
        answer(answer, restarts.start(request));
    }

    @Override
    public void getRestart(RestartRef request, StreamObserver<RestartState> answer) {
        answer(answer, restarts.get(request.getId()));
    }

    @Override
    public void watchRestart(RestartRef request, StreamObserver<RestartState> answer) {
        Context context = Context.current();
        RestartState last = null;
        while (!context.isCancelled() && !Thread.currentThread().isInterrupted()) {
            RestartState now = restarts.get(request.getId());
            if (!now.equals(last)) {
                answer.onNext(now);
                last = now;
            }
            if (Restarts.over(now)) {
                answer.onCompleted();
                return;
            }
            LockSupport.parkNanos(100 * WAIT_NANOS);
        }
    }

    @Override
    public void pauseRestart(RestartRef request, StreamObserver<RestartState> answer) {
        answer(answer, restarts.pause(request.getId()));
    }

    @Override
    public void resumeRestart(RestartRef request, StreamObserver<RestartState> answer) {
        answer(answer, restarts.resume(request.getId()));
    }

    @Override
    public void abortRestart(RestartRef request, StreamObserver<RestartState> answer) {
        answer(answer, restarts.abort(request.getId()));
    }

    @Override
    public void listRestarts(ListRestartsRequest request, StreamObserver<ListRestartsReply> answer) {
        answer(answer, ListRestartsReply.newBuilder().addAllRestarts(restarts.list()).build());
    }

    private static <A> void answer(StreamObserver<A> to, A answer) {
        to.onNext(answer);
        to.onCompleted();
    }

    // One at a time: the next is taken when the caller's connection has taken the last.
    private static <A> void passOn(Iterator<A> from, StreamObserver<A> answer) {
        var to = (ServerCallStreamObserver<A>) answer;
        Context context = Context.current();
        try {
            while (from.hasNext()) {
                A next = from.next();
                while (!to.isReady()) {
                    if (context.isCancelled() || Thread.currentThread().isInterrupted()) {
                        throw new StatusRuntimeException(Status.CANCELLED);
                    }
                    LockSupport.parkNanos(WAIT_NANOS);
                }
                to.onNext(next);
            }
        } catch (StatusRuntimeException over) {
            takeTheRest(from);
            throw over;
        }
        to.onCompleted();
    }

    // Its call ends with the caller's, or with this thread. What came and is not taken would hold its buffers for good.
    private static void takeTheRest(Iterator<?> from) {
        try {
            while (from.hasNext()) {
                from.next();
            }
        } catch (StatusRuntimeException ended) {
            LOG.debug("the rest of an answer was dropped: {}", ended.getStatus());
        }
    }
}
