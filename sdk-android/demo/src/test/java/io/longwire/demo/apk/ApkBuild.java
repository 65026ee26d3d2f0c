package io.longwire.demo.apk;

import android.app.Activity;
import com.google.protobuf.GeneratedMessageLite;
import io.longwire.demo.DemoApp;
import io.longwire.device.Limits;
import io.longwire.sdk.LongwireClient;
import io.longwire.sdk.android.Longwire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Makes both APKs of one source: classes that a phone can run (see {@link Desugar}), dx, aapt, zipalign, apksigner; and
 * has apksigner verify what came of it. The build's profiles {@code apk} and {@code full} run it.
 */
public final class ApkBuild {
    static final String GROUP = "longwire-demo";
    static final String MIN_SDK = "26";

    private final Path module;
    private final Path directory;
    private final Path dx;
    private final String dispatcher;

    ApkBuild(Path module, Path directory, Path dx, String dispatcher) {
        this.module = module;
        this.directory = directory;
        this.dx = dx;
        this.dispatcher = dispatcher;
    }

    /** The module's folder, the folder to fill, dx, the dispatcher, the two apps' keys. */
    public static void main(String[] args) throws Exception {
        try {
            run(args);
        } catch (BuildFailure failed) {
            System.err.println("apk: " + failed.getMessage()); // allowed: a command's own word
            System.exit(1);
        }
    }

    private static void run(String... args) throws IOException, InterruptedException, GeneralSecurityException {
        if (args.length != 6) {
            throw new BuildFailure("arguments: " + args.length + " (expected: 6)");
        }
        Tools.check();
        ApkBuild build = new ApkBuild(Path.of(args[0]), Files.createDirectories(Path.of(args[1])), Path.of(args[2]),
                args[3]);
        build.make(List.of(new SampleApp("one", args[4]), new SampleApp("two", args[5])));
    }

    private void make(List<SampleApp> apps) throws IOException, InterruptedException, GeneralSecurityException {
        if (apps.get(0).appId() == apps.get(1).appId()) {
            throw new BuildFailure("longwire.demo.key.two: of app " + apps.get(1).appId()
                    + " (expected: another app than that of longwire.demo.key.one)");
        }
        Signer signer = Signer.in(directory);
        byte[] certificate = signer.certificate();
        Signer.Group group = Signer.group(GROUP, apps, certificate, Clock.systemUTC().millis());
        List<Path> manifests = new ArrayList<>();
        for (SampleApp app : apps) {
            manifests.add(manifest(app, group));
        }
        Path dex = dex(Manifests.components(manifests.get(0)));
        for (int i = 0; i < apps.size(); i++) {
            Path apk = directory.resolve(apps.get(i).file());
            signer.sign(aligned(packaged(manifests.get(i), dex)), apk);
            verify(apk, certificate);
        }
    }

    /** The library's, for whoever shrinks an app that has it. */
    static Path rules(Path module) {
        return module.toAbsolutePath().resolveSibling("android").resolve("src/main/aar/proguard.txt");
    }

    /** The code, the same for both, in a folder of its own. */
    Path dex(List<String> components) throws IOException, InterruptedException {
        Path shrinking = Files.createDirectories(directory.resolve("shrinking"));
        SortedMap<String, byte[]> classes = new Shrink(shrinking, rules(module)).keeping(components,
                Desugar.all(sdk()));
        List<String> wrong = Remnants.in(classes);
        if (!wrong.isEmpty()) {
            throw new BuildFailure("classes: a phone cannot run them (expected: it can)\n" + String.join("\n", wrong));
        }
        Path jar = directory.resolve("classes.jar");
        ClassFiles.write(jar, classes);
        Path dex = Files.createDirectories(directory.resolve("dex"));
        Tools.run(Tools.ofJava("java"), "-Xmx1g", "-cp", dx.toString(), "com.android.dx.command.Main", "--dex",
                "--min-sdk-version=" + MIN_SDK, "--output=" + dex.resolve("classes.dex"), jar.toString());
        return dex;
    }

    /** All that runs in the apps: theirs, the library's, its core's, the frames', protobuf's. */
    static SortedMap<String, byte[]> sdk() throws IOException {
        return ClassFiles.read(ClassFiles.home(DemoApp.class), ClassFiles.home(Longwire.class),
                ClassFiles.home(LongwireClient.class), ClassFiles.home(Limits.class),
                ClassFiles.home(GeneratedMessageLite.class));
    }

    Path manifest(SampleApp app, Signer.Group group) throws IOException {
        boolean plain = dispatcher.startsWith("http://");
        String text = Manifests.merged(module.resolve("src/main/app/AndroidManifest.xml"),
                Map.of("package", app.packageName(), "label", app.label(), "app_key", app.appKey(), "dispatcher",
                        dispatcher, "plain", Boolean.toString(plain), "share_group", group.name(), "share_list",
                        group.list(), "share_key", group.key()),
                module.resolveSibling("android").resolve("src/main/aar/AndroidManifest.xml"));
        return Files.writeString(Files.createDirectories(directory.resolve(app.name())).resolve("AndroidManifest.xml"),
                text);
    }

    private Path packaged(Path manifest, Path dex) throws IOException, InterruptedException {
        Path apk = manifest.resolveSibling("unsigned.apk");
        // The Android that the sources are compiled against has resources, too; Debian's is older than some we name.
        Tools.run("aapt", "package", "-f", "-M", manifest.toString(), "-S",
                module.resolve("src/main/app/res").toString(), "-I", ClassFiles.home(Activity.class).toString(), "-F",
                apk.toString(), dex.toString());
        return apk;
    }

    private static Path aligned(Path unsigned) throws IOException, InterruptedException {
        Path aligned = unsigned.resolveSibling("aligned.apk");
        Tools.run("zipalign", "-f", "-p", "4", unsigned.toString(), aligned.toString());
        return aligned;
    }

    private static void verify(Path apk, byte[] certificate) throws IOException, InterruptedException {
        String said = verified(apk);
        String digest = "certificate SHA-256 digest: " + HexFormat.of().formatHex(certificate);
        if (!said.contains(digest)) {
            throw new BuildFailure(apk + ": signed by another (expected: " + digest + ")\n" + said);
        }
    }

    /** What apksigner says of an APK for every Android since 5: a wrong signature fails. */
    static String verified(Path apk) throws IOException, InterruptedException {
        return Tools.run("apksigner", "verify", "--verbose", "--print-certs", "--min-sdk-version", "21",
                apk.toString());
    }
}
