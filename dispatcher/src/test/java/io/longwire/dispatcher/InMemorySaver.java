package io.longwire.dispatcher;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.GetAppRequest;
import io.longwire.rpc.saver.RegisterEndpointRequest;
import io.longwire.rpc.saver.SaverGrpc;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A saver with one app, that forgets when it ends. */
final class InMemorySaver extends SaverGrpc.SaverImplBase {
    static final int APP = 7;

    private final byte[] appKey;
    private final Map<ByteString, EndpointRecord> endpoints = new ConcurrentHashMap<>();

    InMemorySaver(byte[] appKey) {
        this.appKey = appKey.clone();
    }

    @Override
    public void getApp(GetAppRequest request, StreamObserver<AppRecord> answer) {
        var app = AppRecord.newBuilder();
        if (request.getAppId() == APP) {
            app.setAppId(APP).setAppKey(ByteString.copyFrom(appKey));
        }
        answer.onNext(app.build());
        answer.onCompleted();
    }

    @Override
    public void registerEndpoint(RegisterEndpointRequest request, StreamObserver<EndpointRecord> answer) {
        answer.onNext(endpoints.computeIfAbsent(request.getInstallId(),
                _ -> EndpointRecord.newBuilder().setState(EndpointRecord.State.ACTIVE).setAppId(request.getAppId())
                        .setEndpointId(request.getProposedEndpointId()).setOrd(endpoints.size() + 1)
                        .setPayloadKey(request.getPayloadKey()).build()));
        answer.onCompleted();
    }
}
