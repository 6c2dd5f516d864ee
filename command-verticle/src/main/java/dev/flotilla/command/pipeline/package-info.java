/// The way of a command: schema, scope, idempotency, handler, reply.
@NullMarked
package dev.flotilla.command.pipeline;

import org.jspecify.annotations.NullMarked;
