/**
 * A sample app. Built twice, under two packages that share one connection; read
 * {@link io.longwire.demo.DemoApp} first. The views belong to the main thread, {@link io.longwire.demo.Board} to any.
 */
@NullMarked
package io.longwire.demo;

import org.jspecify.annotations.NullMarked;
