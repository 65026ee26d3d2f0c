package io.longwire.dispatcher.shares;

import io.longwire.dispatcher.DispatcherConfig;
import io.longwire.dispatcher.DispatcherConfig.SharedBy;
import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigNode;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What of the configuration is a list that phones can read. */
class ShareListsTest {
    @Test
    void findsTheListOfAGroup() {
        ShareLists lists = ShareLists.of(List.of(new SharedBy("shop", SignedLists.text("shop", 5)),
                new SharedBy("bank", SignedLists.text("bank", 6))));
        assertThat(Objects.requireNonNull(lists.of("bank")).serial()).isEqualTo(6);
        assertThat(Objects.requireNonNull(lists.of("shop")).signed().toByteArray())
                .isEqualTo(SignedLists.signed("shop", 5));
        assertThat(lists.of("shop ")).isNull();
        assertThat(ShareLists.of(List.of()).of("")).isNull();
    }

    @Test
    void takesEverySignatureThatIsOne() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(generator.generateKeyPair().getPrivate());
        for (int i = 0; i < 200; i++) { // 68 to 72 bytes
            signature.update((byte) i);
            String text = SignedLists.text(SignedLists.signed(SignedLists.list("shop", i).build(), signature.sign()));
            assertThat(ShareLists.of(List.of(new SharedBy("shop", text))).of("shop")).isNotNull();
        }
    }

    @Test
    void saysWhatIsWrongWithAList() {
        refused("%%%", "shareLists.list: of shop: Illegal base64 character");
        refused(SignedLists.text(new byte[]{1, 2, 3}), "shareLists.list: of shop: 3 bytes (expected: what longwire");
        refused("", "shareLists.list: of shop: a signature of 0 bytes (expected: one of ECDSA on P-256, in DER)");
        refused(SignedLists.text("bank", 5), "shareLists.list: of shop: signed for bank (expected: for this group)");
        refused(SignedLists.text("shop", -1), "serial 18446744073709551615 (expected: below 2^63)");
        refused("A".repeat(50_000), "50000 characters (expected: at most 32768 bytes in base64)");
        refused("A".repeat(43_692), "32769 bytes (expected: at most 32768)");
        var many = SignedLists.list("shop", 5);
        for (int i = 0; i < 256; i++) {
            many.addMembers(SignedLists.member("com.a" + i));
        }
        refused(SignedLists.text(SignedLists.signed(many.build(), SignedLists.signature())),
                "257 members (expected: at most 256)");
    }

    @Test
    void aSignatureThatIsNotWholeIsNone() {
        byte[] whole = SignedLists.signature();
        var bent = new ArrayList<byte[]>();
        for (int i = 0; i < whole.length; i++) {
            bent.add(Arrays.copyOf(whole, i));
        }
        bent.add(Arrays.copyOf(whole, whole.length + 1));
        for (int at : new int[]{0, 1, 2, 3, 5, 6}) {
            for (int value : new int[]{0, 3, 0x7f, 0xff}) {
                byte[] one = whole.clone();
                one[at] = (byte) value;
                bent.add(one);
            }
        }
        for (byte[] signature : bent) {
            refused(SignedLists.text(SignedLists.signed(SignedLists.list("shop", 5).build(), signature)),
                    "a signature of " + signature.length + " bytes");
        }
    }

    @Test
    void eachGroupHasOneListAndAName() {
        String list = SignedLists.text("shop", 5);
        assertThatThrownBy(() -> ShareLists.of(List.of(new SharedBy("shop", list), new SharedBy("shop", list))))
                .isInstanceOf(ConfigException.class)
                .hasMessage("shareLists.group: shop twice (expected: each group once)");
        var many = new ArrayList<SharedBy>();
        for (int i = 0; i < 65; i++) {
            many.add(new SharedBy("g" + i, SignedLists.text("g" + i, 5)));
        }
        assertThatThrownBy(() -> ShareLists.of(many)).hasMessage("shareLists: 65 (expected: at most 64)");
    }

    /** What longwire share-list prints is pasted into a manifest and a configuration as it is. */
    @Test
    void aNameThatWouldBreakAManifestIsNone() {
        for (String bad : new String[]{"", "a--b", "--", "a\"b", "a<b", "a&b", "a\nb", "a\u0000", "a\u0085b",
                "a\u2028b",
                "a\ud800b", "a".repeat(256)}) {
            assertThatThrownBy(() -> ShareLists.of(List.of(new SharedBy(bad, SignedLists.text("shop", 5))))).as(bad)
                    .isInstanceOf(ConfigException.class).hasMessageStartingWith("shareLists.group: ")
                    .hasMessageEndingWith(" (expected: 1 to 255 characters, none of \" < &, no line break, no --)")
                    .hasMessageMatching("(?s).{0,160}");
        }
        for (String good : new String[]{"a", "the shop's", "a-b", "-", "büro>", "a/b?c=%20", "a".repeat(255)}) {
            assertThat(ShareLists.of(List.of(new SharedBy(good, SignedLists.text(good, 5)))).of(good)).as(good)
                    .isNotNull();
        }
    }

    @Test
    void aConfigurationWithABadListIsRefusedAsAWhole() {
        assertThatThrownBy(() -> DispatcherConfig.read(ConfigNode.of(Map.of("shareLists",
                List.of(Map.of("group", "shop", "list", "?"))))))
                .isInstanceOf(ConfigException.class).hasMessageContaining("shareLists.list: of shop:");
        assertThatThrownBy(() -> DispatcherConfig.read(ConfigNode.of(Map.of("shareLists",
                List.of(Map.of("group", "shop")))))).hasMessageContaining("shareLists[0].list: missing");
        assertThat(DispatcherConfig.read(ConfigNode.empty()).shareLists()).isEmpty();
    }

    private static void refused(String list, String why) {
        assertThatThrownBy(() -> ShareLists.of(List.of(new SharedBy("shop", list))))
                .isInstanceOf(ConfigException.class).hasMessageContaining(why);
    }
}
