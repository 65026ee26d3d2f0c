package io.longwire.keeper.server.config;

import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.longwire.keeper.follow.Mistakes;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.keeper.ConfigHistoryRequest;
import io.longwire.rpc.keeper.ConfigScope;
import io.longwire.rpc.keeper.ConfigServiceGrpc.ConfigServiceBlockingStub;
import io.longwire.rpc.keeper.ConfigVersion;
import io.longwire.rpc.keeper.DiffConfigReply;
import io.longwire.rpc.keeper.DiffConfigRequest;
import io.longwire.rpc.keeper.EffectiveValue;
import io.longwire.rpc.keeper.GetConfigVersionRequest;
import io.longwire.rpc.keeper.GetEffectiveRequest;
import io.longwire.rpc.keeper.HaltRolloutRequest;
import io.longwire.rpc.keeper.ListConfigPartsRequest;
import io.longwire.rpc.keeper.ListConfigProcessesRequest;
import io.longwire.rpc.keeper.ProcessState;
import io.longwire.rpc.keeper.PutConfigReply;
import io.longwire.rpc.keeper.PutConfigRequest;
import io.longwire.rpc.keeper.ResumeRolloutRequest;
import io.longwire.rpc.keeper.RollbackRequest;
import io.longwire.rpc.keeper.Rollout;
import io.longwire.rpc.keeper.StartRolloutRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/** The whole way of a configuration: draft, version, rollout, running record, disk. */
final class ConfigIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path data;
    private ConfigRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new ConfigRig(data);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void aWrongDraftNeverBecomesAVersion() {
        Service keeper = rig.keeper("keeper-0");
        WorkingPart room = rig.part("room", "room-0");
        ConfigServiceBlockingStub operator = rig.operator(keeper);
        awaitSchema(operator);

        assertThat(mistakes(operator, "size: [1\n")).singleElement().asString().startsWith("instance room-0:2:1: ");
        assertThat(mistakes(operator, "siez: 4\npause: 5\n")).satisfiesExactly(
                one -> assertThat(one).endsWith("; did you mean size?"),
                two -> assertThat(two).contains("a duration from 1ms to 10s such as 500ms, 15s, 24h"));
        assertThat(mistakes(operator, "least: 50\n")).as("a rule between keys, which the schema does not know")
                .containsExactly("size: 5 (expected: at least least, 50) [room-0]");
        assertThat(mistakes(operator, "service: {dataDir: /tmp}\n")).singleElement().asString()
                .contains("service.dataDir: not here");

        assertThat(operator.history(history()).getVersionsList()).isEmpty();
        assertThat(operator.listProcesses(processes()).getProcesses(0).getVersion()).isZero();
        assertThat(room.config().size()).isEqualTo(5);
    }

    @Test
    void aDraftIsReadForEveryProcessThatHasALayer() {
        Service keeper = rig.keeper("keeper-0");
        rig.part("room", "room-0");
        ConfigServiceBlockingStub operator = rig.operator(keeper);
        awaitSchema(operator);
        ConfigRig.put(operator, "room", "room-9", "size: 9\n"); // of a process that is down

        PutConfigReply reply = operator.put(PutConfigRequest.newBuilder().setPart("room").setYaml(
                "size: 60\nleast: 50\n").build());

        assertThat(reply.hasVersion()).isFalse();
        assertThat(reply.getMistakesList()).extracting(Mistakes::text).singleElement().asString()
                .contains("size: 9 (expected: at least least, 50)");
    }

    @Test
    void aGoodVersionReachesTheRunningRecordsOfAllStepByStep() {
        Service keeper = rig.keeper("keeper-0");
        List<WorkingPart> rooms = rooms(3);
        ConfigServiceBlockingStub operator = rig.operator(keeper);
        awaitSchema(operator);

        ConfigVersion first = ConfigRig.put(operator, "room", "size: 8\nwidth: 4\n");
        ConfigVersion second = ConfigRig.put(operator, "room", "room-1", "size: 9\n").getVersion();
        assertThat(first.getNumber()).isEqualTo(1);
        assertThat(second.getMadeFrom()).isEqualTo(1);
        assertThat(rooms).allSatisfy(room -> assertThat(room.config().size()).as("before a rollout").isEqualTo(5));

        Rollout begun = ConfigRig.begin(operator, "room");
        assertThat(begun.getVersion()).isEqualTo(2);
        assertThat(begun.getWaitingKeysList()).containsExactly("width");
        Rollout ended = ConfigRig.end(operator, "room");

        assertThat(ended.getState()).as(ended.getReason()).isEqualTo(Rollout.State.DONE);
        assertThat(rooms).extracting(room -> room.config().size()).containsExactly(8, 9, 8);
        assertThat(rooms).extracting(room -> room.width).as("not without a restart").containsOnly(1);
        assertThat(operator.listProcesses(processes()).getProcessesList())
                .allSatisfy(state -> assertThat(state.getWaitingKeysList()).containsExactly("width"))
                .extracting(ProcessState::getVersion).containsOnly(2L);
        assertThat(operator.getEffective(GetEffectiveRequest.newBuilder().setPart("room")
                .setScope(ConfigScope.newBuilder().setInstance("room-1")).build()).getRunning().getValuesList())
                .filteredOn(value -> !value.getPath().startsWith("service."))
                .extracting(EffectiveValue::getPath, EffectiveValue::getValue, EffectiveValue::getSource)
                .contains(tuple("size", "9", "instance"), tuple("width", "4", "cluster"),
                        tuple("failPercent", "0", "default"));
        DiffConfigReply diff = operator.diff(DiffConfigRequest.newBuilder().setPart("room").setFrom(1).setTo(2)
                .build());
        assertThat(diff.getDiff()).contains("+++ instance room-1").contains("+size: 9");

        WorkingPart late = rig.part("room", "room-3");
        assertThat(late.config().size()).as("who starts later has it from the start").isEqualTo(8);
        assertThat(late.width).isEqualTo(4);
    }

    @Test
    void aRunningProcessFollowsWithinTwoSeconds() {
        Service keeper = rig.keeper("keeper-0");
        WorkingPart room = rig.part("room", "room-0");
        ConfigServiceBlockingStub operator = rig.operator(keeper);
        awaitSchema(operator);
        ConfigRig.put(operator, "room", "size: 8\n");
        ConfigRig.begin(operator, "room");
        ConfigRig.end(operator, "room");
        ConfigVersion second = ConfigRig.put(operator, "room", "size: 20\n");
        ConfigRig.begin(operator, "room");
        ConfigRig.end(operator, "room");
        assertThat(room.config().size()).isEqualTo(20);

        long told = keeper.clock().millis();
        operator.rollback(RollbackRequest.newBuilder().setPart("room").setInForce(2).build());
        await().until(() -> room.config().size() == 8);

        assertThat(keeper.clock().millis() - told).isLessThan(2_000);
        assertThat(operator.listProcesses(processes()).getProcesses(0).getVersion())
                .isEqualTo(second.getNumber() - 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            failPercent: 60 | calls failed (expected: at most 2.0 %
            losePercent: 10 | of its connections a minute (expected: at most 5.0 % above the 0.0 % of before)
            slowMillis: 90  | ms (expected: at most 2.0 times the
            """)
    void aHarmfulVersionIsStoppedAtTheFirstProcessAndTakenBack(String harm, String reason) {
        Service keeper = rig.keeper("keeper-0");
        List<WorkingPart> rooms = rooms(4);
        WorkingPart.Config good = rooms.getFirst().config();
        ConfigServiceBlockingStub operator = rig.operator(keeper);
        awaitSchema(operator);

        ConfigRig.put(operator, "room", harm + "\n");
        ConfigRig.begin(operator, "room");
        Rollout ended = ConfigRig.end(operator, "room");

        assertThat(ended.getState()).as("of a version with %s", harm).isEqualTo(Rollout.State.ROLLED_BACK);
        assertThat(ended.getStep()).isEqualTo(1);
        assertThat(ended.getEndedBy()).isEqualTo("keeper");
        assertThat(ended.getReason()).contains(reason);
        await().atMost(SOON).until(() -> rooms.stream().allMatch(room -> room.config().equals(good)));
        assertThat(rooms.stream().filter(room -> room.suffered.stream().anyMatch(had -> !had.equals(good))))
                .as("processes that ever had it").hasSize(1);
        assertThat(operator.history(history()).getInForce()).isZero();
    }

    @Test
    void aProcessThatEndsAfterItWasToldTakesTheVersionBack() {
        Service keeper = rig.keeper("keeper-0");
        List<WorkingPart> rooms = rooms(3);
        ConfigServiceBlockingStub operator = rig.operator(keeper);
        awaitSchema(operator);
        ConfigRig.put(operator, "room", "size: 8\n");
        operator.startRollout(StartRolloutRequest.newBuilder().setPart("room").setBakeMs(60_000).setObserveMs(500)
                .build());
        await().atMost(SOON).until(() -> rooms.stream().anyMatch(room -> room.config().size() == 8));

        rooms.stream().filter(room -> room.config().size() == 8).findFirst().ifPresent(ConfigRig::crash);

        Rollout ended = ConfigRig.end(operator, "room");
        assertThat(ended.getState()).isEqualTo(Rollout.State.ROLLED_BACK);
        assertThat(ended.getReason()).contains("its process has ended");
        assertThat(ended.getTold()).isEqualTo(1);
    }

    @Test
    void processesThatAreStoppedAgainAndAgainAfterTheyWereToldTakeTheVersionBack() throws Exception {
        Service keeper = rig.keeper("keeper-0");
        List<WorkingPart> rooms = IntStream.range(0, 3).mapToObj(i -> rig.draining("room", "room-" + i)).toList();
        ConfigServiceBlockingStub operator = rig.operator(keeper);
        awaitSchema(operator);
        ConfigRig.put(operator, "room", "size: 8\n");
        operator.startRollout(StartRolloutRequest.newBuilder().setPart("room").setBakeMs(120_000).setObserveMs(500)
                .build());
        await().atMost(SOON).until(() -> last(operator).getState() == Rollout.State.BAKING);
        WorkingPart told = rooms.stream().filter(room -> room.config().size() == 8).findFirst().orElseThrow();

        long calm = last(operator).getChangedMs();
        Thread closing = Thread.startVirtualThread(told.service()::close); // a watchdog does this, or an operator
        await().atMost(SOON).until(() -> last(operator).getChangedMs() != calm);
        told.seen.countDown();
        closing.join();
        assertThat(last(operator).getState()).as(last(operator).getReason()).isEqualTo(Rollout.State.BAKING);
        long drained = last(operator).getChangedMs();
        WorkingPart again = rig.draining("room", told.name);
        await().atMost(SOON).until(() -> last(operator).getChangedMs() != drained);
        assertThat(last(operator).getState()).as("watched anew").isEqualTo(Rollout.State.BAKING);
        closing = Thread.startVirtualThread(again.service()::close);

        Rollout ended = ConfigRig.end(operator, "room");
        again.seen.countDown();
        closing.join();
        rooms.forEach(room -> room.seen.countDown());
        assertThat(ended.getState()).isEqualTo(Rollout.State.ROLLED_BACK);
        assertThat(ended.getReason()).contains("2 processes drained after they were told it");
        assertThat(ended.getTold()).isEqualTo(1);
    }

    @Test
    void aProcessThatRefusesAVersionTakesItBack() {
        Service keeper = rig.keeper("keeper-0");
        WorkingPart room = rig.part("room", "room-0");
        WorkingPart other = rig.part("room", "room-1", Map.of("size", 60, "least", 50));
        ConfigServiceBlockingStub operator = rig.operator(keeper);
        awaitSchema(operator);
        ConfigRig.put(operator, "room", "size: 8\n"); // proven by room-0, whose file allows it
        ConfigRig.begin(operator, "room");

        Rollout ended = ConfigRig.end(operator, "room");

        assertThat(ended.getState()).isEqualTo(Rollout.State.ROLLED_BACK);
        assertThat(ended.getReason())
                .contains("room-1: refused it: cluster:1:1: size: 8 (expected: at least least, 50)");
        await().atMost(SOON).until(() -> room.config().size() == 5);
        assertThat(other.config().size()).isEqualTo(60);
        await().atMost(SOON).untilAsserted(() -> assertThat(operator.listProcesses(processes()).getProcessesList())
                .allSatisfy(state -> assertThat(state.getRefused()).isEmpty()));
    }

    @Test
    void anotherKeeperWalksOnWhereTheLeaderEnded() {
        Service first = rig.keeper("keeper-0");
        List<WorkingPart> rooms = rooms(2);
        awaitSchema(rig.operator(first));
        Service second = rig.keeper("keeper-1");
        ConfigServiceBlockingStub operator = rig.operator(second);
        ConfigRig.put(operator, "room", "size: 8\n");
        ConfigRig.begin(operator, "room");
        await().atMost(SOON).until(() -> rooms.stream().anyMatch(room -> room.config().size() == 8));

        first.close();

        Rollout ended = ConfigRig.end(operator, "room");
        assertThat(ended.getState()).as(ended.getReason()).isEqualTo(Rollout.State.DONE);
        assertThat(rooms).allSatisfy(room -> assertThat(room.config().size()).isEqualTo(8));
    }

    @Test
    void startsWithoutKeeperAndZooKeeperFromItsLastGoodConfiguration() {
        Service keeper = rig.keeper("keeper-0");
        rig.part("register", "register-0"); // a saver that starts without ZooKeeper wants to have seen a map
        WorkingPart saver = rig.part("saver", "saver-0");
        ConfigServiceBlockingStub operator = rig.operator(keeper);
        await().atMost(SOON).until(() -> saver.service().cluster().registerMap().epoch() > 0);
        await().atMost(SOON).until(() -> operator.listParts(ListConfigPartsRequest
                .getDefaultInstance()).getPartsList().stream().anyMatch(part -> part.getPart().equals("saver")
                        && part.getHasSchema()));
        ConfigRig.put(operator, "saver", "size: 8\nwidth: 4\n");
        ConfigRig.begin(operator, "saver");
        assertThat(ConfigRig.end(operator, "saver").getState()).isEqualTo(Rollout.State.DONE);

        saver.service().close();
        keeper.close();
        rig.zookeeper.close();
        WorkingPart again = rig.part("saver", "saver-0");

        assertThat(again.config().size()).isEqualTo(8);
        assertThat(again.width).isEqualTo(4);
    }

    @Test
    void anOperatorHaltsResumesAndRollsBack() {
        Service keeper = rig.keeper("keeper-0");
        List<WorkingPart> rooms = rooms(2);
        ConfigServiceBlockingStub operator = rig.operator(keeper);
        awaitSchema(operator);
        ConfigRig.put(operator, "room", "size: 8\n");
        ConfigRig.begin(operator, "room");

        Rollout halted = operator.haltRollout(HaltRolloutRequest.newBuilder().setPart("room").setReason("lunch")
                .build());
        assertThat(halted.getState()).isEqualTo(Rollout.State.HALTED);
        refused("ROLLOUT_UNDER_WAY", Status.Code.FAILED_PRECONDITION, () -> ConfigRig.begin(operator, "room"));
        operator.resumeRollout(ResumeRolloutRequest.newBuilder().setPart("room").build());
        refused("NO_ROLLOUT", Status.Code.FAILED_PRECONDITION, () -> operator.resumeRollout(
                ResumeRolloutRequest.newBuilder().setPart("room").build()));
        assertThat(ConfigRig.end(operator, "room").getState()).isEqualTo(Rollout.State.DONE);

        RollbackRequest back = RollbackRequest.newBuilder().setPart("room").setInForce(1).setReason("second thoughts")
                .build();
        operator.rollback(back);
        await().atMost(SOON).until(() -> rooms.stream().allMatch(room -> room.config().size() == 5));
        refused("CHANGED_MEANWHILE", Status.Code.ABORTED, () -> operator.rollback(back));
        refused("NOTHING_BEFORE", Status.Code.FAILED_PRECONDITION,
                () -> operator.rollback(RollbackRequest.newBuilder().setPart("room").setInForce(0).build()));
        refused("BAD_REQUEST", Status.Code.INVALID_ARGUMENT,
                () -> operator.rollback(RollbackRequest.newBuilder().setPart("room").build()));
    }

    @Test
    void saysWhatItDoesNotDo() {
        Service keeper = rig.keeper("keeper-0");
        rig.part("room", "room-0");
        ConfigServiceBlockingStub operator = rig.operator(keeper);
        awaitSchema(operator);
        ConfigRig.put(operator, "room", "size: 8\n");

        refused("NO_SUCH_VERSION", Status.Code.NOT_FOUND, () -> operator.rollback(RollbackRequest.newBuilder()
                .setPart("room").setVersion(17).build()));
        refused("NO_SUCH_VERSION", Status.Code.NOT_FOUND, () -> operator.getVersion(GetConfigVersionRequest.newBuilder()
                .setPart("room").setNumber(17).build()));
        refused("UNKNOWN_PART", Status.Code.NOT_FOUND, () -> ConfigRig.put(operator, "ruum", "size: 8\n"));
        refused("BAD_REQUEST", Status.Code.INVALID_ARGUMENT, () -> ConfigRig.put(operator, "../room", "size: 8\n"));
        refused("BAD_REQUEST", Status.Code.INVALID_ARGUMENT, () -> ConfigRig.put(operator, "room", "size: 8\n"));
        refused("CHANGED_MEANWHILE", Status.Code.ABORTED, () -> operator.put(PutConfigRequest.newBuilder()
                .setPart("room").setYaml("size: 9\n").setMadeFrom(7).build()));
        refused("CHANGED_MEANWHILE", Status.Code.ABORTED, () -> operator.put(PutConfigRequest.newBuilder()
                .setPart("room").setYaml("size: 9\n").setMadeFrom(0).build()));
        refused("NOT_ALLOWED", Status.Code.UNAUTHENTICATED,
                () -> rig.caller(keeper, "lwadmin_guessed").history(history()));
        assertThat(operator.history(history()).getVersionsList()).extracting(ConfigVersion::getNumber,
                ConfigVersion::getAuthor, ConfigVersion::getComment).containsExactly(tuple(1L, "ada", "because"));
    }

    private List<WorkingPart> rooms(int count) {
        return IntStream.range(0, count).mapToObj(i -> rig.part("room", "room-" + i)).toList();
    }

    private static Rollout last(ConfigServiceBlockingStub operator) {
        return operator.listParts(ListConfigPartsRequest.getDefaultInstance()).getPartsList().stream()
                .filter(part -> part.getPart().equals("room")).findFirst().orElseThrow().getRollout();
    }

    private static void awaitSchema(ConfigServiceBlockingStub operator) {
        await().atMost(SOON).until(() -> operator.listParts(ListConfigPartsRequest
                .getDefaultInstance()).getPartsList().stream().anyMatch(part -> part.getPart().equals("room")
                        && part.getHasSchema() && part.getProcesses() > 0));
    }

    private static List<String> mistakes(ConfigServiceBlockingStub operator, String yaml) {
        PutConfigReply reply = ConfigRig.put(operator, "room", "room-0", yaml);
        assertThat(reply.hasVersion()).isFalse();
        return reply.getMistakesList().stream().map(Mistakes::text).toList();
    }

    private static void refused(String reason, Status.Code code, ThrowingCallable call) {
        StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(refused.getStatus().getCode()).as(refused.getMessage()).isEqualTo(code);
        assertThat(refused.getStatus().getDescription()).contains("(expected: ");
        var status = StatusProto.fromThrowable(refused);
        assertThat(status).isNotNull();
        assertThat(status.getDetailsList()).anySatisfy(detail -> assertThat(detail.unpack(ErrorInfo.class).getReason())
                .isEqualTo(reason));
    }

    private static ConfigHistoryRequest history() {
        return ConfigHistoryRequest.newBuilder().setPart("room").build();
    }

    private static ListConfigProcessesRequest processes() {
        return ListConfigProcessesRequest.newBuilder().setPart("room").build();
    }
}
