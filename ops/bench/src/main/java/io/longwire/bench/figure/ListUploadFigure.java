package io.longwire.bench.figure;

import com.fasterxml.jackson.databind.JsonNode;
import io.longwire.bench.Report;
import io.longwire.bench.process.CpuWatch;
import io.longwire.bench.process.Jvm;
import io.longwire.bench.process.Role;
import io.longwire.device.id.EndpointId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.service.SecretsFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How long a list of endpoints takes from its file to the sealed list: {@code longwire list upload} as a process of its
 * own, which looks through the file first, a center that checks each line, a saver and MariaDB.
 */
@Command(name = "list-upload", description = "longwire list upload, file to sealed list: seconds.")
public final class ListUploadFigure implements Runnable {
    private static final int WARM_UP = 100_000;
    private static final long SEED = 10;

    @Mixin
    private Common common = new Common();

    @Option(names = "--ids", defaultValue = "10000000", description = "Lines, at most 10 million (default: 10000000).")
    private int ids;

    private record Measured(double seconds, JsonNode list, CpuWatch.Used used) {
    }

    @Override
    public void run() {
        try (var rig = new WholeRig(common, 1, "768m")) {
            upload(rig, file(rig, Math.min(ids, WARM_UP)));
            Path whole = file(rig, ids);
            var all = new ArrayList<Measured>();
            for (int i = 0; i < common.runs(); i++) {
                all.add(upload(rig, whole));
            }
            report(rig, all);
        }
    }

    /** Random endpoints of the app, made once. */
    private static Path file(WholeRig rig, int count) {
        Path home = rig.rig().deployment().home();
        Path file = home.resolve("list-" + rig.appId() + "-" + count + ".txt");
        if (Files.exists(file)) {
            return file;
        }
        var texts = new EndpointId(SecretsFile.read(rig.rig().deployment().secrets()).endpointTagKey());
        var random = new SplittableRandom(SEED);
        Path part = home.resolve("list.part");
        try {
            try (BufferedWriter lines = Files.newBufferedWriter(part)) {
                for (int i = 0; i < count; i++) {
                    lines.append(texts.text(rig.appId(), random.nextLong() | 1)).append('\n');
                }
            }
            return Files.move(part, file);
        } catch (IOException full) {
            throw new UncheckedIOException(file + ": not written", full);
        }
    }

    private static Measured upload(WholeRig rig, Path file) {
        Clock clock = rig.rig().self().clock();
        CpuWatch watch = rig.rig().watch();
        long began = clock.nanos();
        JsonNode list;
        try (Role command = command(rig, "upload", file.toString(), "--label", "bench")) {
            list = command.answer();
        }
        double seconds = (clock.nanos() - began) / 1e9;
        CpuWatch.Used used = watch.used();
        try (Role command = command(rig, "delete", list.path("list_id").asText())) {
            command.answer();
        }
        return new Measured(seconds, list, used);
    }

    private static Role command(WholeRig rig, String... words) {
        var args = new ArrayList<>(List.of("list"));
        args.addAll(List.of(words));
        args.addAll(List.of("--json", "--api", "http://" + rig.api(), "--key", rig.apiKey()));
        return Role.start("longwire", Jvm.heap("256m").command("io.longwire.cli.LongwireCli", args),
                rig.rig().deployment().home().resolve("longwire.log"));
    }

    private void report(WholeRig rig, List<Measured> all) {
        Measured last = all.getLast();
        double median = RegisterTableFigure.median(all.stream().map(Measured::seconds).toList());
        Report report = Report.of("list-upload", "s from the command to the sealed list",
                all.stream().map(Measured::seconds).toList()).put("lines", ids)
                .put("endpoints", last.list.path("endpoints").asDouble()).put("linesPerSecond", ids / median)
                .put("commandsAndOthersCores",
                        all.stream().mapToDouble(one -> one.used.othersCores()).max().orElse(0));
        last.used.micros().forEach((process, micros) -> Report.number(report.more("cpuSeconds"), process,
                micros / 1e6));
        common.print(report, rig.flags());
    }
}
