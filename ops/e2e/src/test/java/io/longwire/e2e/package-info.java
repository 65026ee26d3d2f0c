/**
 * The whole platform, judged from outside: what callers were told and what phones were shown. Each test class runs on
 * its own thread; platforms and phones have theirs. Read {@link io.longwire.e2e.OnlineOfflineIT} first, then
 * {@link io.longwire.e2e.CrashIT}.
 */
@NullMarked
package io.longwire.e2e;

import org.jspecify.annotations.NullMarked;
