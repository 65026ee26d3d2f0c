package io.longwire.demo.apk;

import com.google.protobuf.ByteString;
import io.longwire.device.dispatcher.ShareList;
import io.longwire.device.dispatcher.ShareMember;
import io.longwire.device.dispatcher.SignedShareList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;

/**
 * Who signs: the sample apps by a key of the build's own, which lies in its folder and is worth nothing; the list of
 * those that share by one that is forgotten at once.
 */
final class Signer {
    private static final String ALIAS = "demo";
    private static final String PASSWORD = "worthless";
    private static final long YEAR_MILLIS = 365L * 86_400_000;
    private static final int DAYS = 10_000;

    private final Path keys;

    private Signer(Path keys) {
        this.keys = keys;
    }

    /** The key of this folder, made where there is none. It stays, so a phone takes the next build as an update. */
    static Signer in(Path directory) throws IOException, InterruptedException {
        Path keys = directory.resolve("demo.p12");
        if (!Files.exists(keys)) {
            Tools.run(Tools.ofJava("keytool"), "-genkeypair", "-keystore", keys.toString(), "-storetype", "PKCS12",
                    "-storepass", PASSWORD, "-alias", ALIAS, "-keyalg", "RSA", "-keysize", "2048", "-validity",
                    Integer.toString(DAYS), "-dname", "CN=Longwire sample apps (worth nothing)");
        }
        return new Signer(keys);
    }

    /** SHA-256 of the certificate, by which other apps know who has signed. */
    byte[] certificate() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return MessageDigest.getInstance("SHA-256").digest(store.getCertificate(ALIAS).getEncoded());
    }

    /** Signs by the ways of Android 1 to 6, 7, and 9. */
    void sign(Path aligned, Path signed) throws IOException, InterruptedException {
        Tools.run("apksigner", "sign", "--ks", keys.toString(), "--ks-type", "PKCS12", "--ks-key-alias", ALIAS,
                "--ks-pass", "pass:" + PASSWORD, "--v1-signing-enabled", "true", "--v2-signing-enabled", "true",
                "--v3-signing-enabled", "true", "--v4-signing-enabled", "false", "--out", signed.toString(),
                aligned.toString());
    }

    /** What the manifests of a group's apps say of it. */
    record Group(String name, String list, String key) {
    }

    /** Signs the list of the apps that share a connection. */
    static Group group(String name, List<SampleApp> members, byte[] certificate, long nowMillis)
            throws GeneralSecurityException {
        ShareList.Builder list = ShareList.newBuilder().setGroup(name).setSerial(nowMillis / 1_000)
                .setUntilMs(nowMillis + YEAR_MILLIS);
        for (SampleApp one : members) {
            list.addMembers(ShareMember.newBuilder().setPackageName(one.packageName()).setAppId(one.appId())
                    .addCertificates(ByteString.copyFrom(certificate)));
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair operator = generator.generateKeyPair();
        ByteString body = list.build().toByteString();
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(operator.getPrivate());
        signature.update(body.toByteArray());
        SignedShareList signed = SignedShareList.newBuilder().setList(body)
                .setSignature(ByteString.copyFrom(signature.sign())).build();
        return new Group(name, text(signed.toByteArray()), text(operator.getPublic().getEncoded()));
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
