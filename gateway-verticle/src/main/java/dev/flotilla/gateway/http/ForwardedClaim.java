package dev.flotilla.gateway.http;

import io.vertx.core.MultiMap;
import io.vertx.core.net.HostAndPort;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What trusted proxies say of a request. Each appends to what it was told, so the list is read
/// from its end: the first address that is no trusted proxy is the client, and what comes before it
/// is the client's own invention. A proxy writes one kind of header and may pass the other one on
/// as the client sent it: where both are there and differ about the client, neither is believed.
///
/// @param client null where nothing usable is said
/// @param scheme `http` or `https`
record ForwardedClaim(
    @Nullable InetAddress client, @Nullable String scheme, @Nullable HostAndPort host) {
  private static final String STANDARD = "Forwarded";
  private static final String COMMON = "X-Forwarded-For";

  static ForwardedClaim of(MultiMap headers, Proxies proxies) {
    if (!headers.contains(STANDARD)) {
      return common(headers, proxies);
    }
    ForwardedClaim standard = standard(headers, proxies);
    return !headers.contains(COMMON)
            || Objects.equals(standard.client(), common(headers, proxies).client())
        ? standard
        : new ForwardedClaim(null, null, null);
  }

  boolean isEmpty() {
    return client == null && scheme == null && host == null;
  }

  /// RFC 7239: `for=192.0.2.60;proto=https;host=ops.example.com`, one element for each proxy.
  private static ForwardedClaim standard(MultiMap headers, Proxies proxies) {
    List<Map<String, String>> elements =
        parts(headers, STANDARD).stream().map(ForwardedClaim::pairs).toList();
    Map<String, String> outermost = Map.of();
    for (Map<String, String> element : elements.reversed()) {
      outermost = element;
      InetAddress from = address(element.getOrDefault("for", ""));
      if (from == null || !proxies.trusts(from)) {
        break;
      }
    }
    return new ForwardedClaim(
        address(outermost.getOrDefault("for", "")),
        scheme(outermost.get("proto")),
        host(outermost.get("host")));
  }

  private static Map<String, String> pairs(String element) {
    Map<String, String> pairs = new HashMap<>();
    for (String pair : element.split(";", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        pairs.put(
            pair.substring(0, equals).strip().toLowerCase(Locale.ROOT),
            pair.substring(equals + 1).strip().replace("\"", ""));
      }
    }
    return pairs;
  }

  private static ForwardedClaim common(MultiMap headers, Proxies proxies) {
    InetAddress client = null;
    for (String part : parts(headers, COMMON).reversed()) {
      InetAddress from = address(part);
      if (from == null) {
        break;
      }
      client = from;
      if (!proxies.trusts(from)) {
        break;
      }
    }
    return new ForwardedClaim(
        client,
        scheme(last(parts(headers, "X-Forwarded-Proto"))),
        host(last(parts(headers, "X-Forwarded-Host"))));
  }

  private static List<String> parts(MultiMap headers, String name) {
    List<String> parts = new ArrayList<>();
    for (String header : headers.getAll(name)) {
      for (String part : header.split(",", -1)) {
        parts.add(part.strip());
      }
    }
    return parts;
  }

  private static @Nullable String last(List<String> parts) {
    return parts.isEmpty() ? null : parts.getLast();
  }

  /// `192.0.2.60`, `192.0.2.60:4711`, `[2001:db8::1]:4711` or `2001:db8::1`.
  private static @Nullable InetAddress address(String text) {
    int bracket = text.indexOf(']');
    if (text.startsWith("[") && bracket > 0) {
      return Proxies.literal(text.substring(1, bracket));
    }
    boolean hasPort = text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':');
    return Proxies.literal(hasPort ? text.substring(0, text.indexOf(':')) : text);
  }

  private static @Nullable String scheme(@Nullable String text) {
    String word = text == null ? "" : text.toLowerCase(Locale.ROOT);
    return word.equals("http") || word.equals("https") ? word : null;
  }

  private static @Nullable HostAndPort host(@Nullable String text) {
    return text == null || text.isEmpty() ? null : HostAndPort.parseAuthority(text, -1);
  }
}
