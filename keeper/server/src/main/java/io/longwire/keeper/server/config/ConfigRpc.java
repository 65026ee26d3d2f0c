package io.longwire.keeper.server.config;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.longwire.rpc.keeper.ConfigHistoryReply;
import io.longwire.rpc.keeper.ConfigHistoryRequest;
import io.longwire.rpc.keeper.ConfigSchema;
import io.longwire.rpc.keeper.ConfigServiceGrpc;
import io.longwire.rpc.keeper.ConfigVersion;
import io.longwire.rpc.keeper.DiffConfigReply;
import io.longwire.rpc.keeper.DiffConfigRequest;
import io.longwire.rpc.keeper.EffectiveConfig;
import io.longwire.rpc.keeper.GetConfigVersionRequest;
import io.longwire.rpc.keeper.GetEffectiveRequest;
import io.longwire.rpc.keeper.GetSchemaRequest;
import io.longwire.rpc.keeper.HaltRolloutRequest;
import io.longwire.rpc.keeper.ListConfigPartsReply;
import io.longwire.rpc.keeper.ListConfigPartsRequest;
import io.longwire.rpc.keeper.ListConfigProcessesReply;
import io.longwire.rpc.keeper.ListConfigProcessesRequest;
import io.longwire.rpc.keeper.PutConfigReply;
import io.longwire.rpc.keeper.PutConfigRequest;
import io.longwire.rpc.keeper.ResumeRolloutRequest;
import io.longwire.rpc.keeper.RollbackRequest;
import io.longwire.rpc.keeper.Rollout;
import io.longwire.rpc.keeper.StartRolloutRequest;
import io.longwire.rpc.keeper.WatchRolloutRequest;
import java.util.function.Supplier;

/** The configuration store as operators call it. On virtual threads, where it may wait. */
final class ConfigRpc extends ConfigServiceGrpc.ConfigServiceImplBase {
    private final ConfigDesk desk;
    private final RolloutWatch watch;

    ConfigRpc(ConfigDesk desk, RolloutWatch watch) {
        this.desk = desk;
        this.watch = watch;
    }

    @Override
    public void listParts(ListConfigPartsRequest request, StreamObserver<ListConfigPartsReply> answer) {
        answer(answer, desk::parts);
    }

    @Override
    public void getSchema(GetSchemaRequest request, StreamObserver<ConfigSchema> answer) {
        answer(answer, () -> desk.schema(request.getPart()));
    }

    @Override
    public void getVersion(GetConfigVersionRequest request, StreamObserver<ConfigVersion> answer) {
        answer(answer, () -> desk.version(request));
    }

    @Override
    public void getEffective(GetEffectiveRequest request, StreamObserver<EffectiveConfig> answer) {
        answer(answer, () -> desk.effective(request));
    }

    @Override
    public void put(PutConfigRequest request, StreamObserver<PutConfigReply> answer) {
        answer(answer, () -> desk.put(request));
    }

    @Override
    public void history(ConfigHistoryRequest request, StreamObserver<ConfigHistoryReply> answer) {
        answer(answer, () -> desk.history(request));
    }

    @Override
    public void diff(DiffConfigRequest request, StreamObserver<DiffConfigReply> answer) {
        answer(answer, () -> desk.diff(request));
    }

    @Override
    public void listProcesses(ListConfigProcessesRequest request, StreamObserver<ListConfigProcessesReply> answer) {
        answer(answer, () -> desk.processes(request));
    }

    @Override
    public void startRollout(StartRolloutRequest request, StreamObserver<Rollout> answer) {
        answer(answer, () -> desk.rollouts().start(request));
    }

    @Override
    public void haltRollout(HaltRolloutRequest request, StreamObserver<Rollout> answer) {
        answer(answer, () -> desk.rollouts().halt(request));
    }

    @Override
    public void resumeRollout(ResumeRolloutRequest request, StreamObserver<Rollout> answer) {
        answer(answer, () -> desk.rollouts().resume(request));
    }

    @Override
    public void rollback(RollbackRequest request, StreamObserver<Rollout> answer) {
        answer(answer, () -> desk.rollouts().rollback(request));
    }

    @Override
    public void watchRollout(WatchRolloutRequest request, StreamObserver<Rollout> answer) {
        try {
            watch.add(request.getPart(), (ServerCallStreamObserver<Rollout>) answer);
        } catch (ConfigRefused refused) {
            answer.onError(refused.status());
        }
    }

    private static <A> void answer(StreamObserver<A> to, Supplier<A> what) {
        A answer;
        try {
            answer = what.get();
        } catch (ConfigRefused refused) {
            to.onError(refused.status());
            return;
        }
        to.onNext(answer);
        to.onCompleted();
    }
}
