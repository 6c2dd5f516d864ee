package dev.flotilla.registry.link.openclaw;

/// An instance under test: where it is, and what can be done to it.
interface ContractSubject {
  int port();

  String token();

  void kill();

  void restart();

  /// How often a run with this prompt was carried out because somebody asked for it.
  int executions(String prompt);

  /// How often the instance went on with such a run by itself after a crash.
  int resumptions(String prompt);
}
