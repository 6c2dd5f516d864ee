package dev.flotilla.bus;

import dev.flotilla.identity.NodeId;

/// What nodes send each other to see that the bus carries it, both ways.
///
/// @param from who sends it, so that the other side knows that it is heard of
public record Echo(NodeId from) {}
