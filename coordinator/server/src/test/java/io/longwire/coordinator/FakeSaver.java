package io.longwire.coordinator;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.longwire.rpc.saver.FindKeyRequest;
import io.longwire.rpc.saver.KeyRecord;
import io.longwire.rpc.saver.SaverGrpc.SaverImplBase;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A saver that knows API keys and nothing else. */
final class FakeSaver extends SaverImplBase {
    private final Map<ByteString, KeyRecord> keys = new ConcurrentHashMap<>();

    /** A key of the app with these scopes; its text. */
    String key(int app, String letter, String... scopes) {
        String text = "lw_" + letter.repeat(43);
        keys.put(hash(text), KeyRecord.newBuilder().setAppId(app).setKeyHash(hash(text)).addAllScopes(List.of(scopes))
                .build());
        return text;
    }

    void revoke(String text) {
        keys.computeIfPresent(hash(text), (hash, key) -> key.toBuilder().setRevoked(true).build());
    }

    @Override
    public void findKey(FindKeyRequest request, StreamObserver<KeyRecord> answer) {
        answer.onNext(keys.getOrDefault(request.getKeyHash(), KeyRecord.getDefaultInstance()));
        answer.onCompleted();
    }

    private static ByteString hash(String text) {
        try {
            return ByteString.copyFrom(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
