package io.longwire.sdk.android;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.rules.TestRule;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/** A platform, and a phone that is awake and whose manifest names it; ended after the test, the client first. */
public final class AwakePhone implements TestRule {
    public final TestPlatform platform;
    private final TestPhone.Ticking clock;

    public AwakePhone() {
        try {
            platform = new TestPlatform();
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        clock = TestPhone.awake();
    }

    @Override
    public Statement apply(Statement test, Description description) {
        return new Statement() {
            @Override
            public void evaluate() throws Throwable {
                try {
                    TestPhone.manifest("app_key", TestPhone.APP_7, "dispatcher", platform.url(), "plain", true);
                    test.evaluate();
                } finally {
                    Longwire.stop();
                    clock.stop();
                    platform.close();
                }
            }
        };
    }
}
