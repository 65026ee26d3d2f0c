package io.longwire.e2e;

import io.longwire.cli.LongwireCli;
import io.longwire.e2e.platform.SharedPlatform;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The configuration of a part that runs, as an operator types it. */
class ConfigCommandIT {
    private final SharedPlatform shared = SharedPlatform.get();

    @Test
    void aValueIsPutRolledOutLookedAtAndTakenBack() {
        String older = done("config", "set", "room", "access.openPerAddress=76").replaceAll("(?s).*version (\\d+);.*",
                "$1");
        assertThat(done("config", "set", "room", "access.openPerAddress=77", "-m", "a crowd behind one address"))
                .contains("+  openPerAddress: 77", "version ", "`longwire config rollout room` puts it in force");
        assertThat(done("config", "get", "room", "--instance", "room-1")).doesNotContain("openPerAddress");
        assertThat(done("config", "diff", "room")).contains("+++ cluster", "+  openPerAddress: 77");

        String rollout = done("config", "rollout", "room", "--observe", "300ms", "--bake", "300ms");

        assertThat(rollout).contains("watches 2 processes", "step 1 of 4, told 1 of 2", "done: in force for all");
        assertThat(done("config", "get", "room", "--instance", "room-1"))
                .containsPattern("access.openPerAddress +77 +cluster:2:3 +hot");
        assertThat(done("config", "get", "room", "--instance", "room-1", "--at", older)).contains("version " + older)
                .containsPattern("access.openPerAddress +76 +cluster:2:3 +hot");
        assertThat(done("config", "history", "room")).contains("a crowd behind one address", "yes");
        assertThat(done("config", "rollback", "room", "--reason", "it was a drill")).contains("it was a drill");
        assertThat(done("config", "get", "room", "--layer")).doesNotContain("openPerAddress");
    }

    @Test
    void mistakesAreToldWithTheirPlaceAndNothingIsKept() {
        String before = done("config", "history", "dispatcher"); // other tests of this platform have one
        assertThat(failed("config", "set", "dispatcher", "roms=4", "listLife=6")).contains(
                "longwire: cluster:1:1: roms: unknown key", "did you mean rooms?",
                "cluster:2:1: listLife: 6 (expected: a duration from 1s to 7d such as 500ms, 15s, 24h)");
        assertThat(failed("config", "set", "dispatcher", "service.secrets=/tmp/x"))
                .contains("service.secrets: not here");
        assertThat(failed("config", "set", "dispatcher", "regions=[{name: x, ranges: [nowhere]}]"))
                .as("a rule that only the part knows").contains("nowhere", "[dispatcher]");
        assertThat(failed("config", "rollback", "dispatcher", "--to", "17")).contains("version: 17 (expected: ");
        assertThat(done("config", "history", "dispatcher")).isEqualTo(before);
    }

    private String done(String... args) {
        var out = new StringWriter();
        assertThat(run(out, args)).as("exit code of %s, which printed: %s", List.of(args), out).isZero();
        return out.toString();
    }

    private String failed(String... args) {
        var out = new StringWriter();
        assertThat(run(out, args)).as("exit code of %s, which printed: %s", List.of(args), out).isEqualTo(1);
        return out.toString();
    }

    private int run(StringWriter out, String... args) {
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--keeper", shared.platform().keeper(), "--key", shared.platform().adminKey()));
        var writer = new PrintWriter(out, true);
        return LongwireCli.run(writer, writer, all.toArray(String[]::new));
    }
}
