/**
 * Platforms under test: in this JVM, in one of their own that can be killed, or every part a process. Used by one test
 * thread at a time. Read {@link io.longwire.e2e.platform.PlatformProcess} first.
 */
@NullMarked
package io.longwire.e2e.platform;

import org.jspecify.annotations.NullMarked;
