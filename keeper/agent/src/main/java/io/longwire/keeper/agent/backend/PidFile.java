package io.longwire.keeper.agent.backend;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/**
 * What is kept of a process on disk. The pid alone says nothing: it may be another's by now. With the start time and
 * the boot it is that process, or none.
 *
 * @param stopped it was told to end
 */
record PidFile(long pid, long startTicks, String boot, String version, boolean stopped) {
    static Optional<PidFile> read(Path file) {
        var kept = new Properties();
        try {
            kept.load(new StringReader(Files.readString(file)));
            return Optional.of(new PidFile(Long.parseLong(kept.getProperty("pid", "0")),
                    Long.parseLong(kept.getProperty("startTicks", "-1")), kept.getProperty("boot", ""),
                    kept.getProperty("version", ""), Boolean.parseBoolean(kept.getProperty("stopped", "false"))));
        } catch (IOException | NumberFormatException noneOrBroken) {
            return Optional.empty();
        }
    }

    void write(Path file) throws IOException {
        var kept = new Properties();
        kept.setProperty("pid", Long.toString(pid));
        kept.setProperty("startTicks", Long.toString(startTicks));
        kept.setProperty("boot", boot);
        kept.setProperty("version", version);
        kept.setProperty("stopped", Boolean.toString(stopped));
        var text = new StringWriter();
        kept.store(text, null);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, text.toString());
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    PidFile asStopped() {
        return new PidFile(pid, startTicks, boot, version, true);
    }

    /** The process, if it is that one and runs. */
    Optional<Proc.Seen> running() {
        if (pid <= 1 || !boot.equals(Proc.bootId())) {
            return Optional.empty();
        }
        return Proc.see(pid).filter(seen -> seen.startTicks() == startTicks && seen.runs());
    }
}
