package dev.flotilla.fleet.access;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Requests to one node with the same headers.
record Rest(int port, Map<String, String> headers) {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  record Answer(int status, String body, List<String> cookies) {
    JsonObject json() {
      return new JsonObject(body);
    }

    String reason() {
      return json().getString("reason");
    }

    /// Name and value of the cookies that were set, as a browser sends them back.
    String cookieHeader() {
      return cookies.stream().map(each -> each.split(";", 2)[0]).collect(Collectors.joining("; "));
    }

    String cookie(String name) {
      return cookies.stream().filter(each -> each.startsWith(name + "=")).findFirst().orElse("");
    }
  }

  Rest(int port) {
    this(port, Map.of());
  }

  Rest with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new Rest(port, more);
  }

  Rest bearer(String token) {
    return with("Authorization", "Bearer " + token);
  }

  /// As a page of the node's own origin.
  Rest page() {
    return with("Origin", "http://127.0.0.1:" + port);
  }

  Answer get(String path) {
    return send("GET", path, BodyPublishers.noBody());
  }

  Answer post(String path, JsonObject body) {
    return send("POST", path, BodyPublishers.ofString(body.encode()));
  }

  Answer delete(String path) {
    return send("DELETE", path, BodyPublishers.noBody());
  }

  Answer send(String verb, String path, String body) {
    return send(verb, path, BodyPublishers.ofString(body));
  }

  private Answer send(String verb, String path, BodyPublisher body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(House.PATIENCE)
            .method(verb, body);
    headers.forEach(request::header);
    try {
      HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
      return new Answer(
          answer.statusCode(), answer.body(), answer.headers().allValues("Set-Cookie"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
