package dev.flotilla.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.config.Cidr;
import io.vertx.core.MultiMap;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardedClaimTest {
  private static final Proxies PROXIES =
      new Proxies(List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::/8")));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.9                       | 203.0.113.9",
        "203.0.113.9, 10.1.2.3             | 203.0.113.9",
        "1.2.3.4, 203.0.113.9, 10.1.2.3    | 203.0.113.9",
        "203.0.113.9:4711                  | 203.0.113.9",
        "[2001:db8::1]:4711, fd00::7       | 2001:db8::1",
        "10.9.9.9, 10.1.2.3                | 10.9.9.9",
        "1.2.3.4, nonsense, 10.1.2.3       | 10.1.2.3",
        "1.2.3.4, nonsense                 | ",
        "example.com                       | ",
      })
  void theClientIsTheLastAddressThatIsNoProxy(String header, String client) throws Exception {
    ForwardedClaim claim = of("X-Forwarded-For", header);
    assertThat(claim.client()).isEqualTo(client == null ? null : InetAddress.ofLiteral(client));
  }

  @Test
  void theStandardHeaderCountsBeforeTheOthers() throws Exception {
    ForwardedClaim claim =
        ForwardedClaim.of(
            MultiMap.caseInsensitiveMultiMap()
                .add("X-Forwarded-For", "2001:db8::9")
                .add("X-Forwarded-Proto", "http")
                .add(
                    "Forwarded",
                    "for=6.6.6.6;proto=http;host=evil.example,"
                        + " For=\"[2001:db8::9]:80\";Proto=https;host=ops.example.com,"
                        + " for=10.0.0.1;proto=http"),
            PROXIES);
    assertThat(claim.client()).isEqualTo(InetAddress.ofLiteral("2001:db8::9"));
    assertThat(claim.scheme()).isEqualTo("https");
    assertThat(String.valueOf(claim.host())).startsWith("ops.example.com");
  }

  @Test
  void headersThatDifferAboutTheClientAreNotBelieved() {
    ForwardedClaim claim =
        ForwardedClaim.of(
            MultiMap.caseInsensitiveMultiMap()
                .add("X-Forwarded-For", "198.51.100.7")
                .add("Forwarded", "for=203.0.113.1;proto=https"),
            PROXIES);
    assertThat(claim.isEmpty()).isTrue();
  }

  @Test
  void whatIsNoSchemeIsNotBelieved() {
    assertThat(of("X-Forwarded-Proto", "javascript").isEmpty()).isTrue();
    assertThat(of("X-Forwarded-Proto", "http, HTTPS").scheme()).isEqualTo("https");
  }

  private static ForwardedClaim of(String header, String value) {
    return ForwardedClaim.of(MultiMap.caseInsensitiveMultiMap().add(header, value), PROXIES);
  }
}
