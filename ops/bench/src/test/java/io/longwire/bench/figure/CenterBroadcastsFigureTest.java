package io.longwire.bench.figure;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

class CenterBroadcastsFigureTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"--runs 1 | 1000,5000", "--walking | 1000", "--walking --broadcasts 2000 | 2000"})
    void makesAsManyAsCanBeUnderWayAtOnce(String arguments, String sizes) {
        var figure = new CenterBroadcastsFigure();
        new CommandLine(figure).parseArgs(arguments.split(" ", -1));

        assertThat(figure.sizes()).extracting(Object::toString).containsExactly(sizes.split(",", -1));
    }
}
