package io.longwire.keeper.server.config;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class TextDiffTest {
    @Test
    void showsWhatChangedWithThreeLinesAround() {
        String before = "a: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\ng: 7\nh: 8\ni: 9\n";
        String after = "a: 1\nb: 2\nc: 3\nd: 4\ne: 50\nf: 6\ng: 7\nh: 8\ni: 9\n";

        assertThat(TextDiff.of("cluster", before, after)).isEqualTo("""
                --- cluster
                +++ cluster
                @@ -2,7 +2,7 @@
                 b: 2
                 c: 3
                 d: 4
                -e: 5
                +e: 50
                 f: 6
                 g: 7
                 h: 8
                """);
    }

    @Test
    void keepsChangesThatAreFarApartInHunksOfTheirOwn() {
        String middle = "x\n".repeat(20);

        String diff = TextDiff.of("cluster", "first\n" + middle + "last\n", "one\n" + middle + "two\n");

        assertThat(diff).contains("@@ -1,4 +1,4 @@").contains("@@ -19,4 +19,4 @@");
    }

    @Test
    void tellsOfATextThatComesOrGoesAsAWhole() {
        assertThat(TextDiff.of("cluster", "", "a: 1\n")).endsWith("@@ -0,0 +1,1 @@\n+a: 1\n");
        assertThat(TextDiff.of("cluster", "a: 1\n", "")).endsWith("@@ -1,1 +0,0 @@\n-a: 1\n");
        assertThat(TextDiff.of("cluster", "a: 1\n", "a: 1\n")).isEmpty();
    }

    @Test
    void replacesTextsThatAreTooLongToCompare() {
        String diff = TextDiff.of("cluster", "a\n".repeat(2_000), "b\n".repeat(2_000));

        assertThat(diff).contains("@@ -1,2000 +1,2000 @@");
    }
}
