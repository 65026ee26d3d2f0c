package io.longwire.sdk.android.share;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The stubs that are checked in are what the interfaces say, and the interfaces only grow. */
class AidlTest {
    private static final Path MODULE = Path.of(System.getProperty("longwire.root"), "sdk-android", "android");
    private static final Path AIDL = MODULE.resolve("src/main/aidl");
    private static final Path JAVA = MODULE.resolve("src/main/generated-sources/aidl");
    private static final String PACKAGE = "io/longwire/sdk/android/share";

    @TempDir
    Path made;

    @Test
    void theStubsAreThoseThatAidlMakes() throws Exception {
        Assumptions.assumeTrue(isInstalled(), "aidl is not installed (apt-get install aidl)");
        for (String name : List.of("PushGuest", "PushHost", "PushLine")) {
            Process aidl = new ProcessBuilder("aidl", "-I", AIDL.toString(), "-o", made.toString(),
                    AIDL.resolve(PACKAGE).resolve(name + ".aidl").toString()).redirectErrorStream(true).start();
            String said = new String(aidl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(aidl.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(aidl.exitValue()).as(said).isZero();
            assertThat(plain(JAVA.resolve(PACKAGE).resolve(name + ".java")))
                    .isEqualTo(plain(made.resolve(PACKAGE).resolve(name + ".java")));
        }
    }

    /** Apps with older and newer versions of this library talk to each other: numbers stay what they were. */
    @Test
    void noMethodHasChangedItsNumber() throws Exception {
        assertThat(numbers("PushHost")).containsExactly("version=0", "hello=1", "open=2", "handover=3");
        assertThat(numbers("PushLine")).containsExactly("send=0", "close=1");
        assertThat(numbers("PushGuest")).containsExactly("receive=0", "end=1");
    }

    private static List<String> numbers(String name) throws IOException {
        try (Stream<String> lines = Files.lines(JAVA.resolve(PACKAGE).resolve(name + ".java"))) {
            return lines.filter(line -> line.contains("static final int TRANSACTION_"))
                    .map(line -> line.replaceAll(".*TRANSACTION_(\\w+) = .*\\+ (\\d+)\\);", "$1=$2")).toList();
        }
    }

    // Without comments, where some versions of aidl tell the command line.
    private static String plain(Path file) throws IOException {
        return Files.readString(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("\\s+", " ");
    }

    private static boolean isInstalled() {
        for (String directory : String.valueOf(System.getenv("PATH")).split(File.pathSeparator, -1)) {
            if (new File(directory, "aidl").canExecute()) {
                return true;
            }
        }
        return false;
    }
}
