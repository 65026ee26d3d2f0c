package io.longwire.testkit.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** A self-signed certificate for localhost, as two PEM files. */
public record Certificate(Path chain, Path key) {
    private static final String ALIAS = "localhost";
    private static final String PASSWORD = "changeit";

    /** A new one, in this directory. */
    public static Certificate make(Path directory)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path store = directory.resolve("localhost.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "10",
                "-dname", "CN=localhost", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass",
                PASSWORD).inheritIO().start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + keytool.exitValue());
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        var made = new Certificate(directory.resolve("localhost.crt"), directory.resolve("localhost.key"));
        Files.writeString(made.chain, pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()));
        Files.writeString(made.key, pem("PRIVATE KEY", keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
        return made;
    }

    private static String pem(String label, byte[] bytes) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(bytes)
                + "\n-----END " + label + "-----\n";
    }
}
