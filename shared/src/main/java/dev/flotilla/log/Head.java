package dev.flotilla.log;

/// The end of a tenant's log.
///
/// @param seq of the newest event, 0 where there is none
/// @param floor seq of the newest event that retention has removed, 0 where there is none
public record Head(String epoch, long seq, long floor) {}
