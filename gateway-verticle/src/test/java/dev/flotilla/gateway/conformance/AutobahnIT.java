package dev.flotilla.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.flotilla.gateway.fixture.RawSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/// The Autobahn test suite against the real gateway, each of its cases a test. It has framing,
/// pings, reserved bits, opcodes, fragmentation, UTF-8, closing, large messages and odd chops;
/// compression is in [DeflateIT]. Runs in the Maven profile `conformance` only.
@Tag("conformance")
class AutobahnIT {
  private static final int LARGEST = 17 << 20;
  private static final List<String> FRAMES =
      List.of("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*");
  private static final List<String> LARGE = List.of("9.*");

  @TestFactory
  Stream<DynamicTest> frames() {
    return run("frames", FRAMES, 247, Map.of());
  }

  @TestFactory
  Stream<DynamicTest> largeMessages() {
    return run("large", LARGE, 54, Map.of());
  }

  /// The suite asks for no compression, so nothing may change: reserved bits stay violations.
  @TestFactory
  Stream<DynamicTest> framesWhereCompressionIsOnAndNobodyAsksForIt() {
    return run("compressing", FRAMES, 247, Map.of("FLOTILLA_GATEWAY_COMPRESSION", "on"));
  }

  private static Stream<DynamicTest> run(
      String agent, List<String> cases, int count, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    // A stranger's limit: the suite's first message comes before the session has its principal.
    all.put("FLOTILLA_GATEWAY_MAX_FRAME_BYTES_BEFORE_CONNECT", Integer.toString(LARGEST));
    try (Echoes echoes = Echoes.start(LARGEST, LARGEST, all)) {
      beAwake(echoes);
      URI server = URI.create("ws://127.0.0.1:" + echoes.port() + EchoDialect.PATH);
      Path jars = Path.of(System.getProperty("autobahn.jars"));
      Map<String, Autobahn.Verdict> verdicts =
          new Autobahn(jars, Path.of("target", "autobahn")).run(server, agent, cases);
      assertThat(verdicts.keySet()).hasSize(count);
      return verdicts.entrySet().stream()
          .map(
              one ->
                  dynamicTest(
                      agent + " " + one.getKey(),
                      () -> assertThat(one.getValue()).matches(Autobahn.Verdict::good)));
    }
  }

  /// The first session of a gateway takes longer than the suite waits.
  private static void beAwake(Echoes echoes) {
    try (RawSocket raw = echoes.open()) {
      raw.write(RawSocket.text("hello"));
      assertThat(raw.read().text()).isEqualTo("hello");
    }
  }
}
