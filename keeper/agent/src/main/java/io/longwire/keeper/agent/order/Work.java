package io.longwire.keeper.agent.order;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.longwire.keeper.agent.backend.Backend;
import io.longwire.keeper.agent.backend.ProcessSpec;
import io.longwire.keeper.agent.backend.Standing;
import io.longwire.keeper.agent.report.HostFigures;
import io.longwire.keeper.agent.version.Refusal;
import io.longwire.keeper.agent.version.Versions;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Member;
import io.longwire.rpc.agent.Order;
import io.longwire.rpc.agent.ProcessReport;
import io.longwire.rpc.process.DescribeRequest;
import io.longwire.rpc.process.Description;
import io.longwire.rpc.process.DrainRequest;
import io.longwire.rpc.process.ProfileRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what true orders say. On virtual threads, which it makes wait; one order at a time for each process. */
final class Work {
    private static final Logger LOG = LoggerFactory.getLogger(Work.class);
    private static final Duration SERVES_WITHIN = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(30);
    private static final Duration USUAL_STOP = Duration.ofMinutes(5); // more than a room's usual drain
    private static final int MOST_LINES = 1_000;

    private final Charge charge;
    private final Backend backend;
    private final Versions versions;
    private final HostFigures figures;
    private final Peer peer;
    private final Clock clock;

    Work(Charge charge, Backend backend, Versions versions, HostFigures figures, Peer peer, Clock clock) {
        this.charge = charge;
        this.backend = backend;
        this.versions = versions;
        this.figures = figures;
        this.peer = peer;
        this.clock = clock;
    }

    /** Throws {@link Refusal}, or what a process answered; what was told until then stays told. */
    void obey(Order order, Events events) throws IOException, InterruptedException {
        Verb verb = Verb.of(order.getVerb());
        ProcessSpec spec = charge.find(order.getProcess());
        if (verb == Verb.LOGS) {
            logs(spec, order.getLines(), events);
            return;
        }
        if (verb == Verb.PROFILE) {
            profile(spec, order, events);
            return;
        }
        LOG.info("{} {} {}", verb.word(), spec.name(), order.getVersion());
        charge.claim(spec, verb);
        try {
            switch (verb) {
                case START -> start(spec, version(spec, order), events);
                case STOP -> stop(spec, within(order, USUAL_STOP), events);
                case RESTART -> {
                    String version = version(spec, order); // before anything is stopped
                    versions.find(version);
                    stop(spec, within(order, USUAL_STOP), events);
                    start(spec, version, events);
                }
                default -> drain(spec, within(order, Duration.ofSeconds(10)), events);
            }
        } finally {
            charge.done(spec);
        }
        events.done(verb.word(), report(spec));
    }

    ProcessReport report(ProcessSpec spec) {
        ProcessReport report = figures.process(spec.name(), spec.part(), backend.look(spec));
        return charge.underWay(spec).map(verb -> switch (verb) {
            case START -> report.toBuilder().setState(ProcessReport.State.STARTING).build();
            case STOP, RESTART -> report.toBuilder().setState(ProcessReport.State.STOPPING).build();
            default -> report;
        }).orElse(report);
    }

    private String version(ProcessSpec spec, Order order) {
        String version = order.getVersion().isEmpty() ? backend.look(spec).version() : order.getVersion();
        if (version.isEmpty()) {
            throw Refusal.wrong("version: none (expected: one of " + versions.names() + ", " + spec.name()
                    + " never ran here)");
        }
        return version;
    }

    private static Duration within(Order order, Duration usual) {
        Duration within = Duration.ofMillis(Integer.toUnsignedLong(order.getWithinMs()));
        if (within.compareTo(LONGEST) > 0) {
            throw Refusal.wrong("within_ms: " + within.toMillis() + " (expected: at most " + LONGEST.toMillis() + ")");
        }
        return within.isZero() ? usual : within;
    }

