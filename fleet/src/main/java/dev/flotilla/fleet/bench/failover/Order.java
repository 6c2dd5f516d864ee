package dev.flotilla.fleet.bench.failover;

import java.time.Duration;

/// What is asked of the benchmark.
///
/// @param instances of all three regions together
/// @param rate tasks a second, half of them in conversations
/// @param apart from one loss to the next
public record Order(int nodes, int instances, int rate, int conversations, Duration apart) {}
