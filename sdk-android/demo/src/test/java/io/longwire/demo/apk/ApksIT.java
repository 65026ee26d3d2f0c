package io.longwire.demo.apk;

import io.longwire.sdk.share.AllowList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The APKs that the build has made: what a phone would ask of them before it runs them, asked here. */
@Tag("full")
class ApksIT {
    private static final Path DIRECTORY = Path.of(System.getProperty("longwire.apk.directory", "target/apk"));
    private static final Path ONE = DIRECTORY.resolve("longwire-demo-one.apk");
    private static final Path TWO = DIRECTORY.resolve("longwire-demo-two.apk");
    private static final Pattern DIGEST = Pattern.compile("Signer #1 certificate SHA-256 digest: ([0-9a-f]{64})");
    private static final int CALL_SITES = 0x0007;
    private static final int METHOD_HANDLES = 0x0008;

    @TempDir
    Path directory;

    @Test
    void bothAreSignedForEveryAndroidByOneKey() throws Exception {
        for (Path apk : List.of(ONE, TWO)) {
            assertThat(ApkBuild.verified(apk)).contains("Verified using v1 scheme (JAR signing): true")
                    .contains("Verified using v2 scheme (APK Signature Scheme v2): true")
                    .contains("Verified using v3 scheme (APK Signature Scheme v3): true")
                    .contains("Number of signers: 1");
        }
        assertThat(certificate(ONE)).isEqualTo(certificate(TWO));
    }

    @Test
    void oneThatWasChangedIsNotVerified() throws Exception {
        byte[] bytes = Files.readAllBytes(ONE);
        bytes[bytes.length / 2] ^= 1;
        Path changed = Files.write(directory.resolve("changed.apk"), bytes);

        assertThatThrownBy(() -> ApkBuild.verified(changed)).isInstanceOf(BuildFailure.class)
                .hasMessageContaining("DOES NOT VERIFY");
    }

    @Test
    void theyAreTwoAppsOfOneSource() throws Exception {
        for (String name : List.of("one", "two")) {
            Path apk = name.equals("one") ? ONE : TWO;
            assertThat(Tools.run("aapt", "dump", "badging", apk.toString()))
                    .contains("package: name='io.longwire.demo." + name + "'", "sdkVersion:'26'",
                            "targetSdkVersion:'36'", "application-label:'Longwire " + name + "'",
                            "launchable-activity: name='io.longwire.demo.DemoScreen'",
                            "uses-permission: name='android.permission.WAKE_LOCK'");
            Tools.run("zipalign", "-c", "-p", "4", apk.toString());
            try (ZipFile zip = new ZipFile(apk.toFile())) { // Android 11 and later install no other
                assertThat(zip.getEntry("resources.arsc").getMethod()).isEqualTo(ZipEntry.STORED);
            }
        }
        assertThat(Dex.of(ONE).classes()).isEqualTo(Dex.of(TWO).classes());
    }

    @Test
    void theListThatBothCarryNamesBothByTheirCertificate() throws Exception {
        for (Path apk : List.of(ONE, TWO)) {
            AllowList list = AllowList.read(base64(apk, "share_list"), base64(apk, "share_key"),
                    value(apk, "share_group"), Clock.systemUTC().millis());

            assertThat(list.packages()).containsExactlyInAnyOrder("io.longwire.demo.one", "io.longwire.demo.two");
            for (String name : List.of("one", "two")) {
                Path known = name.equals("one") ? ONE : TWO;
                SampleApp app = new SampleApp(name, value(known, "app_key"));
                assertThat(list.appOf(app.packageName(), certificate(known))).isEqualTo(app.appId());
            }
        }
    }

    @Test
    void anAppGrowsByLessThanAQuarterOfAMegabyte() throws Exception {
        try (ZipFile zip = new ZipFile(ONE.toFile())) {
            assertThat(zip.getEntry("classes.dex").getCompressedSize()).as("all code, the app's and protobuf's as well")
                    .isLessThanOrEqualTo(250_000);
        }
    }

    @Test
    void whatTheManifestNamesIsInTheCode() throws Exception {
        Matcher named = Pattern.compile("A: android:name\\(0x01010003\\)=\"(io\\.longwire\\.[\\w.]*[A-Z]\\w*)\"")
                .matcher(manifest(ONE));
        Set<String> components = new TreeSet<>();
        while (named.find()) {
            if (!named.group(1).equals("io.longwire.sdk.SHARE")) { // an action
                components.add("L" + named.group(1).replace('.', '/') + ";");
            }
        }
        assertThat(components).contains("Lio/longwire/demo/DemoApp;", "Lio/longwire/demo/DemoScreen;",
                "Lio/longwire/sdk/android/share/HostService;").hasSize(7);
        assertThat(Dex.of(ONE).classes()).containsAll(components);
    }

    @Test
    void theCodeIsWholeAndCallsNothingThatNoPhoneHas() throws Exception {
        Dex dex = Dex.of(ONE);
        Set<String> missing = new TreeSet<>(dex.types());
        missing.removeIf(type -> !type.startsWith("Lio/longwire/") && !type.startsWith("Lcom/google/protobuf/"));
        missing.removeAll(dex.classes());

        assertThat(missing).isEmpty();
        assertThat(dex.sections()).doesNotContain(CALL_SITES, METHOD_HANDLES);
        assertThat(dex.types()).noneMatch(type -> type.startsWith("Ljava/lang/invoke/"));
        assertThat(dex.magic()).startsWith("dex\n03");
    }

    private static byte[] certificate(Path apk) throws IOException, InterruptedException {
        Matcher digest = DIGEST.matcher(ApkBuild.verified(apk));
        assertThat(digest.find()).isTrue();
        return HexFormat.of().parseHex(digest.group(1));
    }

    private static byte[] base64(Path apk, String name) throws IOException, InterruptedException {
        return Base64.getDecoder().decode(value(apk, name));
    }

    /** Of the meta-data, as it stands in the APK. */
    private static String value(Path apk, String name) throws IOException, InterruptedException {
        Matcher found = Pattern.compile("android:name\\(0x01010003\\)=\"io\\.longwire\\." + name
                + "\"[^\\n]*\\n\\s*A: android:value\\(0x01010024\\)=\"([^\"]*)\"").matcher(manifest(apk));
        assertThat(found.find()).as(name).isTrue();
        return found.group(1);
    }

    private static String manifest(Path apk) throws IOException, InterruptedException {
        return Tools.run("aapt", "dump", "xmltree", apk.toString(), "AndroidManifest.xml");
    }
}
