package io.longwire.e2e.watching;

import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.keeper.metrics.Metric;
import io.longwire.keeper.server.restart.RoomFigures;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.process.DescribeRequest;
import io.longwire.rpc.process.Description;
import io.longwire.rpc.process.ProcessGrpc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What dashboard and alerts read at any time, gauges, a running platform tells. */
class LiveMetricsIT {
    private static final Path MONITORING = Path.of(System.getProperty("longwire.root", "."),
            "ops/packaging/monitoring");

    @Test
    void aRunningPlatformTellsEveryGaugeThatIsAskedFor() throws Exception {
        String asked = Files.readString(MONITORING.resolve("longwire-dashboard.json"))
                + Files.readString(MONITORING.resolve("longwire-alerts.yaml"));
        List<String> gauges = AllMetrics.PARTS.stream().flatMap(part -> part.metrics().stream())
                .filter(metric -> AllMetrics.kind(metric).equals("gauge")).map(Metric::id).map("longwire_"::concat)
                .filter(name -> asked.matches("(?s).*\\b" + name + "\\b.*")).toList();
        assertThat(gauges).hasSizeGreaterThan(10);
        assertThat(told()).containsAll(gauges);
    }

    @Test
    void aRoomTellsWhatKeepersReadWhileTheyRestartIt() {
        Service room = SharedPlatform.get().platform().rooms().getFirst();
        Description told = ProcessGrpc.newBlockingStub(room.rpc().channel(room.cluster().self().rpcAddress()))
                .describe(DescribeRequest.getDefaultInstance());
        assertThat(told.getGaugesMap()).containsKeys(RoomFigures.SESSIONS, RoomFigures.LOOP_LAG);
        assertThat(told.getCountersMap()).containsKey(RoomFigures.NOWHERE).containsKeys(
                RoomFigures.NEVER.toArray(String[]::new));
    }

    private static Set<String> told() {
        var platform = SharedPlatform.get().platform();
        var services = new ArrayList<Service>(platform.rooms());
        services.addAll(platform.registers());
        services.addAll(List.of(platform.keeperService(), platform.center(), platform.saver(), platform.coordinator()));
        return services.stream().map(SharedPlatform::scrape).flatMap(String::lines)
                .filter(line -> line.startsWith("longwire_")).map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toSet());
    }
}
