package io.longwire.bench.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.longwire.keeper.service.StartFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process of the bench, in a JVM of its own: takes lines, answers each with a JSON line. What it logs goes to a file.
 * Used by one thread.
 */
public final class Role implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long END_SECONDS = 20;

    private final String name;
    private final Process process;
    private final Path log;
    private final BufferedReader answers;
    private final PrintWriter orders;

    private Role(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.orders = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    }

    /** Starts it; {@code command} is what to run, whole. */
    public static Role start(String name, List<String> command, Path log) {
        try {
            return new Role(name, new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
        } catch (IOException failed) {
            throw new StartFailure(name + ": " + failed.getMessage(), failed);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Waits for the next JSON line; other lines are passed over. StartFailure when the process ends instead. */
    public JsonNode answer() {
        try {
            for (String line; (line = answers.readLine()) != null;) {
                if (line.startsWith("{")) {
                    JsonNode json = JSON.readTree(line);
                    if (json.has("error")) {
                        throw new StartFailure(name + ": " + json.path("error").asText(), null);
                    }
                    return json;
                }
            }
        } catch (IOException broken) {
            throw new StartFailure(name + ": " + broken.getMessage() + "; see " + log, broken);
        }
        throw new StartFailure(name + ": ended; see " + log, null);
    }

    /** Gives an order and waits for its answer. */
    public JsonNode ask(String order) {
        tell(order);
        return answer();
    }

    /** Gives an order whose answer is fetched later. */
    public void tell(String order) {
        orders.println(order);
    }

    /** Ends it: by its input first, then SIGTERM, then SIGKILL. */
    @Override
    public void close() {
        orders.println("quit");
        orders.close();
        try {
            if (process.waitFor(2, TimeUnit.SECONDS)) {
                return;
            }
            process.destroy();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
