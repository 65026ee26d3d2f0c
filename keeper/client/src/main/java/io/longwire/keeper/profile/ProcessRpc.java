package io.longwire.keeper.profile;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.process.DescribeRequest;
import io.longwire.rpc.process.Description;
import io.longwire.rpc.process.DrainRequest;
import io.longwire.rpc.process.DrainState;
import io.longwire.rpc.process.HeapReply;
import io.longwire.rpc.process.HeapRequest;
import io.longwire.rpc.process.ProcessGrpc;
import io.longwire.rpc.process.ProfileChunk;
import io.longwire.rpc.process.ProfileHead;
import io.longwire.rpc.process.ProfileRequest;
import io.longwire.rpc.process.ProfileState;
import io.longwire.rpc.process.SampleRequest;
import io.longwire.rpc.process.SampleState;
import io.longwire.rpc.process.ThreadsReply;
import io.longwire.rpc.process.ThreadsRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.jspecify.annotations.Nullable;

/**
 * Every process's answers about itself, on its rpc port. Calls run on virtual threads and block; a profile whose caller
 * is gone ends at once.
 */
public final class ProcessRpc extends ProcessGrpc.ProcessImplBase implements AutoCloseable {
    private static final int CHUNK_BYTES = 64 << 10;
    private static final long WAIT_NANOS = 2_000_000;
    private static final Duration SHORTEST_DRAIN = Duration.ofSeconds(1);
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(30);
    private static final Duration HEAPS_APART = Duration.ofSeconds(10); // each stops the process for a moment

    private final Subject subject;
    private final Path directory;
    private final Profiler profiler;
    private final GcWatch collections;
    private final Turn heaps;
    private final Turn dumps;
    private volatile @Nullable FollowedSampling followed;

    /** @param directory where results lie for a moment */
    public ProcessRpc(Subject subject, Path directory, Clock clock, Metrics metrics) {
        this.subject = subject;
        this.directory = directory;
        this.profiler = new Profiler(directory, clock);
        this.collections = new GcWatch(metrics);
        this.heaps = new Turn("heap", HEAPS_APART, clock);
        this.dumps = new Turn("threads", Duration.ZERO, clock);
    }

    /**
     * From now on it is sampled when the deployment's switch says so.
     *
     * @param told whether it is, at each change
     */
    public void follow(CuratorFramework zookeeper, Consumer<Boolean> told, Clock clock) {
        followed = new FollowedSampling(zookeeper, subject.self().part(), profiler.sampling(), told, clock);
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<Description> answer) {
        var description = Description.newBuilder().setPart(subject.self().part())
                .setInstance(subject.self().instance())
                .setVersion(subject.self().attributes().getOrDefault("version", "")).setPhase(subject.phase())
                .putAllFindings(subject.findings()).putAllGauges(subject.gauges())
                .putAllCounters(subject.counts())
                .addAllCollectors(collections.collectors()).setDrain(drainState())
                .setSample(profiler.sampling().state());
        OwnProcess.describe(description);
        Profiler.Running running = profiler.running();
        if (running != null) {
            description.setProfile(ProfileState.newBuilder().setRunning(true).setEvent(running.event().word())
                    .setUntilMs(running.untilMillis()));
        }
        answer.onNext(description.build());
        answer.onCompleted();
    }

    @Override
    public void profile(ProfileRequest request, StreamObserver<ProfileChunk> answer) {
        var gaveUp = new CountDownLatch(1);
        Context.CancellationListener listener = _ -> gaveUp.countDown();
        Context context = Context.current();
        context.addListener(listener, Runnable::run);
        try {
            Event event = Event.of(request.getEvent());
            var sending = new Sending((ServerCallStreamObserver<ProfileChunk>) answer, gaveUp);
            int seconds = request.getSeconds();
            if (request.getPast()) {
                profiler.sampling().past(event, seconds, title(event.word(), seconds),
                        profile -> send(profile, sending));
            } else {
                profiler.take(event, seconds, sampled -> title(sampled, seconds), gaveUp,
                        profile -> send(profile, sending));
            }
            answer.onCompleted();
        } catch (BadRequest wrong) {
            answer.onError(Status.INVALID_ARGUMENT.withDescription(wrong.getMessage()).asRuntimeException());
        } catch (Busy other) {
            answer.onError(Status.FAILED_PRECONDITION.withDescription(other.getMessage()).asRuntimeException());
        } catch (IOException failed) {
            answer.onError(Status.UNAVAILABLE.withDescription("profile: " + failed.getMessage()).asRuntimeException());
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            answer.onError(Status.UNAVAILABLE.withDescription("profile: the process ends").asRuntimeException());
        } finally {
            context.removeListener(listener);
        }
    }

