package dev.flotilla.gateway.feed;

import java.util.List;

/// A piece of a tenant's log, in seq order.
///
/// @param upTo everything up to this seq is in it or has been removed by retention
public record Page(List<Post> posts, long upTo) {}
