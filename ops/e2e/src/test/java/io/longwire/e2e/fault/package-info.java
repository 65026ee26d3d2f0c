/**
 * Faults on purpose, planted between a part and its runtime: what a checker does not find when they are there, it does
 * not find at all. Thread-safe. Read {@link io.longwire.e2e.fault.PlantedFaults} first.
 */
@NullMarked
package io.longwire.e2e.fault;

import org.jspecify.annotations.NullMarked;
