package io.longwire.keeper.agent.order;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.agent.backend.Backend;
import io.longwire.keeper.agent.backend.ProcessSpec;
import io.longwire.keeper.agent.report.HostFigures;
import io.longwire.keeper.agent.version.Refusal;
import io.longwire.keeper.agent.version.Versions;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.trust.TrustedKeys;
import io.longwire.rpc.agent.AgentGrpc;
import io.longwire.rpc.agent.DeployChunk;
import io.longwire.rpc.agent.DeployReply;
import io.longwire.rpc.agent.HostReport;
import io.longwire.rpc.agent.OrderEvent;
import io.longwire.rpc.agent.ProcessReport;
import io.longwire.rpc.agent.ReportRequest;
import io.longwire.rpc.agent.SignedOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What others ask of this host. Calls run on virtual threads and may take as long as a drain. */
public final class AgentRpc extends AgentGrpc.AgentImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(AgentRpc.class);

    private final String host;
    private final Service service;
    private final Charge charge;
    private final Backend backend;
    private final Versions versions;
    private final HostFigures figures;
    private final Known known;
    private final Work work;

    /**
     * What an agent is made of.
     *
     * @param trusted whose orders are obeyed
     * @param newestOrder file in which the time of the newest order is kept
     */
    public record Parts(String host, TrustedKeys trusted, Path newestOrder, Charge charge, Backend backend,
            Versions versions, HostFigures figures) {
    }

    public AgentRpc(Service service, Parts parts) {
        this.host = parts.host();
        this.service = service;
        this.charge = parts.charge();
        this.backend = parts.backend();
        this.versions = parts.versions();
        this.figures = parts.figures();
        this.known = new Known(host, parts.trusted(), parts.newestOrder(), service.clock());
        this.work = new Work(charge, backend, versions, figures, new Peer(service.cluster(), service.rpc(), host),
                service.clock());
    }

    @Override
    public void report(ReportRequest request, StreamObserver<HostReport> answer) {
        Member self = service.cluster().self();
        var report = HostReport.newBuilder().setHost(host).setInstance(self.instance())
                .setAgentVersion(self.attributes().getOrDefault("version", "")).setBackend(backend.name())
                .setStartedMs(self.startedMillis()).addAllVersions(versions.names());
        figures.host(report);
        var pids = new ArrayList<Long>();
        for (ProcessSpec spec : charge.all()) {
            ProcessReport process = work.report(spec);
            pids.add(process.getPid());
            report.addProcesses(process);
        }
        figures.keep(pids);
        answer.onNext(report.build());
        answer.onCompleted();
    }

    @Override
    public void obey(SignedOrder request, StreamObserver<OrderEvent> answer) {
        try {
            work.obey(known.check(request), new Events(answer));
        } catch (Refusal refused) {
            LOG.info("order refused: {}", refused.getMessage());
            answer.onError(refused.status().asRuntimeException());
        } catch (StatusRuntimeException further) {
            answer.onError(further.getStatus().asRuntimeException());
        } catch (IOException failed) {
            LOG.warn("order failed: {}", failed.toString());
            answer.onError(
                    Status.UNAVAILABLE.withDescription(String.valueOf(failed.getMessage())).asRuntimeException());
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            answer.onError(Status.UNAVAILABLE.withDescription("agent: ends").asRuntimeException());
        }
    }

    @Override
    public StreamObserver<DeployChunk> deploy(StreamObserver<DeployReply> answer) {
        return new Taking(versions, service.clock(), answer);
    }
}
