package dev.flotilla.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/// A page to browse and try the OpenAPI document: `/api/v1/docs`. It is made of three files of this
/// jar, and its browser may load nothing else and talk to nobody else.
final class DocsRoutes {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  private static final Map<String, String> FILES =
      Map.of(
          "index.html", "text/html; charset=utf-8",
          "page.css", "text/css; charset=utf-8",
          "page.js", "text/javascript; charset=utf-8");

  private DocsRoutes() {}

  static void mount(Router router) {
    FILES.forEach(
        (file, type) -> {
          Buffer content = read(file);
          String place = file.equals("index.html") ? "/docs" : "/docs/" + file;
          for (String prefix : RestRoutes.PREFIXES) {
            router
                .get(prefix + place)
                .handler(
                    context ->
                        context
                            .response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, type)
                            .putHeader("Content-Security-Policy", POLICY)
                            .end(content.copy()));
          }
        });
  }

  private static Buffer read(String file) {
    try (InputStream in = DocsRoutes.class.getResourceAsStream("docs/" + file)) {
      if (in == null) {
        throw new IllegalStateException("There is no file " + file);
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
