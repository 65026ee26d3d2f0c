package io.longwire.coordinator;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.longwire.coordinator.client.CoordinatorClient;
import io.longwire.coordinator.client.consume.ConsumerOptions;
import io.longwire.coordinator.client.consume.EventConsumer;
import io.longwire.coordinator.client.consume.EventHandler;
import io.longwire.coordinator.client.consume.UplinkEvent;
import io.longwire.coordinator.client.consume.Verdict;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.SecretsFile;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.coordinator.ChannelInfo;
import io.longwire.rpc.coordinator.ConsumerGrpc;
import io.longwire.rpc.coordinator.ConsumerGrpc.ConsumerBlockingStub;
import io.longwire.rpc.coordinator.FinishReply;
import io.longwire.rpc.coordinator.FinishRequest;
import io.longwire.rpc.coordinator.ListChannelsRequest;
import io.longwire.rpc.coordinator.PollReply;
import io.longwire.rpc.coordinator.PollRequest;
import io.longwire.rpc.coordinator.ReplyRequest;
import io.longwire.rpc.coordinator.UplinkItem;
import io.longwire.rpc.coordinator.UplinkResult;
import io.longwire.testkit.stores.RedisServer;
import io.longwire.testkit.stores.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Coordinators as processes see them: rooms through their client, backends through theirs. */
final class CoordinatorIT {
    private static final int APP = 7;
    private static final Executor LATER = CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

    @TempDir
    private Path directory = Path.of("");
    private final RedisServer redis = Stores.shared().freshRedis();
    private final Stores.Namespace namespace = Stores.shared().freshNamespace("coordinator");
    private final List<AutoCloseable> started = new ArrayList<>();
    private final FakeSaver saver = new FakeSaver();
    private final List<UplinkEvent> seen = new CopyOnWriteArrayList<>();
    private final String key = saver.key(APP, "a", "receive");
    private Service first;
    private CoordinatorClient rooms;

