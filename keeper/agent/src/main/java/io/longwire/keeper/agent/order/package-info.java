/**
 * Orders: who gave them, what they ask, how they are done, one at a time for each process. On virtual threads. Read
 * {@link io.longwire.keeper.agent.order.AgentRpc} first.
 */
@NullMarked
package io.longwire.keeper.agent.order;

import org.jspecify.annotations.NullMarked;
