/**
 * Makes the APKs of the sample apps with Debian's tools, for want of Google's; read
 * {@link io.longwire.demo.apk.ApkBuild} first. Run by Maven's own JVM, on one thread.
 */
@NullMarked
package io.longwire.demo.apk;

import org.jspecify.annotations.NullMarked;
