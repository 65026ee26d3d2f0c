/**
 * A lean HTTP/1.1 client for load: keep-alive connections, one request at a time on each. Each connection belongs to
 * its loop. Read {@link io.longwire.bench.http.HttpLines} first.
 */
@NullMarked
package io.longwire.bench.http;

import org.jspecify.annotations.NullMarked;
