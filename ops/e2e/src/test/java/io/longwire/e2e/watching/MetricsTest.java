package io.longwire.e2e.watching;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.longwire.keeper.metrics.Metric;
import io.longwire.keeper.metrics.PrometheusMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The list of metrics is current, and dashboard and alerts ask for nothing that is not there. */
class MetricsTest {
    private static final Path ROOT = Path.of(System.getProperty("longwire.root", "."));
    private static final Path PAGE = ROOT.resolve("docs/metrics.md");
    private static final Path MONITORING = ROOT.resolve("ops/packaging/monitoring");
    private static final Pattern NAME = Pattern.compile("longwire_[a-z0-9_]+");

    @Test
    void everyEnumOfMetricsIsInTheList() {
        var enums = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.longwire").stream()
                .filter(type -> type.isEnum() && type.isAssignableTo(Metric.class)).map(JavaClass::getName)
                .filter(name -> !name.startsWith("io.longwire.bench")).toList();
        assertThat(AllMetrics.PARTS).extracting(part -> part.type().getName())
                .containsExactlyInAnyOrderElementsOf(enums);
    }

    /** A dashboard may ask for what no code counts any more, and show a line at nothing for ever. */
    @Test
    void everyMetricIsCountedSomewhere() {
        var classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.longwire");
        assertThat(AllMetrics.PARTS).allSatisfy(part -> {
            JavaClass metrics = classes.get(part.type());
            assertThat(metrics.getFields().stream()
                    .filter(field -> field.getModifiers().contains(JavaModifier.ENUM))
                    .filter(field -> field.getAccessesToSelf().stream()
                            .allMatch(access -> access.getOriginOwner().equals(metrics)))
                    .map(JavaField::getFullName)).as("in no code").isEmpty();
        });
    }

    /** Wrong? {@code ./mvnw test -pl ops/e2e -Dtest=MetricsTest -Dlongwire.write=true} writes it anew. */
    @Test
    void thePageTellsWhatIsCounted() throws IOException {
        if (Boolean.getBoolean("longwire.write")) {
            Files.writeString(PAGE, AllMetrics.page());
        }
        assertThat(PAGE).as("written anew by -Dlongwire.write=true").hasContent(AllMetrics.page());
    }

    @ParameterizedTest
    @ValueSource(strings = {"longwire-dashboard.json", "longwire-alerts.yaml"})
    void asksOnlyForWhatPrometheusIsTold(String file) throws IOException {
        Set<String> asked = NAME.matcher(Files.readString(MONITORING.resolve(file))).results()
                .map(found -> found.group()).collect(Collectors.toCollection(TreeSet::new));
        assertThat(asked).hasSizeGreaterThan(10);
        assertThat(told()).containsAll(asked);
    }

    /** What the parts' own registry tells Prometheus when every metric of every enum is in use. */
    private static Set<String> told() {
        try (var metrics = new PrometheusMetrics()) {
            for (AllMetrics.Part part : AllMetrics.PARTS) {
                for (Metric metric : part.metrics()) {
                    switch (AllMetrics.kind(metric)) {
                        case "counter" -> metrics.counter(metric).increment();
                        case "timer" -> metrics.timer(metric).record(Duration.ofMillis(3));
                        default -> metrics.gauge(metric, () -> 1);
                    }
                }
            }
            Set<String> names = metrics.scrape().lines().filter(line -> line.startsWith("longwire_"))
                    .map(line -> line.split("[{ ]", 2)[0]).collect(Collectors.toSet());
            assertThat(names).as("the names as docs/metrics.md has them").containsAll(AllMetrics.PARTS.stream()
                    .flatMap(part -> part.metrics().stream()).flatMap(metric -> AllMetrics.names(metric).stream())
                    .toList());
            return names;
        }
    }
}
