package io.longwire.e2e.watching;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.longwire.center.CenterMetric;
import io.longwire.cli.platform.Platform;
import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.dispatcher.DispatcherMetric;
import io.longwire.e2e.device.RawDevice;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.keeper.metrics.Metric;
import io.longwire.keeper.metrics.RuntimeMetric;
import io.longwire.keeper.service.Service;
import io.longwire.register.RegisterMetric;
import io.longwire.room.metric.RoomMetric;
import io.longwire.rpc.keeper.ProcessConfigGrpc;
import io.longwire.rpc.keeper.ProcessStateRequest;
import io.longwire.rpc.keeper.Signals;
import io.longwire.saver.watch.SaverMetric;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static io.longwire.e2e.watching.VitalsIT.Told.DISCONNECTS;
import static io.longwire.e2e.watching.VitalsIT.Told.FAILURES;
import static io.longwire.e2e.watching.VitalsIT.Told.WORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What a part counts when it does its work, fails at it, or loses a connection reaches whoever watches a rollout; what
 * its callers do wrong does not. Each counter of a running part is moved by more than the platform could.
 */
class VitalsIT {
    private static final long MANY = 1_000_000;
    private static final Duration EVER_SO_LONG = Duration.ofMinutes(1);

    private final Platform platform = SharedPlatform.get().platform();

    /** The figures that a keeper judges by. */
    enum Told {
        WORK, FAILURES, DISCONNECTS;

        long in(Signals signals) {
            return switch (this) {
                case WORK -> signals.getWork();
                case FAILURES -> signals.getFailures();
                case DISCONNECTS -> signals.getDisconnects();
            };
        }
    }

    static Stream<Arguments> counters() {
        return Stream.of(
                arguments("room", RoomMetric.ACCEPTED, "", EnumSet.of(WORK)),
                arguments("room", RoomMetric.PUSHES, "code=written", EnumSet.of(WORK)),
                arguments("room", RoomMetric.REFUSED, "reason=full", EnumSet.of(WORK, FAILURES)),
                arguments("room", RoomMetric.REFUSED, "reason=banned", EnumSet.of(WORK)),
                arguments("room", RoomMetric.LOGINS, "code=BUSY", EnumSet.of(FAILURES)),
                arguments("room", RoomMetric.LOGINS, "code=OK", EnumSet.noneOf(Told.class)),
                arguments("room", RoomMetric.LOOP_BUGS, "", EnumSet.of(FAILURES)),
                arguments("room", RoomMetric.CLOSED, "reason=idle", EnumSet.of(DISCONNECTS)),
                arguments("room", RoomMetric.CLOSED, "reason=kicked", EnumSet.noneOf(Told.class)),
                arguments("center", CenterMetric.CALLS, "call=Send", EnumSet.of(WORK)),
                arguments("center", CenterMetric.REFUSED, "code=unavailable", EnumSet.of(FAILURES)),
                arguments("center", CenterMetric.REFUSED, "code=busy", EnumSet.of(FAILURES)),
                arguments("center", CenterMetric.REFUSED, "code=internal", EnumSet.of(FAILURES)),
                arguments("center", CenterMetric.REFUSED, "code=forbidden", EnumSet.noneOf(Told.class)),
                arguments("center", CenterMetric.REFUSED, "code=unknown_endpoint", EnumSet.noneOf(Told.class)),
                arguments("center", CenterMetric.REFUSED, "code=quota_exceeded", EnumSet.noneOf(Told.class)),
                arguments("saver", SaverMetric.APPENDS, "code=ACCEPTED", EnumSet.of(WORK)),
                arguments("saver", SaverMetric.APPENDS, "code=KEY_CONFLICT", EnumSet.of(WORK)),
                arguments("saver", SaverMetric.APPENDS, "code=UNAVAILABLE", EnumSet.of(WORK, FAILURES)),
                arguments("saver", SaverMetric.APPENDS, "code=BUSY", EnumSet.of(WORK, FAILURES)),
                arguments("saver", SaverMetric.REDIS_FAILED, "", EnumSet.of(FAILURES)),
                arguments("saver", SaverMetric.LEDGER_QUEUE_FULL, "queue=append", EnumSet.of(FAILURES)),
                arguments("dispatcher", DispatcherMetric.REQUESTS, "", EnumSet.of(WORK)),
                arguments("dispatcher", DispatcherMetric.REFUSED, "reason=no_rooms", EnumSet.of(FAILURES)),
                arguments("dispatcher", DispatcherMetric.REFUSED, "reason=internal", EnumSet.of(FAILURES)),
                arguments("dispatcher", DispatcherMetric.REFUSED, "reason=rate", EnumSet.of(FAILURES)),
                arguments("dispatcher", DispatcherMetric.REFUSED, "reason=unknown_app", EnumSet.noneOf(Told.class)),
                arguments("dispatcher", DispatcherMetric.CONNECTION_ERRORS, "", EnumSet.of(FAILURES)),
                arguments("register", RegisterMetric.LOOKUPS, "result=online", EnumSet.of(WORK)),
                arguments("register", RegisterMetric.LOOKUPS, "result=unknown", EnumSet.of(WORK, FAILURES)),
                arguments("register", RegisterMetric.PUTS, "result=stored", EnumSet.of(WORK)),
                arguments("register", RegisterMetric.PUTS, "result=full", EnumSet.of(WORK, FAILURES)),
                arguments("coordinator", CoordinatorMetric.UPLINKS, "outcome=kept", EnumSet.of(WORK)),
                arguments("coordinator", CoordinatorMetric.UPLINKS, "outcome=refused", EnumSet.of(WORK)),
                arguments("coordinator", CoordinatorMetric.UPLINKS, "outcome=full", EnumSet.of(WORK, FAILURES)),
                arguments("coordinator", CoordinatorMetric.UPLINKS, "outcome=unavailable", EnumSet.of(WORK, FAILURES)),
                arguments("coordinator", CoordinatorMetric.CALLS, "call=poll", EnumSet.of(WORK)),
                arguments("coordinator", CoordinatorMetric.CALLS_REFUSED, "status=UNAVAILABLE", EnumSet.of(FAILURES)),
                arguments("coordinator", CoordinatorMetric.CALLS_REFUSED, "status=UNAUTHENTICATED",
                        EnumSet.noneOf(Told.class)),
                arguments("coordinator", CoordinatorMetric.REDIS_FAILED, "", EnumSet.of(FAILURES)),
                arguments("keeper", RuntimeMetric.RPC_ITEMS, "", EnumSet.of(WORK)),
                arguments("keeper", RuntimeMetric.RPC_FAILURES, "kind=deadline", EnumSet.of(FAILURES)),
                arguments("keeper", RuntimeMetric.RPC_HANDLER_FAILURES, "", EnumSet.of(FAILURES)));
    }

