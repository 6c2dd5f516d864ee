package dev.flotilla.contract;

/// What a sprint came to.
///
/// @param timeSpentSeconds what the time entries of its items add up to
public record SprintStats(
    int totalItems,
    int completedItems,
    double totalPoints,
    double completedPoints,
    long timeSpentSeconds) {}
