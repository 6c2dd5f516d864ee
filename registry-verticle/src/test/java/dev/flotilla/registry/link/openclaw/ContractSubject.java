package dev.flotilla.registry.link.openclaw;

import dev.flotilla.config.Secret;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.credential.DeviceKeys;
import java.net.URI;
import java.util.UUID;
import java.util.stream.IntStream;

/// An instance under test: where it is, what can be done to it, and what it does on which prompt.
interface ContractSubject {
  /// As the fleet does: what it asks of remote instances must not disturb local ones.
  Secret DEVICE = DeviceKeys.generate();

  int port();

  String token();

  void kill();

  void restart();

  /// How often a run with this prompt was carried out because somebody asked for it.
  int executions(String prompt);

  /// How often the instance went on with such a run by itself after a crash.
  int resumptions(String prompt);

  /// One that is ready.
  default LinkBench link() {
    LinkBench bench = LinkBench.to(url(port()), token(), DEVICE);
    bench.awaitState(InstanceState.READY);
    return bench;
  }

  static URI url(int port) {
    return URI.create("ws://127.0.0.1:" + port);
  }

  /// A prompt that nobody else has.
  static String slow(int words, int gapMs) {
    return "[[slow:" + words + ":" + gapMs + "]] " + UUID.randomUUID();
  }

  /// What comes of it.
  static String spoken(int words) {
    return String.join(" ", IntStream.range(0, words).mapToObj(i -> "w" + i).toList());
  }
}
