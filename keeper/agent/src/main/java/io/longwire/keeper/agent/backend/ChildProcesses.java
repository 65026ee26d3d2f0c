package io.longwire.keeper.agent.backend;

import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.agent.ProcessReport.State;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JVMs started by this agent. They write to files and hold no pipe of ours, so they live on when the agent ends, and
 * the next one finds them: by pid file, and where an agent died before it wrote one, by the mark in their environment.
 * A signal goes only to a process whose start time is the one that was written down.
 *
 * <p>Nothing is started again by itself: who died is reported as such.
 */
public final class ChildProcesses implements Backend {
    private static final Logger LOG = LoggerFactory.getLogger(ChildProcesses.class);
    private static final String MAIN = "io.longwire.cli.LongwireCli";
    private static final long LOG_BYTES = 64L << 20;
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);
    /** How long a parent has to collect a child that has ended. */
    private static final long COLLECT_NANOS = Duration.ofMillis(200).toNanos();

    private final String host;
    private final Path run;
    private final Path logs;
    private final Jvm jvm;
    private final ReentrantLock logsChange = new ReentrantLock();
    private final Map<String, Process> children = new ConcurrentHashMap<>();

    /**
     * What all processes are run with.
     *
     * @param java the program
     * @param arguments of every JVM
     */
    public record Jvm(Path java, List<String> arguments) {
        public Jvm {
            arguments = List.copyOf(arguments);
        }
    }

    /** @param home where pid files and logs are kept */
    public ChildProcesses(String host, Path home, Jvm jvm) throws IOException {
        this.host = host;
        this.run = Files.createDirectories(home.resolve("run"));
        this.logs = Files.createDirectories(home.resolve("logs"));
        this.jvm = jvm;
    }

    /** Finds what an earlier agent has left running; before any order. Returns their names. */
    public List<String> adopt(List<ProcessSpec> specs) throws IOException {
        var adopted = new ArrayList<String>();
        for (ProcessSpec spec : specs) {
            Optional<PidFile> known = PidFile.read(pidFile(spec));
            if (known.flatMap(PidFile::running).isEmpty()) {
                findUnwritten(spec, known.map(PidFile::version).orElse(""));
            }
            if (look(spec).runs()) {
                adopted.add(spec.name());
            }
        }
        return adopted;
    }

    // The mark alone proves little: children inherit it, and others can set it.
    private void findUnwritten(ProcessSpec spec, String lastVersion) throws IOException {
        Optional<Proc.Seen> found = Proc.withSetting("LONGWIRE_PROCESS", mark(spec)).stream()
                .filter(pid -> pid != ProcessHandle.current().pid() && isOurs(spec, Proc.commandLine(pid)))
                .map(Proc::see).flatMap(Optional::stream).filter(Proc.Seen::runs)
                .min(Comparator.comparingLong(Proc.Seen::startTicks));
        if (found.isPresent()) {
            long pid = found.get().pid();
            String version = Proc.setting(pid, "LONGWIRE_VERSION").orElse(lastVersion);
            LOG.warn("{} runs as {}, version {}, though no agent wrote it down", spec.name(), pid, version);
            new PidFile(pid, found.get().startTicks(), Proc.bootId(), version, false).write(pidFile(spec));
        }
    }

    private boolean isOurs(ProcessSpec spec, List<String> words) {
        int main = words.indexOf(MAIN);
        return main > 0 && words.size() > main + 2 && words.get(main + 1).equals("run")
                && words.get(main + 2).equals(spec.part())
                && Objects.equals(Path.of(words.getFirst()).getFileName(), jvm.java().getFileName());
    }

    @Override
    public String name() {
        return "processes";
    }

    @Override
    public Standing look(ProcessSpec spec) {
        Optional<PidFile> written = PidFile.read(pidFile(spec));
        if (written.isEmpty()) {
            return Standing.never();
        }
        PidFile file = written.get();
        Optional<Proc.Seen> seen = file.running();
        Process child = children.get(spec.name());
        boolean ours = child != null && child.pid() == file.pid();
        if (seen.isPresent()) {
            return new Standing(State.RUNNING, file.pid(), Proc.wallMillis(file.startTicks()), file.version(), !ours,
                    "");
        }
        if (file.stopped()) {
            return new Standing(State.STOPPED, 0, 0, file.version(), false, "");
        }
        return new Standing(State.DIED, 0, 0, file.version(), false,
                child != null && ours ? ended(child) : "ended");
    }

    // The kernel knows of an end a moment before we have its code.
    private static String ended(Process child) {
        try {
            return child.waitFor(1, TimeUnit.SECONDS) ? "ended with " + child.exitValue() : "ended";
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            return "ended";
        }
    }

    @Override
    public void start(ProcessSpec spec, String version, Path directory) throws IOException {
        var words = new ArrayList<String>();
        words.add(jvm.java().toString());
        words.addAll(jvm.arguments());
        words.addAll(spec.jvm());
        words.addAll(List.of(MAIN, "run", spec.part(), "--config", spec.config().toString()));
        var builder = new ProcessBuilder(words).redirectErrorStream(true).redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(freshLog(spec).toFile()));
        // Not as an argument: class paths are long, and arguments are what people look at in a list of processes.
        builder.environment().put("CLASSPATH", classPath(directory));
        builder.environment().put("LONGWIRE_PROCESS", mark(spec));
        builder.environment().put("LONGWIRE_VERSION", version);
        Process child = builder.start();
        children.put(spec.name(), child);
        long ticks = Proc.see(child.pid()).map(Proc.Seen::startTicks).orElse(-1L);
        try {
            new PidFile(child.pid(), ticks, Proc.bootId(), version, false).write(pidFile(spec));
        } catch (IOException full) {
            children.remove(spec.name());
            throw new IOException(spec.name() + ": its pid file cannot be written: " + full + " (expected: it can; "
                    + (killed(child) ? "the process is ended)" : "process " + child.pid() + " cannot be killed)"),
                    full);
        }
        LOG.info("{} started as {}, version {}", spec.name(), child.pid(), version);
    }

    // One that nobody knows would run beside the next. Waited for though the caller is interrupted.
    private static boolean killed(Process child) {
        child.destroyForcibly();
        try {
            child.onExit().orTimeout(KILL_PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
            return true;
        } catch (CompletionException late) {
            return false;
        }
    }

    private static String classPath(Path directory) {
        return directory.resolve("lib") + File.separator + "*";
    }

    @Override
    public void stop(ProcessSpec spec, Duration patience) throws IOException, InterruptedException {
        Optional<PidFile> written = PidFile.read(pidFile(spec));
        if (written.isEmpty()) {
            return;
        }
        PidFile file = written.get();
        // The handle remembers the start time it found, and refuses to signal any other process.
        Optional<ProcessHandle> handle = ProcessHandle.of(file.pid()).filter(_ -> file.running().isPresent());
        file.asStopped().write(pidFile(spec));
        if (handle.isEmpty()) {
            return;
        }
        handle.get().destroy();
        if (ended(handle.get(), file, patience)) {
            return;
        }
        LOG.warn("{} did not end within {} ms and is killed", spec.name(), patience.toMillis());
        handle.get().destroyForcibly();
        if (!ended(handle.get(), file, KILL_PATIENCE)) {
            throw new IOException(spec.name() + ": process " + file.pid() + " cannot be killed (expected: it ends)");
        }
    }

    // Where process 1 collects nobody, as in many containers, an orphan that has ended stays in the kernel's list.
    private static boolean ended(ProcessHandle handle, PidFile file, Duration patience)
            throws InterruptedException, IOException {
        long end = Clock.system().nanos() + patience.toNanos();
        boolean ran = true;
        while (ran) {
            ran = file.running().isPresent();
            long left = Math.min(COLLECT_NANOS, end - Clock.system().nanos());
            try {
                handle.onExit().get(Math.max(0, left), TimeUnit.NANOSECONDS);
                return true;
            } catch (TimeoutException late) {
                if (ran && left <= 0) {
                    return false;
                }
            } catch (ExecutionException failed) {
                throw new IOException("process " + handle.pid() + ": " + failed.getCause(), failed);
            }
        }
        return true;
    }

    @Override
    public String logs(ProcessSpec spec, int lines) throws IOException {
        return log(spec).tail(lines);
    }

    /** Shortens the logs that have grown above the limit, whoever writes to them; does nothing while it does so. */
    public void shortenLogs(List<ProcessSpec> specs) {
        if (!logsChange.tryLock()) {
            return;
        }
        try {
            for (ProcessSpec spec : specs) {
                shortenLog(spec);
            }
        } finally {
            logsChange.unlock();
        }
    }

    private void shortenLog(ProcessSpec spec) {
        try {
            log(spec).shorten();
        } catch (IOException full) {
            LOG.warn("the log of {} cannot be shortened: {}", spec.name(), full.toString());
        }
    }

    private Path freshLog(ProcessSpec spec) throws IOException {
        ChildLog log = log(spec);
        logsChange.lock();
        try {
            log.renew();
        } finally {
            logsChange.unlock();
        }
        return log.file();
    }

    private ChildLog log(ProcessSpec spec) {
        return new ChildLog(logs.resolve(spec.name() + ".log"), LOG_BYTES);
    }

    private Path pidFile(ProcessSpec spec) {
        return run.resolve(spec.name() + ".pid");
    }

    private String mark(ProcessSpec spec) {
        return host + "/" + spec.name();
    }
}
