package dev.flotilla.identity;

import dev.flotilla.config.Jwks;
import dev.flotilla.fault.Fault;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The public keys of an issuer that is not the fleet, from a file or a URL: one per node, asked by
/// every event loop. They are read again when they are old, or when a token names one that is not
/// among them, but not more often than every few seconds, whatever strangers send. While the source
/// is away the keys that are known stay good.
final class IssuerKeys {
  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
  private static final long ANSWER_MS = 5_000;
  private static final int MOST_BYTES = 262_144;
  private static final int MOST_KEYS = 64;
  private static final int OK = 200;

  private record Known(List<TrustedKey> keys, Instant at) {
    List<TrustedKey> fitting(JwtHead head) {
      return keys.stream().filter(key -> key.fits(head)).toList();
    }
  }

  private final Vertx vertx;
  private final Jwks config;
  private final Clock clock;
  private final AtomicReference<@Nullable Future<Known>> reading = new AtomicReference<>();
  private final AtomicReference<@Nullable HttpClient> client = new AtomicReference<>();
  private volatile @Nullable Known known;
  private volatile Instant triedAt = Instant.MIN;

  IssuerKeys(Vertx vertx, Jwks config, Clock clock) {
    this.vertx = vertx;
    this.config = config;
    this.clock = clock;
  }

  /// Those that are worth trying. Fails with a [dev.flotilla.fault.FaultException] where no key is
  /// known and the source is away.
  Future<List<TrustedKey>> find(JwtHead head) {
    if (!config.used() || !config.algorithms().contains(head.algorithm())) {
      return Future.succeededFuture(List.of());
    }
    Known now = known;
    if (now != null
        && now.at().plus(config.refresh()).isAfter(clock.instant())
        && !now.fitting(head).isEmpty()) {
      return Future.succeededFuture(now.fitting(head));
    }
    boolean justTried = triedAt.isAfter(clock.instant().minus(PAUSE));
    if (now != null && justTried && reading.get() == null) {
      return Future.succeededFuture(now.fitting(head));
    }
    return here(justTried && reading.get() == null ? Future.failedFuture(away()) : read())
        .map(read -> read.fitting(head));
  }

  /// The answer comes on the caller's context.
  private <T> Future<T> here(Future<T> work) {
    Context caller = vertx.getOrCreateContext();
    Promise<T> answer = Promise.promise();
    work.onComplete(done -> caller.runOnContext(_ -> answer.handle(done)));
    return answer.future();
  }

  /// One at a time, for all that wait for it.
  private Future<Known> read() {
    Promise<Known> mine = Promise.promise();
    Future<Known> running = reading.compareAndExchange(null, mine.future());
    if (running != null) {
      return running;
    }
    triedAt = clock.instant();
    source()
        .timeout(ANSWER_MS, TimeUnit.MILLISECONDS)
        .map(this::parse)
        .onComplete(
            read -> {
              known = read;
              reading.set(null);
              mine.complete(read);
            },
            failure -> {
              LOG.warn("the keys of {} cannot be read: {}", config.issuer(), failure.getMessage());
              Known old = known;
              reading.set(null);
              if (old == null) {
                mine.fail(away());
              } else {
                mine.complete(old);
              }
            });
    return mine.future();
  }

  private Future<Buffer> source() {
    String file = config.file();
    return file == null ? fetch() : vertx.fileSystem().readFile(file);
  }

  private Future<Buffer> fetch() {
    RequestOptions request = new RequestOptions().setAbsoluteURI(String.valueOf(config.url()));
    Promise<Buffer> fetched = Promise.promise();
    // On a context, whoever asks: an answer is not over before somebody listens to it.
    vertx
        .getOrCreateContext()
        .runOnContext(
            _ ->
                client()
                    .request(request.putHeader("Accept", "application/json"))
                    .compose(HttpClientRequest::send)
                    .compose(IssuerKeys::body)
                    .onComplete(fetched));
    return fetched.future();
  }

  private HttpClient client() {
    HttpClient mine = client.get();
    if (mine != null) {
      return mine;
    }
    HttpClient made = vertx.createHttpClient();
    if (client.compareAndSet(null, made)) {
      return made;
    }
    made.close();
    return client();
  }

  /// Asks nobody any more.
  void close() {
    HttpClient mine = client.getAndSet(null);
    if (mine != null) {
      mine.close();
    }
  }

  private static Future<Buffer> body(HttpClientResponse response) {
    if (response.statusCode() != OK) {
      response.exceptionHandler(_ -> {});
      response.request().reset();
      return Future.failedFuture("status " + response.statusCode());
    }
    Promise<Buffer> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    response.handler(
        part -> {
          body.appendBuffer(part);
          if (body.length() > MOST_BYTES) {
            whole.tryFail("more than " + MOST_BYTES + " bytes");
            response.request().reset();
          }
        });
    response.endHandler(_ -> whole.tryComplete(body));
    response.exceptionHandler(whole::tryFail);
    return whole.future();
  }

  private Known parse(Buffer source) {
    JsonArray keys = new JsonObject(source).getJsonArray("keys", new JsonArray());
    JWTOptions expected =
        new JWTOptions()
            .setIssuer(config.issuer())
            .addAudience(config.audience())
            .setLeeway((int) config.leeway().toSeconds());
    List<TrustedKey> usable = new ArrayList<>();
    keys.stream()
        .limit(MOST_KEYS)
        .filter(JsonObject.class::isInstance)
        .map(JsonObject.class::cast)
        .forEach(jwk -> add(usable, jwk, expected));
    return new Known(List.copyOf(usable), clock.instant());
  }

  /// One key that is not right must not take the others along.
  private void add(List<TrustedKey> usable, JsonObject jwk, JWTOptions expected) {
    try {
      TrustedKey.ofJwk(vertx, jwk, expected)
          .filter(key -> config.algorithms().contains(key.algorithm()))
          .ifPresent(usable::add);
    } catch (RuntimeException wrong) {
      LOG.warn("a key of {} is not usable: {}", config.issuer(), wrong.getMessage());
    }
  }

  private static RuntimeException away() {
    return Fault.unavailable("The keys of the issuer", RETRY_AFTER).asException();
  }
}
