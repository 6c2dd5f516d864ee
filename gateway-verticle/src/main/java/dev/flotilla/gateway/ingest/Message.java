package dev.flotilla.gateway.ingest;

import io.vertx.core.buffer.Buffer;

/// What was published on a channel.
///
/// @param subscription the channel or the pattern that it came by
record Message(String subscription, String channel, Buffer payload) {}
