package io.longwire.bench.figure;

import io.longwire.keeper.service.StartFailure;
import io.netty.pkitesting.CertificateBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Configurations of a room for measuring: as shipped, on loopback, which its limits per address do not touch. */
final class RoomConfigs {
    private RoomConfigs() {
    }

    /** One plain listener on any port. */
    static Map<String, Object> plain() {
        return Map.of("listen", List.of(Map.of("kind", "tcp", "bind", "127.0.0.1", "port", 0)));
    }

    /** One TLS listener on any port, with a certificate of its own (ECDSA P-256), which is left in the directory. */
    static Map<String, Object> tls(Path directory) {
        Path chain = directory.resolve("room.crt");
        Path key = directory.resolve("room.key");
        try {
            var made = new CertificateBuilder().subject("CN=localhost").addSanDnsName("localhost")
                    .ecp256().setIsCertificateAuthority(true).buildSelfSigned();
            Files.writeString(chain, made.getCertificatePathPEM());
            Files.writeString(key, made.getPrivateKeyPEM());
        } catch (IOException full) {
            throw new StartFailure(directory + ": certificate not written", full);
        } catch (Exception unsupported) { // what the builder declares
            throw new StartFailure("certificate: " + unsupported.getMessage(), unsupported);
        }
        return Map.of("listen", List.of(Map.of("kind", "tls", "bind", "127.0.0.1", "port", 0, "certificate",
                chain.toString(), "key", key.toString())));
    }
}
