package io.longwire.demo.apk;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The programs that make an APK. Debian has each in a package of its name. */
final class Tools {
    private static final long MINUTES_MAX = 5;
    private static final List<String> PROGRAMS = List.of("aapt", "apksigner", "zipalign");

    private Tools() {
    }

    /** Says in one sentence what is missing, if anything is. */
    static void check() {
        List<String> missing = new ArrayList<>();
        for (String program : PROGRAMS) {
            if (!isThere(program)) {
                missing.add(program);
            }
        }
        if (!missing.isEmpty()) {
            throw new BuildFailure("APK tools: " + String.join(", ", missing)
                    + " missing (expected: installed, by ops/bin/prepare or apt-get install "
                    + String.join(" ", missing) + ")");
        }
    }

    private static boolean isThere(String program) {
        for (String directory : String.valueOf(System.getenv("PATH")).split(File.pathSeparator, -1)) {
            if (new File(directory, program).canExecute()) {
                return true;
            }
        }
        return false;
    }

    /** A program of the JVM that runs this. */
    static String ofJava(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    /** Runs it, and returns what it said, error or not; one that fails fails the build with what it said. */
    static String run(String... command) throws IOException, InterruptedException {
        Path said = Files.createTempFile("apk", ".txt");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile())
                    .start();
            boolean ended = process.waitFor(MINUTES_MAX, TimeUnit.MINUTES);
            if (!ended) {
                process.destroyForcibly();
            }
            String text = new String(Files.readAllBytes(said), StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                throw new BuildFailure(command[0] + ": " + (ended ? "exit " + process.exitValue() : "did not end")
                        + " (expected: 0)\n" + String.join(" ", command) + "\n" + text);
            }
            return text;
        } finally {
            Files.delete(said);
        }
    }
}
