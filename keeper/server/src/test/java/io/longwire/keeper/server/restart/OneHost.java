package io.longwire.keeper.server.restart;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.metrics.Metric;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.agent.AgentGrpc;
import io.longwire.rpc.agent.HostReport;
import io.longwire.rpc.agent.Order;
import io.longwire.rpc.agent.OrderEvent;
import io.longwire.rpc.agent.ProcessReport;
import io.longwire.rpc.agent.ReportRequest;
import io.longwire.rpc.agent.SignedOrder;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.rpc.saver.SaverGrpc;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicInteger;

/** Processes of one host inside this JVM, and an agent for them that does at once what it is told, or refuses. */
final class OneHost extends AgentGrpc.AgentImplBase implements AutoCloseable {
    private static final Metric SESSIONS = metric("room_sessions");
    private static final Metric BUGS = metric("room_loop_bugs_total");
    private static final Metric LAG = metric("room_loop_lag_ms");

    private final Map<String, Object> config;
    private final Map<String, Service> running = new ConcurrentHashMap<>();
    private final Map<String, Runnable> whenDrained = new ConcurrentHashMap<>();
    private final List<String> orders = new CopyOnWriteArrayList<>();
    private final List<String> versions = new CopyOnWriteArrayList<>(List.of("1.0"));
    private final Service agent;
    private volatile String refused = "none";
    private volatile boolean drains = true;
    private volatile boolean breaksDrains;
    private final AtomicInteger away = new AtomicInteger();
    private volatile long sessions;
    private volatile long lagMillis;

    OneHost(Map<String, Object> config, String... processes) {
        this.config = config;
        for (String process : processes) {
            run(process);
        }
        this.agent = Service.start("agent", ConfigNode.of(Map.of("service", config)), node -> node, (service, read) -> {
            service.serve(this);
            service.cluster().publish(Map.of("host", "h1"));
        }, HaltPoints.none());
    }

    private Service run(String process) {
        Service started = Service.start("register", ConfigNode.of(Map.of("service", config)), node -> node,
                (service, read) -> {
                    service.metrics().gauge(SESSIONS, () -> sessions);
                    service.metrics().gauge(LAG, () -> lagMillis);
                    service.metrics().counter(BUGS);
                    service.cluster().publish(Map.of("process", "h1/" + process));
                }, HaltPoints.none());
        running.put(process, started);
        return started;
    }

    /** Verb, process and version of each, as they came. */
    List<String> orders() {
        return orders;
    }

    void has(String version) {
        versions.add(version);
    }

    /** It says so only when it is to be started. */
    void refuses(String version) {
        refused = version;
    }

    /** It is busy whenever a process is to be drained. */
    void drainsNothing() {
        drains = false;
    }

    /** Its stream breaks in the middle of each drain; then it takes so many orders not. */
    void breaksDrains(int awayFor) {
        breaksDrains = true;
        away.set(awayFor);
    }

    void sessions(long each) {
        sessions = each;
    }

    /** How late the loops of all are. */
    void lag(long millis) {
        lagMillis = millis;
    }

    /** A saver whose ledger misses so many messages each time it is asked, the last for ever. */
    void ledgerMisses(Long... messages) {
        var left = new LinkedBlockingDeque<>(List.of(messages));
        running.put("saver", Service.start("saver", ConfigNode.of(Map.of("service", config)), node -> node,
                (service, read) -> service.serve(new SaverGrpc.SaverImplBase() {
                    @Override
                    public void getConservation(ConservationRequest request, StreamObserver<Conservation> answer) {
                        long gap = left.size() > 1 ? left.remove() : left.element();
                        answer.onNext(Conservation.newBuilder().setRows(500).setGap(gap).build());
                        answer.onCompleted();
                    }
                }), HaltPoints.none()));
    }

    void whenDrained(String process, Runnable what) {
        whenDrained.put(process, what);
    }

    void countBug(String process) {
        Objects.requireNonNull(running.get(process)).metrics().counter(BUGS).increment();
    }

    @Override
    public void report(ReportRequest request, StreamObserver<HostReport> answer) {
        var report = HostReport.newBuilder().setHost("h1").addAllVersions(versions);
        running.keySet().stream().sorted().forEach(process -> report.addProcesses(ProcessReport.newBuilder()
                .setName(process).setPart("register").setState(ProcessReport.State.RUNNING).setVersion("1.0")));
        answer.onNext(report.build());
        answer.onCompleted();
    }

    @Override
    public void obey(SignedOrder signed, StreamObserver<OrderEvent> answer) {
        try {
            obey(Order.parseFrom(signed.getOrder()), answer);
        } catch (InvalidProtocolBufferException broken) {
            answer.onError(Status.INVALID_ARGUMENT.withCause(broken).asRuntimeException());
        }
    }

    private void obey(Order order, StreamObserver<OrderEvent> answer) {
        orders.add(order.getVerb() + " " + order.getProcess() + " " + order.getVersion());
        if (order.getVerb().equals("drain") && !drains) {
            answer.onError(Status.FAILED_PRECONDITION.withDescription(order.getProcess() + ": start is under way")
                    .asRuntimeException());
            return;
        } else if (order.getVerb().equals("drain") && breaksDrains) {
            answer.onNext(OrderEvent.newBuilder().setStep("draining").setText(Long.toString(sessions)).build());
            answer.onError(Status.UNAVAILABLE.withDescription("gone").asRuntimeException());
            return;
        } else if (order.getVerb().equals("drain")) {
            whenDrained.getOrDefault(order.getProcess(), () -> {
            }).run();
            answer.onNext(OrderEvent.newBuilder().setStep("drained").setText("0").build());
        } else if (away.getAndDecrement() > 0) {
            answer.onError(Status.UNAVAILABLE.withDescription("still gone").asRuntimeException());
            return;
        } else if (order.getVersion().equals(refused)) {
            answer.onError(Status.INVALID_ARGUMENT.withDescription("version: " + refused + " (expected: another)")
                    .asRuntimeException());
            return;
        } else {
            answer.onNext(OrderEvent.newBuilder().setStep("stopping").build());
            Objects.requireNonNull(running.get(order.getProcess())).close();
            answer.onNext(OrderEvent.newBuilder().setStep("serving")
                    .setText(run(order.getProcess()).cluster().self().instance()).build());
        }
        answer.onCompleted();
    }

    @Override
    public void close() {
        agent.close();
        running.values().forEach(Service::close);
    }

    private static Metric metric(String id) {
        return new Metric() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public String sentence() {
                return "As a room counts it.";
            }
        };
    }
}
