package io.longwire.keeper.server.console.web;

import io.longwire.keeper.tls.TlsIdentity;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows each new connection the identity that was taken last. A handshake chooses a name and then asks for the key and
 * for the chain of it, so each identity has a name of its own, and the one before is still known under its.
 * Thread-safe.
 */
final class ShownIdentity extends X509ExtendedKeyManager {
    private record Shown(String name, TlsIdentity identity) {
        boolean isOf(String keyType) {
            return identity.key().getAlgorithm().equals(keyType);
        }
    }

    private volatile @Nullable Shown last;
    private volatile @Nullable Shown before;
    private int taken; // guarded by this

    synchronized void take(TlsIdentity identity) {
        before = last;
        last = new Shown(Integer.toString(++taken), identity);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers,
            @Nullable SSLEngine engine) {
        Shown shown = last;
        return shown == null || !shown.isOf(keyType) ? null : shown.name;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers,
            @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String name = chooseEngineServerAlias(keyType, issuers, null);
        return name == null ? null : new String[]{name};
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String name) {
        Shown shown = named(name);
        return shown == null ? null : shown.identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String name) {
        Shown shown = named(name);
        return shown == null ? null : shown.identity.key();
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers,
            @Nullable Socket socket) {
        return null; // it serves
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null; // it serves
    }

    private @Nullable Shown named(String name) {
        Shown now = last;
        Shown earlier = before;
        if (now != null && now.name.equals(name)) {
            return now;
        }
        return earlier != null && earlier.name.equals(name) ? earlier : null;
    }
}
