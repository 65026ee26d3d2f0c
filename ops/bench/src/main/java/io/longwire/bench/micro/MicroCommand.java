package io.longwire.bench.micro;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Runs JMH with the arguments that follow: {@code bench micro Frames -f 1 -wi 3 -i 5}. */
@Command(name = "micro", description = "JMH benchmarks; arguments are JMH's own, e.g. Frames -f 1.")
public final class MicroCommand implements Runnable {
    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public void run() {
        try {
            Main.main(arguments.toArray(String[]::new));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
