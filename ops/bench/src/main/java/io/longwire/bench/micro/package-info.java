/**
 * JMH benchmarks of the hottest pieces, each alone: frames, credentials, the session table. Threads are JMH's. Read
 * {@link io.longwire.bench.micro.MicroCommand} first.
 */
@NullMarked
package io.longwire.bench.micro;

import org.jspecify.annotations.NullMarked;
