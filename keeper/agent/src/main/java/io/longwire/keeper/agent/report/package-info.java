/** What the host and its processes use, from /proc. Read {@link io.longwire.keeper.agent.report.HostFigures} first. */
@NullMarked
package io.longwire.keeper.agent.report;

import org.jspecify.annotations.NullMarked;
