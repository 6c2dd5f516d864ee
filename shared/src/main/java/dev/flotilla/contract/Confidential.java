package dev.flotilla.contract;

/// A command or result with a secret in it. What is kept of it, as for idempotency, is kept
/// without.
public interface Confidential {
  /// The same with nothing in the secret's place.
  Object withoutSecrets();
}
