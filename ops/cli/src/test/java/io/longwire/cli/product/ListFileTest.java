package io.longwire.cli.product;

import io.longwire.cli.terminal.WrongUsage;
import io.longwire.device.id.EndpointId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ListFileTest {
    private static final EndpointId IDS = new EndpointId(new byte[16]);
    private static final String ONE = IDS.text(3, 1);
    private static final String TWO = IDS.text(3, -2);

    @TempDir
    private Path place;

    private ListFile file(String content) throws IOException {
        return new ListFile(Files.write(place.resolve("list"), content.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void countsEndpointsAndSkipsEmptyLinesAndRemarks() throws Exception {
        var content = file("# who\n\n" + ONE + "\r\n  " + TWO.toUpperCase(Locale.ROOT).replace("EP_", "ep_")
                + " \n").check();

        assertThat(content).isEqualTo(new ListFile.Content(4, 2, 0, List.of()));
    }

    @Test
    void tellsLinesThatAreNoEndpointsByTheirNumber() throws Exception {
        var content = file(ONE + "\nep_x\n" + TWO + "\n" + ONE + TWO + "\nuser-17\u0007").check();

        assertThat(content.lines()).isEqualTo(5);
        assertThat(content.endpoints()).isEqualTo(2);
        assertThat(content.bad()).isEqualTo(3);
        assertThat(content.badLines()).extracting(bad -> bad.line() + " " + bad.value()).containsExactly("2 ep_x",
                "4 " + ONE + TWO, "5 user-17?");
    }

    @Test
    void showsTheFirstOfManyAndCountsAll() throws Exception {
        var content = file("x\n".repeat(1_000)).check();

        assertThat(content.bad()).isEqualTo(1_000);
        assertThat(content.badLines()).hasSize(ListFile.SHOWN);
    }

    @Test
    void aLineWithoutEndIsOneBadLine() throws Exception {
        var content = file((ONE + " ").repeat(10_000) + "\n" + TWO).check();

        assertThat(content.lines()).isEqualTo(2);
        assertThat(content.bad()).isEqualTo(1);
        assertThat(content.badLines().getFirst().value()).hasSizeLessThanOrEqualTo(64);
    }

    @Test
    void anEndpointWithMuchBehindItIsNone() throws Exception {
        assertThat(file(ONE + " ".repeat(500) + "\n").check().bad()).isEqualTo(1);
    }

    @Test
    void givesEachLineInItsPlace() throws Exception {
        var lines = new ArrayList<String>();

        file("#\n" + ONE + "\n\n" + TWO).read((number, text) -> lines.add(number + text));

        assertThat(lines).containsExactly("1", "2" + ONE, "3", "4" + TWO);
    }

    @Test
    void saysThatAFileCannotBeRead() {
        assertThatThrownBy(() -> new ListFile(place.resolve("none")).check()).isInstanceOf(WrongUsage.class)
                .hasMessageContaining("expected: a file that can be read");
    }
}
