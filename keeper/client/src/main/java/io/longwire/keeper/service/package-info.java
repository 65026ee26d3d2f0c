/**
 * The life of a process: read the configuration, start the parts in order, drain, close in reverse. Read
 * {@link io.longwire.keeper.service.Service} first. A service is wired by one thread; everything it hands out is
 * thread-safe.
 */
@NullMarked
package io.longwire.keeper.service;

import org.jspecify.annotations.NullMarked;