    private void start(ProcessSpec spec, String version, Events events) throws IOException, InterruptedException {
        Path directory = versions.find(version);
        if (backend.look(spec).runs()) {
            throw Refusal.notNow(spec.name() + ": runs (expected: stopped, or the verb restart)");
        }
        events.step("starting", version);
        backend.start(spec, version, directory);
        long end = clock.nanos() + SERVES_WITHIN.toNanos();
        while (true) {
            Standing standing = backend.look(spec);
            Optional<Member> member = standing.runs() ? peer.member(spec, standing.pid()) : Optional.empty();
            if (member.isPresent()) {
                events.step("serving", member.get().instance());
                return;
            }
            boolean late = clock.nanos() - end > 0;
            if (late || standing.state() == ProcessReport.State.DIED) {
                throw Refusal.failed(spec.name() + ": " + (late ? "does not serve" : standing.detail())
                        + " (expected: it serves within " + SERVES_WITHIN.toSeconds() + " s); its last lines:\n"
                        + backend.logs(spec, 5));
            }
            pause();
        }
    }

    private void stop(ProcessSpec spec, Duration patience, Events events) throws IOException, InterruptedException {
        events.step("stopping", "within " + patience.toMillis() + " ms");
        backend.stop(spec, patience);
        events.step("stopped", "");
    }

    // The process goes on as drained when nobody hears of it any more, or this agent ends.
    private void drain(ProcessSpec spec, Duration within, Events events) throws InterruptedException {
        Member member = serving(spec);
        peer.call(member).drain(DrainRequest.newBuilder().setWithinMs((int) within.toMillis()).build());
        events.step("draining", "within " + within.toMillis() + " ms");
        long end = clock.nanos() + within.plusSeconds(15).toNanos();
        while (true) {
            Optional<Description> told = described(spec, member);
            Optional<String> sessions = told
                    .map(now -> Long.toString(Math.round(now.getGaugesOrDefault("room_sessions", 0))));
            if (told.filter(now -> now.getDrain().getOver()).isPresent()) {
                events.step("drained", sessions.orElseThrow());
                return;
            }
            if (clock.nanos() - end > 0) {
                throw Refusal.failed(spec.name() + ": not drained (expected: within " + within.toMillis() + " ms)");
            }
            sessions.ifPresent(left -> events.step("draining", left));
            pause();
        }
    }

    // A process with many phones to see off may be slow to say how far it is; one that has ended never will.
    private Optional<Description> described(ProcessSpec spec, Member member) {
        try {
            return Optional.of(peer.call(member).describe(DescribeRequest.getDefaultInstance()));
        } catch (StatusRuntimeException silent) {
            if (!backend.look(spec).runs()) {
                throw silent;
            }
            return Optional.empty();
        }
    }

    private void logs(ProcessSpec spec, int lines, Events events) throws IOException, InterruptedException {
        if (lines < 0 || lines > MOST_LINES) {
            throw Refusal.wrong("lines: " + Integer.toUnsignedString(lines) + " (expected: 1 to " + MOST_LINES + ")");
        }
        events.data("logs", ByteString.copyFromUtf8(backend.logs(spec, lines == 0 ? 100 : lines)));
        events.done("logs", report(spec));
    }

    private void profile(ProcessSpec spec, Order order, Events events) {
        Member member = serving(spec);
        var chunks = peer.call(member, order.getSeconds() + 60L).profile(ProfileRequest.newBuilder()
                .setEvent(order.getEvent()).setSeconds(order.getSeconds()).build());
        chunks.forEachRemaining(chunk -> events.data("profile", chunk.toByteString()));
        events.done("profile", report(spec));
    }

    private Member serving(ProcessSpec spec) {
        Standing standing = backend.look(spec);
        if (!standing.runs()) {
            throw Refusal.notNow(spec.name() + ": does not run (expected: running)");
        }
        return peer.member(spec, standing.pid()).orElseThrow(() -> Refusal.notNow(spec.name()
                + ": is no member of the deployment yet (expected: serving)"));
    }

    private static void pause() throws InterruptedException {
        new CountDownLatch(1).await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }
}
