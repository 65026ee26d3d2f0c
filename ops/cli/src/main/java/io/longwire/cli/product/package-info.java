/**
 * Commands of a product's backend: send and take back, schedules, profiles, receipts, dead letters. They run on the
 * main
 * thread. Read {@link io.longwire.cli.product.PushCommand} first.
 */
@NullMarked
package io.longwire.cli.product;

import org.jspecify.annotations.NullMarked;