    @BeforeEach
    void start() throws Exception {
        SecretsFile.create(directory.resolve("secrets.yaml"));
        started.add(Service.start("saver", config("saver", Map.of()), node -> "",
                (service, none) -> service.serve(saver), HaltPoints.none()));
        first = coordinator("first");
        Service room = Service.start("room", config("room", Map.of()), node -> "", (service, none) -> {
        }, HaltPoints.none());
        started.add(room);
        rooms = room.own(new CoordinatorClient(room.rpc()));
        await().until(() -> !room.cluster().members(CoordinatorClient.PART).isEmpty());
        await().ignoreExceptions().until(() -> send(4096, 1, "warm") == UplinkResult.Code.KEPT);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : started.reversed()) {
            one.close();
        }
    }

    @Test
    void bringsWhatAPhoneSaidToTheBackend() throws Exception {
        consume("billing", event -> Verdict.FIN);
        await().ignoreExceptions().until(() -> send(99, 5, "hello") == UplinkResult.Code.KEPT);

        await().until(() -> seen.size() == 2);
        assertThat(seen).filteredOn(event -> event.seq() == 5).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo("order");
            assertThat(event.endpoint()).startsWith("ep_");
            assertThat(event.body().toStringUtf8()).isEqualTo("hello");
            assertThat(event.attempt()).isEqualTo(1);
            assertThat(event.codec()).isEqualTo("identity");
        });
    }

    @Test
    void bringsAgainWhatTheHandlerGaveBackOrThrewAt() throws Exception {
        var thrown = new AtomicBoolean();
        consume("billing", event -> {
            if (!thrown.getAndSet(true)) {
                throw new IllegalStateException("on purpose");
            }
            return event.attempt() < 3 ? Verdict.again(Duration.ofMillis(50)) : Verdict.FIN;
        });

        await().until(() -> seen.size() == 3);
        assertThat(seen).extracting(UplinkEvent::attempt).containsExactly(1, 2, 3);
        await().until(() -> info().getInFlight() + info().getDelayed() == 0);
    }

    @Test
    void givesWhatAConsumerHadInFlightToTheNextAtOnce() throws Exception {
        EventConsumer stuck = consume("billing", event -> Verdict.LEAVE);
        await().until(() -> seen.size() == 1);
        stuck.close();
        consume("billing", event -> Verdict.FIN);

        await().until(() -> seen.size() == 2);
        assertThat(seen.getLast().attempt()).isEqualTo(2);
        assertThat(seen.getLast().eventId()).isEqualTo(seen.getFirst().eventId());
    }

    @Test
    void losesAndDoublesNothingOverTwoCoordinatorsOfWhichOneLeaves() throws Exception {
        Service second = coordinator("second");
        consume("billing", event -> Verdict.FIN);
        int sent = 0;
        for (int i = 0; i < 300; i++) {
            if (i == 150) {
                started.remove(second);
                second.close();
            }
            int at = i;
            await().ignoreExceptions().pollDelay(Duration.ZERO).until(
                    () -> send(100 + at, 1, "x") == UplinkResult.Code.KEPT);
            sent++;
        }
        int all = sent + 1;
        await().until(
                () -> seen.stream().map(UplinkEvent::eventId).distinct().count() == all);
        assertThat(seen.stream().filter(event -> event.attempt() == 1).map(UplinkEvent::eventId).distinct().count())
                .isEqualTo(all);
    }

    @Test
    void carriesManyEventsInTheOrderOfEachEndpoint() throws Exception {
        consume("billing", event -> Verdict.FIN);
        var phones = new ArrayList<CompletableFuture<Void>>();
        for (long endpoint = 1; endpoint <= 100; endpoint++) {
            phones.add(sendAll(endpoint * 97, 1, 50));
        }
        CompletableFuture.allOf(phones.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        await().until(() -> seen.size() == 5_001);
        Map<String, List<Long>> seqs = seen.stream().filter(event -> !event.body().toStringUtf8().equals("warm"))
                .collect(Collectors.groupingBy(UplinkEvent::endpoint,
                        Collectors.mapping(UplinkEvent::seq, Collectors.toList())));
        assertThat(seqs).hasSize(100).allSatisfy((endpoint, its) -> assertThat(its)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 50).boxed().toList()));
        assertThat(seen).allMatch(event -> event.attempt() == 1);
    }

    @Test
    void answersPollsAndTakesTheirWord() throws Exception {
        PollReply reply = stub(key).poll(PollRequest.newBuilder().setType("order").setChannel("billing")
                .setWaitMs(10_000).build());
        assertThat(reply.getEventsList()).singleElement().satisfies(
                event -> assertThat(event.getBody().toStringUtf8()).isEqualTo("warm"));
        String id = reply.getEvents(0).getEventId();

        FinishReply done = stub(key).finish(FinishRequest.newBuilder().setType("order").setChannel("billing")
                .addFin(id).build());
        FinishReply again = stub(key).finish(FinishRequest.newBuilder().setType("order").setChannel("billing")
                .addFin(id).build());

        assertThat(done.getProblemsList()).isEmpty();
        assertThat(again.getProblemsList()).singleElement().satisfies(
                problem -> assertThat(problem.getCode()).isEqualTo("not_in_flight"));
        assertThat(stub(key).poll(PollRequest.newBuilder().setType("order").setChannel("billing").setWaitMs(50)
                .build()).getEventsList()).isEmpty();
    }

    @Test
    void servesOnlyLiveKeysWithTheScopeAndOnlyTheirApp() throws Exception {
        String other = saver.key(8, "b");
        String reader = saver.key(APP, "c", "read");

        assertThatThrownBy(() -> stub("lw_" + "z".repeat(43)).listChannels(ListChannelsRequest.getDefaultInstance()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, refused -> assertThat(
                        refused.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
        assertThatThrownBy(() -> stub(reader).listChannels(ListChannelsRequest.getDefaultInstance()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, refused -> assertThat(
                        refused.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));
        assertThat(stub(other).poll(PollRequest.newBuilder().setType("order").setChannel("theirs").setWaitMs(500)
                .build()).getEventsList()).isEmpty();
        assertThatThrownBy(() -> stub(key).reply(ReplyRequest.getDefaultInstance()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, refused -> assertThat(
                        refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
        EventConsumer refused = EventConsumer.start(ConsumerOptions.of(List.of(api(first)), reader, "order", "x"),
                event -> Verdict.FIN);
        started.add(refused);
        assertThatThrownBy(() -> refused.ended().get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(StatusRuntimeException.class);
    }

    @Test
    void endsTheStreamsOfAKeyThatIsRevoked() throws Exception {
        EventConsumer consumer = consume("billing", event -> Verdict.FIN);
        await().until(() -> seen.size() == 1);
        saver.revoke(key);

        assertThatThrownBy(() -> consumer.ended().get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(StatusRuntimeException.class);
    }

    private EventConsumer consume(String channel, EventHandler handler) {
        var consumer = EventConsumer.start(
                ConsumerOptions.of(List.of(api(first)), key, "order", channel), event -> {
                    seen.add(event);
                    return handler.handle(event);
                });
        started.add(consumer);
        return consumer;
    }

    private ChannelInfo info() throws Exception {
        return stub(key).listChannels(ListChannelsRequest.getDefaultInstance()).getChannels(0);
    }

    private UplinkResult.Code send(long endpoint, long seq, String text) throws Exception {
        return rooms.send(item(endpoint, seq, text)).get(10, TimeUnit.SECONDS).getCode();
    }

    // As a phone does: the next one when the one before is kept, the same again until then.
    private CompletableFuture<Void> sendAll(long endpoint, long seq, long last) {
        if (seq > last) {
            return CompletableFuture.completedFuture(null);
        }
        return rooms.send(item(endpoint, seq, "x"))
                .handle((result, failure) -> failure == null && result.getCode() == UplinkResult.Code.KEPT)
                .thenCompose(kept -> kept
                        ? sendAll(endpoint, seq + 1, last)
                        : CompletableFuture.supplyAsync(() -> seq, LATER)
                                .thenCompose(again -> sendAll(endpoint, again, last)));
    }

    private static UplinkItem item(long endpoint, long seq, String text) {
        return UplinkItem.newBuilder().setEndpointId(endpoint).setAppId(APP).setSeq(seq).setType("order")
                .setBody(ByteString.copyFromUtf8(text)).build();
    }

    private ConsumerBlockingStub stub(String apiKey) {
        ManagedChannel channel = NettyChannelBuilder.forTarget(api(first)).usePlaintext().build();
        started.add(channel::shutdownNow);
        var headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + apiKey);
        return ConsumerGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private Service coordinator(String name) {
        Service service = Service.start(CoordinatorClient.PART, config(name, Map.of("apiPort", 0, "cacheTtl", "500ms",
                "redis", Map.of("nodes", List.of("127.0.0.1:" + redis.port()), "timeout", "5s"),
                "channels", Map.of("lease", "1s"),
                "keep", Map.of("endpointPerSecond", 10_000, "appPerSecond", 1_000_000))),
                CoordinatorConfig::read, CoordinatorMain::wire, HaltPoints.none());
        started.add(service);
        return service;
    }

    private static String api(Service coordinator) {
        return coordinator.cluster().self().attributes().getOrDefault("api", "");
    }

    private ConfigNode config(String name, Map<String, Object> own) {
        var all = new HashMap<String, Object>(own);
        all.put("service", Map.of("zookeeper", namespace.connectString(), "namespace", namespace.name(), "dataDir",
                directory.resolve(name).toString(), "secrets", directory.resolve("secrets.yaml").toString(), "drain",
                "0"));
        return ConfigNode.of(all);
    }
}
