package io.longwire.sdk.share;

import com.google.protobuf.ByteString;
import io.longwire.device.dispatcher.ShareList;
import io.longwire.device.dispatcher.ShareMember;
import io.longwire.device.dispatcher.SignedShareList;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/** Signs lists of those who share a connection. */
public final class Operator {
    /** The certificate that all members are signed with, as far as a list knows it. */
    static final byte[] CERTIFICATE = new byte[32];

    private final KeyPair keys;

    public Operator() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException never) {
            throw new AssertionError(never);
        }
    }

    /** Its public key, X.509. */
    public byte[] key() {
        return keys.getPublic().getEncoded();
    }

    /** A signed list; the packages' apps are 1, 2, 3 ... */
    public byte[] list(String group, long serial, long untilMillis, String... packages) {
        ShareList.Builder list = ShareList.newBuilder().setGroup(group).setSerial(serial).setUntilMs(untilMillis);
        for (int i = 0; i < packages.length; i++) {
            list.addMembers(ShareMember.newBuilder().setPackageName(packages[i]).setAppId(i + 1)
                    .addCertificates(ByteString.copyFrom(CERTIFICATE)));
        }
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(list.build().toByteArray());
            return SignedShareList.newBuilder().setList(list.build().toByteString())
                    .setSignature(ByteString.copyFrom(signature.sign())).build().toByteArray();
        } catch (GeneralSecurityException never) {
            throw new AssertionError(never);
        }
    }
}
