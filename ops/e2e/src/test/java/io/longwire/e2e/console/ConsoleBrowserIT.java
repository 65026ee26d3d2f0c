package io.longwire.e2e.console;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every task of the console in Chromium, at 360 and 1280 pixels, light and dark: nothing overlaps, no text is cut
 * off, contrast and names are as WCAG 2.1 AA wants them (axe-core), the browser's console has no error. Screenshots
 * are in target/console-screenshots.
 */
@Tag("full")
class ConsoleBrowserIT {
    private static final Path SCRIPTS = Path.of("src/test/browser").toAbsolutePath();
    private static final List<String> BROWSERS = List.of("/usr/bin/chromium", "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome");
    private static final int MINUTES = 20;

    @Test
    void doesEachTaskAtBothWidthsInBothThemes() throws Exception {
        Path screenshots = Files.createDirectories(Path.of("target", "console-screenshots").toAbsolutePath());
        Path log = Path.of("target", "console-browser.log").toAbsolutePath();
        try (var stage = new ConsoleStage()) {
            var words = new ProcessBuilder("node", SCRIPTS.resolve("console.mjs").toString(), stage.write().toString(),
                    screenshots.toString()).redirectErrorStream(true).redirectOutput(log.toFile());
            words.environment().put("CHROMIUM", browser());
            Process node = start(words);
            try {
                assertThat(node.waitFor(MINUTES, TimeUnit.MINUTES)).as("ended in time; %s", Files.readString(log))
                        .isTrue();
            } finally {
                node.destroyForcibly();
            }
            assertThat(node.exitValue()).as(Files.readString(log)).isZero();
        }
        try (Stream<Path> pictures = Files.list(screenshots)) {
            assertThat(pictures.filter(picture -> picture.toString().endsWith(".png"))).hasSizeGreaterThan(40);
        }
    }

    private static Process start(ProcessBuilder words) {
        assertThat(SCRIPTS.resolve("node_modules/playwright-core")).as("what ops/bin/prepare installs").exists();
        try {
            return words.start();
        } catch (IOException none) {
            throw new IllegalStateException("node: not found (expected: what ops/bin/prepare installs)", none);
        }
    }

    private static String browser() {
        String named = System.getenv("CHROMIUM");
        return Stream.concat(Stream.ofNullable(named), BROWSERS.stream()).filter(path -> new File(path).canExecute())
                .findFirst().orElseThrow(() -> new IllegalStateException(
                        "chromium: none of " + BROWSERS + " (expected: what ops/bin/prepare installs)"));
    }
}
