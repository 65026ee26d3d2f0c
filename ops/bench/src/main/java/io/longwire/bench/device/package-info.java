/**
 * The device simulator: up to 18,000 connections in a process of their own, told what to do over standard input. Each
 * loop owns its devices and its tally; only {@link io.longwire.bench.device.Fleet} is called by other threads. Read
 * {@link io.longwire.bench.device.DevicesCommand} first, then {@link io.longwire.bench.device.Device}.
 */
@NullMarked
package io.longwire.bench.device;

import org.jspecify.annotations.NullMarked;
