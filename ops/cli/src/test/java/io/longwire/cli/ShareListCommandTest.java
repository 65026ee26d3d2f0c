package io.longwire.cli;

import io.longwire.dispatcher.DispatcherConfig;
import io.longwire.keeper.config.YamlFile;
import io.longwire.sdk.share.AllowList;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The list that the command signs is the one that phones take. */
class ShareListCommandTest {
    private static final String MAIL = "0f".repeat(32);
    private static final String NEWER = "1a".repeat(32);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory = Path.of(".");

    @Test
    void whatItPrintsIsWhatPhonesTake() throws Exception {
        assertThat(run("--group", "shop", "--member", "com.shop.mail=7:" + MAIL, "--member", "com.shop.mail=7:" + NEWER,
                "--member", "com.shop.chat=8:" + MAIL)).isZero();

        AllowList list = AllowList.read(value("share_list"), value("share_key"), "shop", 1);
        assertThat(list.packages()).containsExactly("com.shop.chat", "com.shop.mail");
        assertThat(list.appOf("com.shop.mail", HexFormat.of().parseHex(NEWER))).isEqualTo(7);
        assertThat(list.appOf("com.shop.mail", HexFormat.of().parseHex(MAIL))).isEqualTo(7);
        assertThat(list.appOf("com.shop.chat", HexFormat.of().parseHex(NEWER))).isZero();
    }

    @Test
    void theSerialIsTheTimeOrAsGiven() throws Exception {
        run("--group", "shop", "--member", "com.shop.mail=7:" + MAIL);
        assertThat(list().serial()).isGreaterThan(1_700_000_000L);
        out.getBuffer().setLength(0);
        assertThat(run("--group", "shop", "--serial", "12", "--member", "com.shop.mail=7:" + MAIL)).isZero();
        assertThat(list().serial()).isEqualTo(12);
        for (String bad : new String[]{"0", "-1", "x", "9223372036854775808"}) {
            assertThat(run("--group", "shop", "--serial", bad, "--member", "com.shop.mail=7:" + MAIL)).as(bad)
                    .isEqualTo(2);
        }
    }

    @Test
    void whatItSaysToPublishIsWhatDispatchersTake() throws Exception {
        run("--group", "the shop's", "--member", "com.shop.mail=7:" + MAIL);
        String published = out.toString().replaceAll("(?s).*?(shareLists:.*)-->.*", "$1");

        var config = DispatcherConfig.read(YamlFile.of("published", published).root());
        assertThat(config.shareLists()).containsExactly(new DispatcherConfig.SharedBy("the shop's",
                Base64.getEncoder().encodeToString(value("share_list"))));
    }

    @Test
    void aNameThatWouldBreakTheManifestIsRefusedAndNoKeyIsMade() {
        for (String bad : new String[]{"", "a--b", "a\"b", "a<b", "a&b", "a\nb"}) {
            assertThat(run("--group", bad, "--member", "com.shop.mail=7:" + MAIL)).as(bad).isEqualTo(2);
        }
        assertThat(err.toString()).contains("--group: a--b (expected: 1 to 255 characters, none of \" < &");
        assertThat(out.toString()).isEmpty();
        assertThat(directory.resolve("share.key")).doesNotExist();
    }

    /** All that it prints is XML, comment and all. */
    @Test
    void whatItPrintsCanBePastedIntoAManifest() throws Exception {
        run("--group", "the-shop's", "--member", "com.shop.mail=7:" + MAIL);

        var manifest = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader("<m xmlns:android='a'>" + out + "</m>")));
        var values = manifest.getElementsByTagName("meta-data");
        assertThat(values.getLength()).isEqualTo(3);
        assertThat(values.item(0).getAttributes().getNamedItem("android:value").getNodeValue()).isEqualTo("the-shop's");
    }

    private AllowList list() throws Exception {
        return AllowList.read(value("share_list"), value("share_key"), "shop");
    }

    @Test
    void theKeyStaysTheSame() throws Exception {
        run("--group", "shop", "--member", "com.shop.mail=7:" + MAIL);
        byte[] first = value("share_key");
        out.getBuffer().setLength(0);
        run("--group", "shop", "--member", "com.shop.chat=8:" + MAIL);
        assertThat(value("share_key")).isEqualTo(first);
    }

    @Test
    void saysWhatAMemberMustBe() {
        for (String bad : new String[]{"com.shop.mail", "com.shop.mail=7", "com.shop.mail=x:" + MAIL,
                "com.shop.mail=7:0f", "=7:" + MAIL, "com.shop.mail=0:" + MAIL}) {
            assertThat(run("--group", "shop", "--member", bad)).as(bad).isEqualTo(2);
        }
        assertThat(err.toString()).contains("--member: com.shop.mail=7:0f (expected: PACKAGE=APP:SHA256");
        assertThat(run("--group", "shop", "--member", "a=7:" + MAIL, "--member", "a=8:" + MAIL)).isEqualTo(2);
    }

    @Test
    void aKeyFileOfSomethingElseIsLeftAlone() throws Exception {
        Files.writeString(directory.resolve("share.key"), "hello");
        assertThat(run("--group", "shop", "--member", "a=7:" + MAIL)).isEqualTo(2);
        assertThat(err.toString()).contains("expected: a key that this command made");
        assertThat(Files.readString(directory.resolve("share.key"))).isEqualTo("hello");
    }

    private int run(String... more) {
        String[] args = new String[more.length + 3];
        args[0] = "share-list";
        args[1] = "--key";
        args[2] = directory.resolve("share.key").toString();
        System.arraycopy(more, 0, args, 3, more.length);
        return LongwireCli.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private byte[] value(String name) {
        Matcher found = Pattern.compile("io.longwire." + name + "\" android:value=\"([^\"]*)\"")
                .matcher(out.toString());
        assertThat(found.find()).isTrue();
        return Base64.getDecoder().decode(found.group(1));
    }
}
