/**
 * The two ordering rules that no message is lost by (store before look-up, put before fetch), proved over every
 * interleaving of real center and real room logic. One thread. Read {@link io.longwire.e2e.order.OrderingTest} first.
 */
@NullMarked
package io.longwire.e2e.order;

import org.jspecify.annotations.NullMarked;
