package io.longwire.keeper.profile;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.longwire.rpc.process.Description;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Figures of this process from the JVM and /proc; what cannot be read is 0. */
final class OwnProcess {
    private static final Path STATUS = Path.of("/proc/self/status");

    private OwnProcess() {
    }

    static void describe(Description.Builder into) {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long files = system instanceof UnixOperatingSystemMXBean unix ? unix.getOpenFileDescriptorCount() : 0;
        into.setPid(ProcessHandle.current().pid()).setStartedMs(ManagementFactory.getRuntimeMXBean().getStartTime())
                .setHeapUsedBytes(heap.getUsed()).setHeapMaxBytes(Math.max(0, heap.getMax()))
                .setCpuMs(TimeUnit.NANOSECONDS.toMillis(Math.max(0, system.getProcessCpuTime())))
                .setRssBytes(residentBytes()).setOpenFiles((int) Math.max(0, files))
                .setThreads(ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private static long residentBytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        } catch (IOException | NumberFormatException notLinux) {
            return 0;
        }
        return 0;
    }
}
