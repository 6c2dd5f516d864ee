package dev.flotilla.registry.testkit;

/// How the fake instance says no.
final class FakeRefusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  final String code;
  final String words;

  FakeRefusal(String code, String words) {
    super(words, null, false, false);
    this.code = code;
    this.words = words;
  }
}
