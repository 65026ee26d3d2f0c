package io.longwire.demo.apk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** How much an app grows by the library: all code of a sample app, shrunk by the library's rules, as in its APK. */
class ShrunkSizeIT {
    private static final String KEY = "ak_%d_00000000000000000000000000000000";
    private static final int MOST_BYTES = 250_000;

    @TempDir
    Path directory;

    @Test
    void allTheCodeIsLessThanAQuarterOfAMegabyte() throws Exception {
        ApkBuild build = new ApkBuild(Path.of(System.getProperty("longwire.apk.module", ".")).toAbsolutePath(),
                directory, Path.of(System.getProperty("longwire.apk.dx", "target/dx"), "dx.jar"),
                "https://push.example.com");
        List<SampleApp> apps = List.of(new SampleApp("one", KEY.formatted(1)), new SampleApp("two", KEY.formatted(2)));
        Signer.Group group = Signer.group(ApkBuild.GROUP, apps, new byte[]{1}, 1);

        Path dex = build.dex(Manifests.components(build.manifest(apps.get(0), group)));

        assertThat(compressed(dex.resolve("classes.dex"))).isBetween(100_000, MOST_BYTES);
    }

    private static int compressed(Path file) throws IOException {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(Files.readAllBytes(file));
        deflater.finish();
        byte[] chunk = new byte[8192];
        int size = 0;
        while (!deflater.finished()) {
            size += deflater.deflate(chunk);
        }
        deflater.end();
        return size;
    }
}
