package dev.flotilla.config;

import dev.flotilla.identity.Ids;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Rules for the settings that say who may come in without a token of the fleet, and from where.
public final class Access {
  static final String ANY_ORIGIN = "*";

  private static final int SHORTEST_TOKEN = 16;
  private static final Pattern COOKIE_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  private Access() {}

  static boolean isCookieName(String name) {
    return COOKIE_NAME.matcher(name).matches();
  }

  /// As browsers write them: lower case.
  static List<String> origins(List<String> origins) {
    List<String> plain = origins.stream().map(one -> one.toLowerCase(Locale.ROOT)).toList();
    Check.that(
        plain.stream().allMatch(Access::isOrigin),
        "gateway.allowedOrigins",
        "must hold origins such as https://ops.example.com, or '*'");
    return plain;
  }

  static void check(
      String host,
      List<String> origins,
      boolean authRequired,
      @Nullable Secret authToken,
      @Nullable String guestTenant) {
    Check.that(
        authRequired || isLoopback(host),
        "gateway.authRequired",
        "may be false only where gateway.host is loopback, and it is " + host);
    Check.that(
        authRequired || !origins.contains(ANY_ORIGIN),
        "gateway.authRequired",
        "may not be false where gateway.allowedOrigins is '*': any web page could read along");
    Check.that(
        authToken == null || authToken.reveal().length() >= SHORTEST_TOKEN,
        "gateway.authToken",
        "must have at least " + SHORTEST_TOKEN + " characters");
    Check.that(
        guestTenant != null || (authRequired && authToken == null),
        "gateway.guestTenant",
        "must be set where gateway.authRequired is false or gateway.authToken is set");
    Check.that(
        guestTenant == null || Ids.isValid(guestTenant),
        "gateway.guestTenant",
        "must be a tenant's id");
  }

  private static boolean isOrigin(String text) {
    if (text.equals(ANY_ORIGIN)) {
      return true;
    }
    try {
      URI uri = new URI(text);
      return uri.getHost() != null && text.equals(uri.getScheme() + "://" + uri.getAuthority());
    } catch (URISyntaxException notOne) {
      return false;
    }
  }

  /// No name is looked up: what a name means may change.
  public static boolean isLoopback(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException name) {
      return false;
    }
  }
}
