package dev.flotilla.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How busy an instance is by its own account, whoever keeps it busy. What it does not tell is
/// null.
///
/// @param runs at work
/// @param queued work that waits inside it
/// @param activeSessions conversations with work now
/// @param answerMs how long it took to answer
/// @param at when it was asked
/// @param usage null where it has not been told yet, or is nobody's business who asks
public record InstanceLoad(
    @Nullable Integer runs,
    @Nullable Integer queued,
    @Nullable Integer activeSessions,
    @Nullable Double answerMs,
    Instant at,
    @Nullable Usage usage) {

  /// What it has kept and used.
  ///
  /// @param sessions conversations that it keeps
  /// @param inputTokens read by models since midnight (UTC)
  /// @param outputTokens written by models since midnight (UTC)
  /// @param costUsd since midnight (UTC)
  public record Usage(
      @Nullable Integer sessions,
      @Nullable Long inputTokens,
      @Nullable Long outputTokens,
      @Nullable Double costUsd,
      Instant at) {}

  /// As it is shown to tenants that share the instance, and pay for their own work only.
  public InstanceLoad withoutUsage() {
    return new InstanceLoad(runs, queued, activeSessions, answerMs, at, null);
  }
}
