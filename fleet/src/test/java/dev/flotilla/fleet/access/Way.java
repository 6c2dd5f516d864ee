package dev.flotilla.fleet.access;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.fleet.client.ControlClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// The ways to ask for a command.
enum Way {
  REST_V1 {
    @Override
    String ask(House house, String token, CommandKind kind, JsonObject params) {
      return rest(house, token, "/api/v1", kind, params);
    }
  },
  REST {
    @Override
    String ask(House house, String token, CommandKind kind, JsonObject params) {
      return rest(house, token, "/api", kind, params);
    }
  },
  CALL {
    @Override
    String ask(House house, String token, CommandKind kind, JsonObject params) {
      Rest.Answer answer =
          house
              .rest()
              .bearer(token)
              .post(
                  "/api/v1/call",
                  new JsonObject()
                      .put("id", "1")
                      .put("method", kind.method())
                      .put("idempotencyKey", UUID.randomUUID().toString())
                      .put("params", params));
      return answer.status() + " " + answer.body();
    }
  },
  WORK {
    @Override
    String ask(House house, String token, CommandKind kind, JsonObject params) {
      try (WorkLine line = WorkLine.open(house, token)) {
        return line.ask(kind.method(), params, UUID.randomUUID().toString());
      }
    }
  },
  TYPED {
    @Override
    String ask(House house, String token, CommandKind kind, JsonObject params) {
      try (WorkLine line = WorkLine.open(house, token)) {
        return line.ask(kind, params, UUID.randomUUID().toString());
      }
    }
  },
  CONTROL {
    @Override
    String ask(House house, String token, CommandKind kind, JsonObject params) {
      ControlClient client =
          ControlClient.connect(
                  house.sockets, URI.create("http://127.0.0.1:" + house.port()), token, _ -> {})
              .timeout(House.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
              .await();
      try {
        return client
            .request(kind.method(), params, UUID.randomUUID().toString())
            .map(JsonObject::encode)
            .otherwise(failure -> String.valueOf(failure.getMessage()))
            .timeout(House.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            .await();
      } finally {
        client.close().await();
      }
    }
  };

  /// Whether the command can be asked for in this way.
  boolean has(CommandKind kind) {
    return this != TYPED || WorkCommand.class.isAssignableFrom(kind.params());
  }

  abstract String ask(House house, String token, CommandKind kind, JsonObject params);

  private static String rest(
      House house, String token, String prefix, CommandKind kind, JsonObject params) {
    String path = prefix + kind.rest().path();
    JsonObject left = params.copy();
    for (String name : params.fieldNames()) {
      if (path.contains(":" + name)) {
        path = path.replace(":" + name, params.getString(name));
        left.remove(name);
      }
    }
    String verb = kind.rest().verb().name().toUpperCase(Locale.ROOT);
    StringBuilder query = new StringBuilder();
    if (verb.equals("GET")) {
      for (Map.Entry<String, Object> each : left) {
        query.append(query.isEmpty() ? "?" : "&").append(each.getKey()).append("=");
        String value =
            each.getValue() instanceof JsonArray list
                ? String.join(",", list.stream().map(Object::toString).toList())
                : each.getValue().toString();
        query.append(URLEncoder.encode(value, StandardCharsets.UTF_8));
      }
    }
    Rest.Answer answer =
        house
            .rest()
            .bearer(token)
            .send(
                verb,
                path + query,
                verb.equals("POST") || verb.equals("PATCH") ? left.encode() : "");
    return answer.status() + " " + answer.body();
  }
}
