/**
 * A part's configuration that changes while a test runs. Read {@link io.longwire.testkit.config.RunningConfig}. Owned
 * by the test's thread.
 */
@NullMarked
package io.longwire.testkit.config;

import org.jspecify.annotations.NullMarked;
