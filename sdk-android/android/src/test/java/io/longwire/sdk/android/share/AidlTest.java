package io.longwire.sdk.android.share;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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

    /**
     * What apps of an earlier version call, by what each method takes: another type or one more at the end would read
     * what these never wrote. New methods come behind, and are added here when they are released.
     */
    @Test
    void noMethodHasChangedWhatItTakes() throws Exception {
        assertReleased(PushHost.class, "int version()", "Bundle hello(in Bundle)", "PushLine open(PushGuest,in Bundle)",
                "Bundle handover(in Bundle)");
        assertReleased(PushLine.class, "oneway void send(in byte[])", "oneway void close()");
        assertReleased(PushGuest.class, "oneway void receive(in byte[])", "oneway void end(String)");
    }

    private static void assertReleased(Class<?> type, String... methods) throws IOException {
        assertThat(written(type.getSimpleName())).startsWith(methods);
        assertThat(compiled(type)).as("the stub").contains(Stream.of(methods)
                .map(one -> one.replaceAll("\\b(oneway|in) ", "")).toArray(String[]::new));
    }

    /** The methods of the interface, in their order, without the names of what they take. */
    private static List<String> written(String name) throws IOException {
        String all = Files.readString(AIDL.resolve(PACKAGE).resolve(name + ".aidl")).replaceAll("//.*", "");
        String body = all.substring(all.indexOf('{') + 1, all.lastIndexOf('}'));
        return Stream.of(body.split(";", -1)).map(one -> one.strip().replaceAll("\\s+", " "))
                .filter(one -> !one.isEmpty())
                .map(one -> one.replaceAll(" \\w+(?=[,)])", "").replaceAll(", ", ",")).toList();
    }

    private static List<String> compiled(Class<?> type) {
        return Stream.of(type.getDeclaredMethods()).map(one -> one.getReturnType().getSimpleName() + " " + one.getName()
                + Stream.of(one.getParameterTypes()).map(Class::getSimpleName)
                        .collect(Collectors.joining(",", "(", ")")))
                .toList();
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
