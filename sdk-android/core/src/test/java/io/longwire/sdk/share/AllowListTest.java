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
import java.util.Arrays;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AllowListTest {
    private static final byte[] CERTIFICATE = digest(1);
    private static final byte[] OTHER = digest(2);

    private final KeyPair keys = keys();

    @Test
    void knowsItsMembersByPackageAndCertificate() throws Exception {
        AllowList list = AllowList.read(signed(list().build(), keys), keys.getPublic().getEncoded(), "shop", 1_000);

        assertThat(list.appOf("com.shop.mail", CERTIFICATE)).isEqualTo(7);
        assertThat(list.appOf("com.shop.mail", OTHER)).isZero();
        assertThat(list.appOf("com.evil.mail", CERTIFICATE)).isZero();
        assertThat(list.appOf("com.shop.mail", new byte[0])).isZero();
        assertThat(list.packages()).containsExactly("com.shop.chat", "com.shop.mail");
        assertThat(list.serial()).isEqualTo(3);
        assertThat(list.isValid(1_999)).isTrue();
        assertThat(list.isValid(2_000)).isFalse();
    }

    @Test
    void isNotTakenFromAnybodyElse() throws Exception {
        byte[] byAnother = signed(list().build(), keys());
        assertThatThrownBy(() -> read(byAnother, "shop")).isInstanceOf(InvalidShareListException.class)
                .hasMessageContaining("signature wrong (expected: the operator's)");

        byte[] changed = signed(list().build(), keys);
        SignedShareList outer = SignedShareList.parseFrom(changed);
        byte[] more = outer.toBuilder().setList(list().setSerial(4).build().toByteString()).build().toByteArray();
        assertThatThrownBy(() -> read(more, "shop")).isInstanceOf(InvalidShareListException.class);
    }

    @Test
    void isOfOneGroupAndForAWhile() throws Exception {
        byte[] signed = signed(list().build(), keys);
        assertThatThrownBy(() -> read(signed, "bank")).hasMessageContaining("of group shop (expected: bank)");
        assertThatThrownBy(() -> AllowList.read(signed, keys.getPublic().getEncoded(), "shop", 2_000))
                .hasMessageContaining("until 2000 (expected: after 2000)");
    }

    @Test
    void whatIsNoListIsRefusedWhateverItIs() throws Exception {
        byte[] signed = signed(list().build(), keys);
        for (int cut = 0; cut < signed.length; cut += 7) {
            byte[] half = Arrays.copyOf(signed, cut);
            assertThatThrownBy(() -> read(half, "shop")).isInstanceOf(InvalidShareListException.class);
        }
        assertThatThrownBy(() -> AllowList.read(signed, new byte[5], "shop", 0))
                .isInstanceOf(InvalidShareListException.class);
    }

    private AllowList read(byte[] signed, String group) throws InvalidShareListException {
        return AllowList.read(signed, keys.getPublic().getEncoded(), group, 1_000);
    }

    private static ShareList.Builder list() {
        return ShareList.newBuilder().setGroup("shop").setSerial(3).setUntilMs(2_000)
                .addMembers(ShareMember.newBuilder().setPackageName("com.shop.mail").setAppId(7)
                        .addCertificates(ByteString.copyFrom(CERTIFICATE)))
                .addMembers(ShareMember.newBuilder().setPackageName("com.shop.chat").setAppId(8)
                        .addCertificates(ByteString.copyFrom(CERTIFICATE)));
    }

    private static byte[] signed(ShareList list, KeyPair by) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(by.getPrivate());
        signature.update(list.toByteArray());
        return SignedShareList.newBuilder().setList(list.toByteString())
                .setSignature(ByteString.copyFrom(signature.sign())).build().toByteArray();
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException never) {
            throw new IllegalStateException(never);
        }
    }

    private static byte[] digest(int fill) {
        byte[] digest = new byte[32];
        Arrays.fill(digest, (byte) fill);
        return digest;
    }
}
