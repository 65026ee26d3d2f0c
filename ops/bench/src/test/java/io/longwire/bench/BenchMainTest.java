package io.longwire.bench;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class BenchMainTest {
    private final StringWriter out = new StringWriter();

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h"})
    void tellsWhatItCanDo(String word) {
        assertThat(BenchMain.command().setOut(new PrintWriter(out)).execute(word)).isZero();
        assertThat(out.toString()).contains("Usage: bench").contains("room-login", "whole-path", "micro");
    }

    @Test
    void tellsTheOptionsOfAFigure() {
        assertThat(BenchMain.command().setOut(new PrintWriter(out)).execute("room-login", "--help")).isZero();
        assertThat(out.toString()).contains("--warm-ups");
    }

    @Test
    void refusesAWordItDoesNotKnow() {
        var err = new StringWriter();
        assertThat(BenchMain.command().setErr(new PrintWriter(err)).execute("--wrong")).isEqualTo(2);
        assertThat(err.toString()).contains("--wrong");
    }
}
