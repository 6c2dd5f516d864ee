package dev.flotilla.fleet.doctor.check;

import dev.flotilla.cluster.NodeRole;
import dev.flotilla.config.Access;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Findings;
import dev.flotilla.fleet.doctor.Patient;
import java.net.URI;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Settings that are allowed and yet dangerous, or dangerous together.
public record SettingsCheck() implements Check {
  private static final int FEW_CHARACTERS = 10;
  private static final Pattern GUESSABLE =
      Pattern.compile("(?i).*(change.?me|secret|password|example|flotilla|default|12345).*");

  @Override
  public void examine(Patient patient, Findings found) {
    for (FleetConfig config : patient.configs()) {
      secret(config, found);
      gateway(config, found);
      stores(config, found);
    }
    Set<String> secrets =
        patient.configs().stream()
            .map(config -> config.identity().secret().reveal())
            .collect(Collectors.toSet());
    if (secrets.size() > 1) {
      found.error(
          "nodes have different values of identity.secret",
          "a token of one node is refused by the other.",
          "give every node the same");
    }
    found.elseSound("none is dangerous");
  }

  private static void secret(FleetConfig config, Findings found) {
    String secret = config.identity().secret().reveal();
    if (secret.chars().distinct().count() < FEW_CHARACTERS || GUESSABLE.matcher(secret).matches()) {
      found.error(
          "identity.secret can be guessed",
          "who guesses it signs a token for anybody.",
          "`openssl rand -hex 32`, the same on every node; who is logged in has to log in"
              + " again");
    }
    boolean works =
        config.node().roles().contains(NodeRole.COMMAND)
            || config.node().roles().contains(NodeRole.REGISTRY);
    if (works && config.credentials().key() == null) {
      found.warning(
          "credentials.key is not set",
          "no instance can be registered.",
          "`openssl rand -hex 32`, the same on every node; keep a copy in a safe place");
    }
  }

  private static void gateway(FleetConfig config, Findings found) {
    FleetConfig.Gateway gateway = config.gateway();
    boolean open = !Access.isLoopback(gateway.host());
    String url = gateway.publicUrl();
    boolean encrypted = config.http().tls() || (url != null && url.startsWith("https:"));
    if (!gateway.authRequired()) {
      found.warning(
          "gateway.authRequired is false",
          "whoever reaches the port sees the dashboard of " + gateway.guestTenant() + ".",
          "set it to true");
    }
    if (open && !encrypted) {
      found.warning(
          "node listens at " + gateway.host() + " without TLS",
          "tokens and passwords can be read on the way.",
          "set http.certificate and http.key, or a proxy with TLS and gateway.publicUrl");
    }
    if (open && url == null) {
      found.warning(
          "gateway.publicUrl is not set, and gateway.host is " + gateway.host(),
          "clients that are sent to another node do not find it.",
          "set it to the URL that clients reach this node at");
    }
    if (open && gateway.allowedOrigins().contains("*")) {
      found.warning(
          "gateway.allowedOrigins is '*'",
          "any web page may open sockets from its visitors' browsers.",
          "name the origins of your own pages");
    }
    if (config.http().proxies().stream().anyMatch(range -> range.bits() == 0)) {
      found.error(
          "http.trustedProxies has everybody in it",
          "whoever connects can claim any address, and pass every limit of addresses.",
          "name your proxies only");
    }
  }

  private static void stores(FleetConfig config, Findings found) {
    FleetConfig.Postgres postgres = config.postgres();
    if (postgres.password().reveal().isEmpty() && !Access.isLoopback(postgres.host())) {
      found.warning(
          "postgres.password is empty, and PostgreSQL is at " + postgres.host(),
          "whoever reaches it has everything.",
          "`alter role " + postgres.user() + " password '...'`, and set postgres.password");
    }
    URI redis = URI.create(config.redis().url().reveal());
    String host = redis.getHost();
    if (redis.getUserInfo() == null && host != null && !Access.isLoopback(host)) {
      found.warning(
          "redis.url has no password, and Redis is at " + host,
          "whoever reaches it can change the queue.",
          "set requirepass in redis.conf, and redis://:PASSWORD@HOST in redis.url");
    }
    if (config.cluster().host().equals("0.0.0.0")) {
      found.error(
          "cluster.host is 0.0.0.0",
          "other nodes cannot reach it there, and the bus is open to every network.",
          "set it to this machine's address in the private network");
    }
  }
}
