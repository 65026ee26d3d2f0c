package io.longwire.bench.process;

import io.longwire.keeper.service.StartFailure;
import java.io.IOException;
import java.util.List;

/** Runs a program to its end. Any thread; blocks. */
public final class Tool {
    private Tool() {
    }

    /** The lines it printed; StartFailure when it ended with anything but 0. */
    public static List<String> run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            List<String> lines = process.inputReader().lines().toList();
            int code = process.waitFor();
            if (code != 0) {
                throw new StartFailure(String.join(" ", command) + ": exit code " + code + ": "
                        + String.join("; ", lines), null);
            }
            return lines;
        } catch (IOException failed) {
            throw new StartFailure(String.join(" ", command) + ": " + failed.getMessage(), failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new StartFailure(String.join(" ", command) + ": interrupted", stopped);
        }
    }
}
