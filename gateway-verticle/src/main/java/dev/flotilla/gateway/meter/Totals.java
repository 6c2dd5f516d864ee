package dev.flotilla.gateway.meter;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Map;

/// What one dialect has counted on this node since it started, and how it is now.
///
/// @param connections sockets that were opened
/// @param sessions open now
/// @param subscribed open sessions by what they are subscribed to; families that nobody wants are
///     left out
/// @param queuedFrames wait for slow readers now
/// @param queuedFramesMax wait for the slowest of them
@JsonNaming(SnakeCaseStrategy.class)
public record Totals(
    long connections,
    int sessions,
    Map<String, Integer> subscribed,
    long messagesReceived,
    long bytesReceived,
    long messagesSent,
    long bytesSent,
    long sendFailures,
    long errorsSent,
    long messagesLimited,
    long eventsDropped,
    long fanOut,
    long queuedFrames,
    long queuedFramesMax,
    long queuedBytes,
    long queuedBytesMax) {}
