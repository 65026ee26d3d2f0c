package io.longwire.e2e.fault;

import io.longwire.cli.platform.Platform;
import io.longwire.cli.platform.PlatformOptions;
import io.longwire.cli.platform.PlatformOptions.Ports;
import io.longwire.cli.platform.PlatformOptions.Testing;
import io.longwire.e2e.fault.PlantedFaults.Fault;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** {@code longwire up} with faults: their names come before the usual words. */
public final class FaultyPlatform {
    private FaultyPlatform() {
    }

    public static void main(String[] args) throws Exception {
        PrintStream out = System.out; // allowed: the command line prints
        var faults = new PlantedFaults();
        int at = 0;
        while (!args[at].equals("up")) {
            faults.plant(Fault.valueOf(args[at++].toUpperCase(Locale.ROOT)));
        }
        var words = new HashMap<String, String>();
        var settings = new ArrayList<String>();
        var halts = new ArrayList<String>();
        for (int i = at + 1; i < args.length; i++) {
            switch (args[i]) {
                case "--keep-stores" -> words.put(args[i], "");
                case "--set" -> settings.add(args[++i]);
                case "--halt-at" -> halts.add(args[++i]);
                default -> words.put(args[i], args[++i]);
            }
        }
        run(words, new Testing(true, halts, settings, faults), out);
    }

    private static void run(Map<String, String> words, Testing testing, PrintStream out) throws InterruptedException {
        Path data = Path.of(word(words, "--data"));
        var ports = new Ports(number(words, "--api-port"), number(words, "--dispatcher-port"),
                number(words, "--room-port"), number(words, "--room-tls-port"));
        var platform = Platform.start(
                PlatformOptions.in(data).ports(ports).rooms(number(words, "--rooms")).testing(testing), out::println);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(platform::close));
        platform.demoApp().write(data);
        out.println("up: ready");
        new CountDownLatch(1).await();
    }

    private static int number(Map<String, String> words, String name) {
        return Integer.parseInt(word(words, name));
    }

    private static String word(Map<String, String> words, String name) {
        String value = words.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    name + ": missing (expected: as PlatformProcess gives it), " + List.of(words));
        }
        return value;
    }
}
