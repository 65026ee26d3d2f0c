package io.longwire.keeper.trust;

import com.google.protobuf.ByteString;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.agent.Order;
import io.longwire.rpc.agent.SignedManifest;
import io.longwire.rpc.agent.SignedOrder;
import io.longwire.rpc.agent.VersionManifest;
import java.security.SecureRandom;

/** Signs orders and versions with one key: sets time and nonce of an order. Thread-safe. */
public final class OrderSigner {
    private static final int NONCE_BYTES = 16;

    private final SigningKey key;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public OrderSigner(SigningKey key, Clock clock) {
        this.key = key;
        this.clock = clock;
    }

    /** The order as it may be sent now, once. */
    public SignedOrder order(Order order) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] content = order.toBuilder().setAtMs(clock.wallMillis()).setNonce(ByteString.copyFrom(nonce)).build()
                .toByteArray();
        return SignedOrder.newBuilder().setOrder(ByteString.copyFrom(content)).setKeyId(key.id())
                .setSignature(ByteString.copyFrom(key.sign(Purpose.ORDER, content))).build();
    }

    public SignedManifest manifest(VersionManifest manifest) {
        byte[] content = manifest.toByteArray();
        return SignedManifest.newBuilder().setManifest(ByteString.copyFrom(content)).setKeyId(key.id())
                .setSignature(ByteString.copyFrom(key.sign(Purpose.VERSION, content))).build();
    }
}