    @Override
    public void sample(SampleRequest request, StreamObserver<SampleState> answer) {
        try {
            profiler.sampling().turn(request.getOn());
            answer.onNext(profiler.sampling().state());
            answer.onCompleted();
        } catch (Busy other) {
            answer.onError(Status.FAILED_PRECONDITION.withDescription(other.getMessage()).asRuntimeException());
        } catch (IOException failed) {
            answer.onError(Status.UNAVAILABLE.withDescription("sample: " + failed.getMessage()).asRuntimeException());
        }
    }

    @Override
    public void heap(HeapRequest request, StreamObserver<HeapReply> answer) {
        try {
            answer.onNext(heaps.take(() -> HeapHistogram.take(request.getLimit())));
            answer.onCompleted();
        } catch (BadRequest wrong) {
            answer.onError(Status.INVALID_ARGUMENT.withDescription(wrong.getMessage()).asRuntimeException());
        } catch (Busy other) {
            answer.onError(Status.FAILED_PRECONDITION.withDescription(other.getMessage()).asRuntimeException());
        }
    }

    @Override
    public void threads(ThreadsRequest request, StreamObserver<ThreadsReply> answer) {
        try {
            answer.onNext(dumps.take(() -> ThreadDump.take(directory)));
            answer.onCompleted();
        } catch (Busy other) {
            answer.onError(Status.FAILED_PRECONDITION.withDescription(other.getMessage()).asRuntimeException());
        } catch (IOException failed) {
            answer.onError(Status.UNAVAILABLE.withDescription("threads: " + failed.getMessage()).asRuntimeException());
        }
    }

    @Override
    public void drain(DrainRequest request, StreamObserver<DrainState> answer) {
        Duration within = Duration.ofMillis(Integer.toUnsignedLong(request.getWithinMs()));
        if (within.compareTo(SHORTEST_DRAIN) < 0 || within.compareTo(LONGEST_DRAIN) > 0) {
            answer.onError(Status.INVALID_ARGUMENT.withDescription("within_ms: " + within.toMillis() + " (expected: "
                    + SHORTEST_DRAIN.toMillis() + " to " + LONGEST_DRAIN.toMillis() + ")").asRuntimeException());
            return;
        }
        subject.drain(within);
        answer.onNext(drainState());
        answer.onCompleted();
    }

    private DrainState drainState() {
        return subject.draining()
                .map(drain -> DrainState.newBuilder().setBegun(true).setOver(drain.over())
                        .setBeganMs(drain.beganMillis()).setWithinMs((int) drain.within().toMillis()).build())
                .orElse(DrainState.getDefaultInstance());
    }

    private String title(String event, int seconds) {
        return subject.self().instance() + " " + event + " " + seconds + " s";
    }

    private void send(Profile profile, Sending to) throws IOException {
        to.send(ProfileChunk.newBuilder().setHead(ProfileHead.newBuilder().setProfiler(profile.profiler())
                .setEvent(profile.event()).setSamples(profile.samples()).setSeconds(profile.taken().toMillis() / 1e3)
                .setPart(subject.self().part()).setInstance(subject.self().instance())
                .setHtmlBytes(Files.size(profile.html())).setCollapsedBytes(Files.size(profile.collapsed()))).build());
        for (Path file : new Path[]{profile.html(), profile.collapsed()}) {
            try (InputStream in = Files.newInputStream(file)) {
                for (byte[] bytes = in.readNBytes(CHUNK_BYTES); bytes.length > 0; bytes = in.readNBytes(CHUNK_BYTES)) {
                    to.send(ProfileChunk.newBuilder().setFile(String.valueOf(file.getFileName()))
                            .setData(ByteString.copyFrom(bytes)).build());
                }
            }
        }
    }

    /** One chunk at a time: the next one is read when the connection has taken the last. */
    private record Sending(ServerCallStreamObserver<ProfileChunk> to, CountDownLatch gaveUp) {
        void send(ProfileChunk chunk) throws IOException {
            while (!to.isReady()) {
                if (gaveUp.getCount() == 0 || Thread.currentThread().isInterrupted()) {
                    throw new IOException("the caller is gone");
                }
                LockSupport.parkNanos(WAIT_NANOS);
            }
            to.onNext(chunk);
        }
    }

    @Override
    public void close() {
        FollowedSampling following = followed;
        if (following != null) {
            following.close();
        }
        profiler.close();
        collections.close();
    }
}
