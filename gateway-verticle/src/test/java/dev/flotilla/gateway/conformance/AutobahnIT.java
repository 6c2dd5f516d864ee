package dev.flotilla.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.flotilla.gateway.fixture.Gateways;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/// The Autobahn test suite against the real gateway, each of its cases a test. It has framing, pings,
/// reserved bits, opcodes, fragmentation, UTF-8, closing, large messages and odd chops; compression
/// is in [DeflateIT]. Runs in the Maven profile `conformance` only.
@Tag("conformance")
class AutobahnIT {
  private static final int LARGEST = 17 << 20;
  private static final List<String> CASES =
      List.of("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.*", "10.*");
  private static final int CASES_OF_THE_SUITE = 300;

  @TestFactory
  Stream<DynamicTest> withoutCompression() {
    return run("plain", Map.of());
  }

  /// The suite asks for no compression, so nothing may change: reserved bits stay violations.
  @TestFactory
  Stream<DynamicTest> withCompressionThatNobodyAsksFor() {
    return run("compressing", Map.of("FLOTILLA_GATEWAY_COMPRESSION", "on"));
  }

  private static Stream<DynamicTest> run(String agent, Map<String, String> settings) {
    Gateways[] gateways = new Gateways[1];
    EchoDialect echo =
        new EchoDialect(
            EchoDialect.upTo(LARGEST, LARGEST), () -> gateways[0].token(Gateways.ACME));
    Map<String, String> all = new java.util.HashMap<>(settings);
    // A stranger's limit: the suite's first message comes before the session has its principal.
    all.put("FLOTILLA_GATEWAY_MAX_FRAME_BYTES_BEFORE_CONNECT", Integer.toString(LARGEST));
    gateways[0] = Gateways.start(all, List.of(echo));
    try (Gateways running = gateways[0]) {
      Map<String, Autobahn.Verdict> verdicts =
          new Autobahn(
                  Path.of(System.getProperty("autobahn.jars")), Path.of("target", "autobahn"))
              .run(
                  URI.create("ws://127.0.0.1:" + running.port() + EchoDialect.PATH),
                  agent,
                  List.of(System.getProperty("autobahn.cases", String.join(",", CASES)).split(",", -1)),
                  List.of());
      assertThat(verdicts).isNotEmpty();
      return verdicts.entrySet().stream()
          .map(
              one ->
                  dynamicTest(
                      agent + " " + one.getKey(),
                      () -> assertThat(one.getValue()).matches(Autobahn.Verdict::good)));
    }
  }
}
