package dev.flotilla.gateway.fuzz;

import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.RawSocket;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A dialect to be fuzzed: one row of the table in [FuzzIT].
interface Target {

  /// A message that a client may send.
  ///
  /// @param id of the answer that it must get, null where it gets none
  record Message(Buffer bytes, @Nullable String id) {}

  /// The lines of an upgrade request that brings its credential along.
  static String[] with(String token, String... headers) {
    String[] all = Arrays.copyOf(headers, headers.length + 1);
    all[headers.length] = "Authorization: Bearer " + token;
    return all;
  }

  String name();

  boolean binary();

  /// A session that has its principal.
  ///
  /// @param headers lines of the upgrade request
  RawSocket open(Gateways gateways, String... headers);

  /// Made from the schemas of the contract, so that the dialect takes it.
  ///
  /// @param number different for each message of a session
  Message valid(RandomGenerator random, int number);

  /// Something that looks like a message of the dialect and is none, or a bad one.
  byte[] hostile(RandomGenerator random, int number);

  /// The cheapest request that there is.
  Message probe(int number);

  /// The id of the request that the frame answers, null where it is no answer.
  @Nullable String answered(byte[] payload);

  /// True where the frame says that the server met a bug of its own.
  boolean admitsABug(byte[] payload);
}
