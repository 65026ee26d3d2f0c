package io.longwire.keeper.profile;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a profile found.
 *
 * @param profiler what sampled
 * @param event what was sampled, in its words
 * @param html a flame graph
 * @param collapsed one stack a line, with its count
 */
record Profile(String profiler, String event, long samples, Duration taken, Path html, Path collapsed) {
}
