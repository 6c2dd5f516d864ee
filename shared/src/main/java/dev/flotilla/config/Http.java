package dev.flotilla.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// HTTP as the outside world meets it. See docs/howto/deploy.md.
public record Http(
    @Key(
            doc =
                "PEM file with this node's certificate and its chain; with it the node speaks TLS"
                    + " only.")
        @Nullable String certificate,
    @Key(doc = "PEM file with the key of the certificate: PKCS#8, RSA or EC.") @Nullable String key,
    @Key(
            doc = "How often the two files are looked at; a renewed pair is used at once.",
            value = "1m")
        Duration renewalCheck,
    @Key(doc = "Whether HTTP/2 is offered where there is TLS.", value = "true") boolean http2,
    @Key(
            live = true,
            doc =
                "Addresses or ranges such as 10.0.0.0/8 of proxies whose Forwarded and"
                    + " X-Forwarded-* headers are believed. Nobody else's are.",
            value = "[]")
        List<String> trustedProxies,
    @Key(
            doc =
                "Whether every connection begins with a PROXY protocol line (1 or 2), as load"
                    + " balancers send it. Then one without is refused.",
            value = "false")
        boolean proxyProtocol,
    @Key(
            doc =
                "A request whose head and body are not there after so long is refused, and its"
                    + " connection closed.",
            value = "30s")
        Duration requestTimeout,
    @Key(doc = "The headers of a request, in bytes, at most.", value = "16384") int maxHeaderBytes,
    @Key(doc = "The first line of a request, in bytes, at most.", value = "8192")
        int maxRequestLine) {
  public Http {
    trustedProxies = List.copyOf(trustedProxies);
    Check.that(
        (certificate == null) == (key == null),
        "http.certificate",
        "and http.key must be set together");
    Check.that(
        renewalCheck.compareTo(Duration.ofMillis(100)) >= 0,
        "http.renewalCheck",
        "must be at least 100ms");
    Check.that(
        trustedProxies.stream().allMatch(Http::isRange),
        "http.trustedProxies",
        "must hold addresses or ranges such as 10.0.0.0/8");
    Check.that(
        requestTimeout.compareTo(Duration.ofMillis(100)) >= 0,
        "http.requestTimeout",
        "must be at least 100ms");
    Check.that(
        maxHeaderBytes >= 1024 && maxHeaderBytes <= 1_048_576,
        "http.maxHeaderBytes",
        "must be 1024 to 1048576");
    Check.that(
        maxRequestLine >= 256 && maxRequestLine <= 65_536,
        "http.maxRequestLine",
        "must be 256 to 65536");
  }

  public boolean tls() {
    return certificate != null;
  }

  public List<Cidr> proxies() {
    return trustedProxies.stream().map(Cidr::parse).toList();
  }

  private static boolean isRange(String text) {
    try {
      Cidr.parse(text);
      return true;
    } catch (IllegalArgumentException notOne) {
      return false;
    }
  }
}
