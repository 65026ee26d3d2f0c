package io.longwire.e2e.broadcast;

import com.fasterxml.jackson.databind.JsonNode;
import io.longwire.bench.BenchMain;
import io.longwire.bench.endpoint.EndpointFile;
import io.longwire.bench.endpoint.EndpointRegistration;
import io.longwire.bench.process.Jvm;
import io.longwire.bench.process.Role;
import io.longwire.e2e.platform.Product;
import java.nio.file.Path;
import java.util.List;

/** Thousands of simulated phones in a process of their own, as {@code bench devices} runs them. Calls block. */
public final class SimulatedFleet implements AutoCloseable {
    private static final long SEED = 360;

    private final Role process;

    private SimulatedFleet(Role process) {
        this.process = process;
    }

    /** Registers so many endpoints and starts their phones, which are offline yet. */
    public static SimulatedFleet start(Path home, Product product, int size, List<String> rooms) {
        Path endpoints = home.resolve("endpoints.tsv");
        EndpointFile.write(endpoints, EndpointRegistration.register(product.dispatcher(), product.appKey(), size,
                SEED));
        var words = List.of("devices", "--room", String.join(",", rooms), "--endpoints", endpoints.toString(),
                "--count", Integer.toString(size));
        var fleet = new SimulatedFleet(Role.start("devices", Jvm.heap("256m").command(BenchMain.class.getName(), words),
                home.resolve("devices.log")));
        fleet.process.answer();
        return fleet;
    }

    /** Gives an order in the simulator's words; how many phones are online after it. */
    public int order(String line) {
        return process.ask(line).path("online").asInt();
    }

    /** To how many phones the broadcast of this sequence came so far. */
    long received(long seq) {
        return broadcast(seq).path("received").asLong();
    }

    /** How it came: received, duplicates, missing. */
    JsonNode broadcast(long seq) {
        return process.ask("broadcast seq=" + seq);
    }

    /** All that the phones saw. */
    public JsonNode stats() {
        return process.ask("stats");
    }

    @Override
    public void close() {
        process.close();
    }
}
