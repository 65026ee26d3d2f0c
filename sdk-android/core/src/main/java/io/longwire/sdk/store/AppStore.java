package io.longwire.sdk.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.sdk.seal.PayloadCipher;
import io.longwire.sdk.store.v1.EndpointState;
import io.longwire.sdk.store.v1.InstallState;
import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** What one app keeps. Belongs to the loop, but for the message log, which guards itself. */
public final class AppStore implements AutoCloseable {
    private static final int INSTALL_ID_BYTES = 16;

    private final StateFile installFile;
    private final StateFile endpointFile;
    private final StateFile keyFile;
    private final MessageLog messages;
    private final Wishes wishes;
    private final UplinkLog uplinks;
    private ByteString installId;
    private EndpointState endpoint;
    private PayloadCipher.@Nullable Key payloadKey;

    AppStore(File directory, boolean sync) throws IOException {
        installFile = new StateFile(directory, "install", sync);
        endpointFile = new StateFile(directory, "endpoint", sync);
        keyFile = new StateFile(directory, "payload-key", sync);
        ByteString known = installId(installFile.read());
        endpoint = endpoint(endpointFile.read());
        installId = known == null ? newInstall() : known;
        wishes = new Wishes(new StateFile(directory, "profile", sync));
        uplinks = UplinkLog.open(new File(directory, "uplinks"), sync);
        boolean well = false;
        try {
            messages = MessageLog.open(new File(directory, "messages"), sync);
            well = true;
        } finally {
            if (!well) {
                uplinks.close();
            }
        }
    }

    /** The secret of this install. */
    public ByteString installId() {
        return installId;
    }

    /** Makes a new install id and forgets the endpoint: the old one was deleted by the platform. */
    public void startAnew() throws IOException {
        installId = newInstall();
    }

    /** The endpoint; the default instance while there is none. */
    public EndpointState endpoint() {
        return endpoint;
    }

    /** Keeps the endpoint before it returns. When it throws, what was kept before counts. */
    public void keep(EndpointState state) throws IOException {
        if (state.getEndpointId() != endpoint.getEndpointId()) {
            messages.forgetBroadcasts();
        }
        endpointFile.write(state.toByteArray());
        endpoint = state;
    }

    /**
     * Has payloads opened by this cipher: with the key that was kept, or with a new one, which is kept before this
     * returns. Before the app is used.
     *
     * @throws GeneralSecurityException the cipher does not work here
     */
    public void use(PayloadCipher cipher) throws IOException, GeneralSecurityException {
        PayloadCipher.Key kept = read(cipher, keyFile.read());
        if (kept == null) {
            kept = cipher.generate();
            keyFile.write(kept.kept());
        }
        payloadKey = kept;
    }

    private static PayloadCipher.@Nullable Key read(PayloadCipher cipher, byte @Nullable [] content) {
        try {
            return content == null ? null : cipher.read(content);
        } catch (GeneralSecurityException otherCipher) {
            return null; // what was sealed with that key cannot be opened any more, and is answered so
        }
    }

    /** The key of this app; null = it opens nothing. */
    public PayloadCipher.@Nullable Key payloadKey() {
        return payloadKey;
    }

    /** The messages of this app. */
    public MessageLog messages() {
        return messages;
    }

    /** What this app wants of its profile. */
    public Wishes wishes() {
        return wishes;
    }

    /** What this app sends. */
    public UplinkLog uplinks() {
        return uplinks;
    }

    @Override
    public void close() throws IOException {
        try {
            uplinks.close();
        } finally {
            messages.close();
        }
    }

    private ByteString newInstall() throws IOException {
        byte[] id = new byte[INSTALL_ID_BYTES];
        new SecureRandom().nextBytes(id);
        ByteString fresh = ByteString.copyFrom(id);
        endpointFile.delete();
        endpoint = EndpointState.getDefaultInstance();
        installFile.write(InstallState.newBuilder().setInstallId(fresh).build().toByteArray());
        return fresh;
    }

    private static @Nullable ByteString installId(byte @Nullable [] content) {
        try {
            ByteString id = content == null ? ByteString.EMPTY : InstallState.parseFrom(content).getInstallId();
            return id.size() == INSTALL_ID_BYTES ? id : null;
        } catch (InvalidProtocolBufferException broken) {
            return null;
        }
    }

    private static EndpointState endpoint(byte @Nullable [] content) {
        try {
            return content == null ? EndpointState.getDefaultInstance() : EndpointState.parseFrom(content);
        } catch (InvalidProtocolBufferException broken) {
            return EndpointState.getDefaultInstance();
        }
    }
}
