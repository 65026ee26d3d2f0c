package io.longwire.cli.platform;

import io.longwire.keeper.service.StartFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/**
 * A self-signed certificate for localhost, made once per data directory by the JDK's own keytool, as PEM files. For
 * platforms on one machine only; real rooms are given certificates of a real authority.
 */
record DevCertificate(Path chain, Path key) {
    private static final char[] PASSWORD = "changeit".toCharArray(); // of a file that lives for a moment

    /** The one in the directory, made now if there is none. */
    static DevCertificate in(Path directory) {
        var certificate = new DevCertificate(directory.resolve("room.crt"), directory.resolve("room.key"));
        if (!Files.exists(certificate.key)) {
            certificate.make(directory.resolve("room.p12"));
        }
        return certificate;
    }

    private void make(Path store) {
        try {
            Files.deleteIfExists(store);
            keytool(store);
            var keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, PASSWORD);
            }
            Files.writeString(chain, pem("CERTIFICATE", keys.getCertificate("room").getEncoded()));
            Files.writeString(key, pem("PRIVATE KEY", keys.getKey("room", PASSWORD).getEncoded()));
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            Files.delete(store);
        } catch (IOException | GeneralSecurityException failed) {
            throw new StartFailure("certificate: could not be made in " + store.getParent() + " (" + failed.getMessage()
                    + ")", failed);
        }
    }

    private static void keytool(Path store) throws IOException {
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "room", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "3650",
                "-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1", "-ext", "bc:critical=ca:true",
                "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", new String(PASSWORD))
                .redirectErrorStream(true).start();
        try {
            if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                keytool.destroyForcibly();
                throw new IOException("keytool: " + new String(keytool.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8).strip());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        }
    }

    private static String pem(String label, byte[] bytes) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(bytes)
                + "\n-----END " + label + "-----\n";
    }
}
