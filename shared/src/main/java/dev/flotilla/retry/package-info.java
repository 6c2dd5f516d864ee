/// How long to wait before something is tried again.
@NullMarked
package dev.flotilla.retry;

import org.jspecify.annotations.NullMarked;
