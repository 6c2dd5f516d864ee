package dev.flotilla.command.instance.declared;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.command.instance.RegisterInstance;
import dev.flotilla.config.Secret;
import dev.flotilla.egress.Target;
import dev.flotilla.fault.FaultException;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the entries of the file, and notes what is wrong with them. No problem tells a token.
///
/// @param file where they come from: paths in it are relative to its directory
record Entries(Path file, Map<String, String> environment, List<String> problems) {
  private static final Set<String> KEYS =
      Set.of(
          "id",
          "tenant",
          "url",
          "token",
          "tokenEnv",
          "tokenFile",
          "shared",
          "region",
          "zone",
          "capabilities",
          "maxConcurrency",
          "labels",
          "weight");
  private static final int MOST_CONCURRENCY = 1000;
  private static final int MOST_WEIGHT = 1000;
  private static final int MOST_NAMES = 32;

  @Nullable Declared read(JsonNode entry, String tenant) {
    String id = entry.path("id").asText("");
    if (!entry.isObject() || id.isEmpty()) {
      problems.add("every instance must have an id");
      return null;
    }
    entry
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!KEYS.contains(name)) {
                complain(id, "there is no key '" + name + "'");
              }
            });
    Secret token = token(entry, id);
    try {
      URI url = URI.create(entry.path("url").asText(""));
      if (!"ws".equals(url.getScheme()) && !"wss".equals(url.getScheme())) {
        complain(id, "url must begin with ws:// or wss://");
        return null;
      }
      Target.requireInstance(url);
      return new Declared(
          new InstanceId(id),
          new TenantId(entry.path("tenant").asText(tenant)),
          url,
          token,
          truth(entry, id),
          place(entry, id, "region"),
          place(entry, id, "zone"),
          names(entry, id, "capabilities"),
          concurrency(entry.path("maxConcurrency"), id),
          names(entry, id, "labels"),
          weight(entry.path("weight"), id));
    } catch (FaultException bad) {
      complain(id, bad.fault().message());
    } catch (IllegalArgumentException noAddress) {
      complain(id, "url is not an address");
    }
    return null;
  }

  private void complain(String id, String problem) {
    problems.add("'" + id + "': " + problem);
  }

  private Secret token(JsonNode entry, String id) {
    List<String> given = new ArrayList<>();
    for (String key : List.of("token", "tokenEnv", "tokenFile")) {
      if (entry.has(key)) {
        given.add(key);
      }
    }
    String value = given.size() == 1 ? token(entry, id, given.getFirst()) : "";
    if (given.size() != 1) {
      complain(id, "give exactly one of token, tokenEnv and tokenFile");
    } else if (value.isBlank() || value.chars().anyMatch(c -> c < ' ' || c == 127)) {
      complain(id, given.getFirst() + " does not lead to a token");
    }
    return new Secret(value);
  }

  private String token(JsonNode entry, String id, String key) {
    String text = entry.path(key).asText("");
    if (key.equals("token")) {
      return text;
    }
    if (key.equals("tokenEnv")) {
      return environment.getOrDefault(text, "");
    }
    try {
      return Files.readString(file.resolveSibling(text)).strip();
    } catch (IOException unreadable) {
      complain(id, "cannot read " + file.resolveSibling(text));
      return "";
    }
  }

  private boolean truth(JsonNode entry, String id) {
    JsonNode node = entry.path("shared");
    if (!node.isMissingNode() && !node.isBoolean()) {
      complain(id, "shared must be true or false");
    }
    return node.asBoolean();
  }

  private @Nullable String place(JsonNode entry, String id, String key) {
    String text = entry.path(key).asText("");
    if (!text.isEmpty() && !text.matches("[A-Za-z0-9][A-Za-z0-9._@-]{0,127}")) {
      complain(id, key + " must have letters, digits, '.', '_', '@' and '-' only");
    }
    return text.isEmpty() ? null : text;
  }

  private List<String> names(JsonNode entry, String id, String key) {
    JsonNode node = entry.path(key);
    List<String> names = new ArrayList<>();
    node.forEach(name -> names.add(name.asText("")));
    boolean wrong =
        (!node.isMissingNode() && !node.isArray())
            || names.size() > MOST_NAMES
            || names.stream().anyMatch(name -> name.isBlank() || name.length() > 64);
    if (wrong) {
      complain(id, key + " must be a list of at most 32 names of at most 64 characters");
    }
    return List.copyOf(names);
  }

  private int weight(JsonNode node, String id) {
    int value = node.isMissingNode() ? RegisterInstance.FULL_WEIGHT : node.asInt();
    if (value < 1 || value > MOST_WEIGHT) {
      complain(id, "weight must be 1 to 1000");
    }
    return value;
  }

  private int concurrency(JsonNode node, String id) {
    int value = node.isMissingNode() ? RegisterInstance.DEFAULT_CONCURRENCY : node.asInt();
    if (value < 1 || value > MOST_CONCURRENCY) {
      complain(id, "maxConcurrency must be 1 to 1000");
    }
    return value;
  }
}
