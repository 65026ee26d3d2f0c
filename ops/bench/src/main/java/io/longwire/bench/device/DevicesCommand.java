package io.longwire.bench.device;

import io.longwire.bench.endpoint.EndpointFile;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.ConfigException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a fleet of simulated phones, which standard input directs; see Orders. Ends with {@code quit} or its input. */
@Command(name = "devices", description = "A fleet of simulated phones, directed over standard input.")
public final class DevicesCommand implements Runnable {
    private static final int MOST = 19_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--room", required = true, split = ",", paramLabel = "HOST:PORT", description = "Rooms to use.")
    private List<String> rooms = new ArrayList<>();

    @Option(names = "--endpoints", required = true, paramLabel = "FILE", description = "Who the phones are.")
    private Path endpoints = Path.of("endpoints.tsv");

    @Option(names = "--from", defaultValue = "0", description = "First endpoint of the file to use.")
    private int from;

    @Option(names = "--count", required = true, description = "How many phones.")
    private int count;

    @Option(names = "--per-connection", defaultValue = "1", description = "Endpoints on each (default: 1).")
    private int perConnection;

    @Option(names = "--loops", defaultValue = "1", description = "Threads (default: 1).")
    private int loops;

    @Option(names = "--sources", defaultValue = "0", description = "Loopback addresses to come from (default: one).")
    private int sources;

    @Option(names = "--ack-items", defaultValue = "10", description = "With --ack-millis: ack at so many pushes.")
    private int ackItems;

    @Option(names = "--ack-millis", defaultValue = "0", description = "Gather acks so long; the SDK: 500 (default: 0).")
    private int ackMillis;

    @Option(names = "--tls", description = "Speak TLS, trusting anybody.")
    private boolean tls;

    @Override
    public void run() {
        if (count > MOST) {
            throw new ConfigException("--count: " + count + " (expected: at most " + MOST + " in one process)");
        }
        var options = new FleetOptions(Addresses.of(String.join(",", rooms)),
                EndpointFile.read(endpoints, from, count * perConnection),
                perConnection, loops, sources, ackItems, ackMillis, tls);
        PrintWriter out = spec.commandLine().getOut();
        try (var fleet = new Fleet(options, Clock.system())) {
            var orders = new Orders(fleet);
            out.println("{\"ready\":true,\"devices\":" + options.devices() + "}");
            out.flush();
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line; (line = in.readLine()) != null && !line.strip().equals("quit");) {
                out.println(orders.obey(line));
                out.flush();
            }
        } catch (IOException inputBroke) {
            throw new java.io.UncheckedIOException(inputBroke);
        }
    }
}
