/// Real PostgreSQL and Redis servers from Maven Central binaries, for `flotilla up` and for tests.
@NullMarked
package dev.flotilla.embedded;

import org.jspecify.annotations.NullMarked;
