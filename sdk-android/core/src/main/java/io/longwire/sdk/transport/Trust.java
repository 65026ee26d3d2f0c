package io.longwire.sdk.transport;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Makes trust managers of certificates. */
final class Trust {
    private Trust() {
    }

    static TrustManager[] authorities(List<X509Certificate> authorities) throws GeneralSecurityException {
        if (authorities.isEmpty()) {
            throw new GeneralSecurityException("authorities: none (expected: at least one certificate)");
        }
        KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            keys.load(null, null);
        } catch (IOException impossible) {
            throw new GeneralSecurityException("key store: cannot be made (expected: an empty one)", impossible);
        }
        for (int i = 0; i < authorities.size(); i++) {
            keys.setCertificateEntry("authority-" + i, authorities.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(keys);
        return factory.getTrustManagers();
    }
}
