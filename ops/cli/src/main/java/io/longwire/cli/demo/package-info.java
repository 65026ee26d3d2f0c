/**
 * The show of {@code longwire demo}: a product, three phones, and what becomes of each message. Runs on the main
 * thread;
 * phones have their own. Read {@link io.longwire.cli.demo.DemoCommand} first.
 */
@NullMarked
package io.longwire.cli.demo;

import org.jspecify.annotations.NullMarked;
