/**
 * What was done to apps, keys and settings, kept 400 days. Read {@link io.longwire.saver.audit.AuditLog} first. Blocks;
 * used by cold-call threads.
 */
@NullMarked
package io.longwire.saver.audit;

import org.jspecify.annotations.NullMarked;
