package dev.flotilla.contract;

/// A result with a secret in it, which is told once: what is kept for a repetition is kept without.
public interface Confidential {
  /// The same with nothing in the secret's place.
  Object withoutSecrets();
}
