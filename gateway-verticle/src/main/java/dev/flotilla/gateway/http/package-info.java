/// Routes: health, metrics, REST from the command table, problems.
@NullMarked
package dev.flotilla.gateway.http;

import org.jspecify.annotations.NullMarked;
