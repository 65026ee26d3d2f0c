package io.longwire.testkit.leak;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

final class LeakProbeTest {
    /** Not a test of this build: run by the tests below, in a launcher of their own. */
    static final class Leaky {
        @Test
        void forgetsToRelease() {
            detector().trackForcibly(new Object());
        }
    }

    static final class Tidy {
        @Test
        void releases() {
            var buffer = new Object();
            var tracker = detector().trackForcibly(buffer);
            if (tracker != null) {
                tracker.close(buffer);
            }
        }
    }

    @Test
    void makesNettyPrintALeakAtTheEndOfTheClassThatLeaked() {
        assertThat(linesOf(Leaky.class)).hasSize(1);
    }

    @Test
    void staysSilentWhenNothingLeaked() {
        assertThat(linesOf(Tidy.class)).isEmpty();
    }

    private static ResourceLeakDetector<Object> detector() {
        return ResourceLeakDetectorFactory.instance().newResourceLeakDetector(Object.class, 1);
    }

    /** What the detectors print while the class runs; kept out of the output, where it would fail the build. */
    private static List<String> linesOf(Class<?> fixture) {
        var logger = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
        var lines = new ListAppender<ILoggingEvent>();
        var ours = ResourceLeakDetectorFactory.instance();
        lines.start();
        logger.addAppender(lines);
        logger.setAdditive(false);
        try (var session = LauncherFactory.openSession()) {
            session.getLauncher().execute(LauncherDiscoveryRequestBuilder.request()
                    .selectors(selectClass(fixture)).build());
            return lines.list.stream().map(ILoggingEvent::getFormattedMessage)
                    .filter(line -> line.startsWith("LEAK: ")).toList();
        } finally {
            logger.setAdditive(true);
            logger.detachAppender(lines);
            ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(ours);
        }
    }
}
