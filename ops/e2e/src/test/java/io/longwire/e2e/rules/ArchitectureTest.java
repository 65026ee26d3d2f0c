package io.longwire.e2e.rules;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/** What DESIGN section 3 and the house style say of modules and packages. */
class ArchitectureTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.longwire");

    /** The packages of each part's server, which nobody but ops may use. */
    private static final Map<String, String> SERVERS = Map.of("register", "io.longwire.register..", "saver",
            "io.longwire.saver..", "room", "io.longwire.room..", "center", "io.longwire.center..", "dispatcher",
            "io.longwire.dispatcher..", "coordinator", "io.longwire.coordinator..", "keeper",
            "io.longwire.keeper.server..");

    @ParameterizedTest
    @ValueSource(
            strings = {"register", "saver", "room", "center", "dispatcher", "coordinator", "keeper", "device", "sdk",
                    "cli", "testkit"})
    void seesThePart(String part) {
        assertThat(ALL).as("classes, without which the other rules say nothing")
                .anyMatch(type -> type.getPackageName().startsWith("io.longwire." + part));
    }

    @ParameterizedTest
    @ValueSource(strings = {"register", "saver", "room", "center", "dispatcher", "coordinator", "keeper"})
    void nobodyDependsOnAnotherPartsServer(String part) {
        noClasses().that().resideOutsideOfPackages(SERVERS.get(part), "io.longwire.cli..", "io.longwire.bench..",
                "io.longwire.e2e..")
                .should().dependOnClassesThat(
                        DescribedPredicate.describe("are " + part + "'s server",
                                target -> inServer(part, target)))
                .check(ALL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"register", "saver", "room", "center", "dispatcher", "coordinator", "keeper", "device", "sdk",
                    "cli", "testkit", "bench"})
    void packagesOfAPartFormNoCycle(String part) {
        slices().matching("io.longwire." + part + ".(**)").should().beFreeOfCycles().allowEmptyShould(true).check(ALL);
    }

    @Test
    void whatRunsOnPhonesKnowsNoServerLibrary() {
        noClasses().that().resideInAnyPackage("io.longwire.sdk..", "io.longwire.device..").should()
                .dependOnClassesThat().resideInAnyPackage("android..", "io.netty..", "io.grpc..", "org.slf4j..",
                        "java.time..", "java.util.function..", "java.util.stream..", "io.longwire.keeper..",
                        "io.longwire.rpc..")
                .check(ALL);
    }

    @Test
    void theLogicOfARoomKnowsNoNettyOutsideItsTransport() {
        noClasses().that().resideInAPackage("io.longwire.room..").and().resideOutsideOfPackages(
                "io.longwire.room.transport..").should().dependOnClassesThat().resideInAnyPackage("io.netty..")
                .check(ALL);
    }

    @Test
    void inheritanceIsOneDeep() {
        classes().that().resideInAPackage("io.longwire..").and()
                .resideOutsideOfPackages("io.longwire.device.dispatcher..", "io.longwire.sdk.store.v1..",
                        "io.longwire.bench.micro.jmh_generated..")
                .should(inheritOnce()).check(ALL);
    }

    private static boolean inServer(String part, JavaClass target) {
        String name = target.getPackageName();
        Set<String> open = Set.of("io.longwire." + part + ".client");
        return switch (part) {
            case "keeper" -> name.startsWith("io.longwire.keeper.server");
            default -> (name.equals("io.longwire." + part) || name.startsWith("io.longwire." + part + "."))
                    && open.stream().noneMatch(name::startsWith);
        };
    }

    private static ArchCondition<JavaClass> inheritOnce() {
        return new ArchCondition<>("extend at most one class of ours") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                long ours = type.getAllRawSuperclasses().stream()
                        .filter(parent -> parent.getPackageName().startsWith("io.longwire")).count();
                if (ours > 1 && !type.getModifiers().contains(JavaModifier.SYNTHETIC)) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " inherits " + ours + " deep"));
                }
            }
        };
    }
}