    @ParameterizedTest
    @MethodSource("counters")
    void whatAPartCountsIsTold(String part, Metric metric, String tag, Set<Told> expected) {
        Service service = service(part);
        var counter = tag.isEmpty()
                ? service.metrics().counter(metric)
                : service.metrics().counter(metric, tag.split("=", -1)[0], tag.split("=", -1)[1]);
        Signals before = signals(service);

        counter.add(MANY);

        Signals after = signals(service);
        assertThat(Stream.of(Told.values()).filter(one -> one.in(after) - one.in(before) >= MANY))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    static Stream<Arguments> timers() {
        return Stream.of(arguments("room", RoomMetric.LOGIN_SECONDS), arguments("center", CenterMetric.CALL_TIME),
                arguments("saver", SaverMetric.APPEND_TIME), arguments("coordinator", CoordinatorMetric.KEEP_TIME),
                arguments("register", RegisterMetric.ANSWER_TIME),
                arguments("dispatcher", DispatcherMetric.REQUEST_TIME));
    }

    @ParameterizedTest
    @MethodSource("timers")
    void howLongItsWorkTakesIsTold(String part, Metric timer) {
        Service service = service(part);
        service.metrics().timer(timer).record(EVER_SO_LONG); // so that there is one
        Signals before = signals(service);

        service.metrics().timer(timer).record(EVER_SO_LONG);

        assertThat(above(signals(service)) - above(before)).as("times above the last bound").isEqualTo(1);
    }

    @Test
    void aRegisterAndADispatcherTimeTheirAnswers() throws Exception {
        try (HttpClient phone = HttpClient.newHttpClient()) {
            phone.send(HttpRequest.newBuilder(URI.create(platform.dispatcher() + "/v1/rooms")).build(),
                    HttpResponse.BodyHandlers.discarding());
        }
        for (String part : List.of("dispatcher", "register")) { // rooms have flushed their slots to the register
            await(part).until(() -> timed(signals(service(part))) > 0);
        }
    }

    private static long timed(Signals signals) {
        return signals.getCountsList().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void aRoomTellsItsConnections() {
        Service room = platform.rooms().getFirst();
        try (var phone = RawDevice.to(SharedPlatform.get().listener(0, "tcp"))) {
            await().until(() -> signals(room).getOpen() > 0);
            assertThat(phone.localPort()).isPositive();
        }
        await().until(() -> signals(room).getOpen() == 0);
    }

    private static long above(Signals signals) {
        assertThat(signals.getCountsCount()).isEqualTo(signals.getBoundsSecondsCount() + 1);
        return signals.getCounts(signals.getCountsCount() - 1);
    }

    private Service service(String part) {
        return switch (part) {
            case "room" -> platform.rooms().getFirst();
            case "center" -> platform.center();
            case "saver" -> platform.saver();
            case "dispatcher" -> platform.dispatcherService();
            case "register" -> platform.registers().getFirst();
            case "coordinator" -> platform.coordinator();
            default -> platform.keeperService();
        };
    }

    private static Signals signals(Service service) {
        ManagedChannel channel = NettyChannelBuilder.forTarget("dns:///" + service.cluster().self().rpcAddress())
                .usePlaintext().build();
        try {
            return ProcessConfigGrpc.newBlockingStub(channel).getState(ProcessStateRequest.getDefaultInstance())
                    .getSignals();
        } finally {
            channel.shutdownNow();
        }
    }
}
