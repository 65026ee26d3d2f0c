/**
 * What operators ask of a keeper: processes, hosts, restarts. Calls run on virtual threads and may block. Read
 * {@link io.longwire.keeper.server.operate.OperateRpc} first.
 */
@NullMarked
package io.longwire.keeper.server.operate;

import org.jspecify.annotations.NullMarked;
