package dev.flotilla.gateway.fuzz;

import static dev.flotilla.gateway.fixture.RawSocket.BINARY;
import static dev.flotilla.gateway.fixture.RawSocket.CLOSE;
import static dev.flotilla.gateway.fixture.RawSocket.CONTINUATION;
import static dev.flotilla.gateway.fixture.RawSocket.PING;
import static dev.flotilla.gateway.fixture.RawSocket.PONG;
import static dev.flotilla.gateway.fixture.RawSocket.TEXT;
import static dev.flotilla.gateway.fixture.RawSocket.frame;

import dev.flotilla.gateway.fixture.Zip;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One thing that a client does to the server.
///
/// @param expects the id of the answer that it must get, if the session is still there
/// @param end true where nothing that follows could be understood
record Step(String name, Buffer bytes, @Nullable String expects, boolean end) {
  private static final int COMPRESSED = 4;
  static final int MOST = 30;

  private static Step of(String name, byte[]... frames) {
    Buffer all = Buffer.buffer();
    Arrays.stream(frames).forEach(all::appendBytes);
    return new Step(name, all, null, false);
  }

  private Step expecting(@Nullable String id) {
    return new Step(name, bytes, id, end);
  }

  private Step last() {
    return new Step(name, bytes, null, true);
  }

  @Override
  public String toString() {
    return name + " (" + bytes.length() + " bytes on the wire)";
  }

  /// What a client might do, at most [#MOST] steps. Violations, after which a session is over, come
  /// last and not always, or nothing else would be seen.
  static List<Step> sequence(Target target, RandomGenerator random) {
    List<Step> steps = new ArrayList<>();
    int count = random.nextInt(1, MOST);
    while (steps.size() < count) {
      int number = steps.size();
      steps.add(
          switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> valid(target, random, number);
            case 4, 5, 6 -> hostile(target, random, number);
            case 7 -> inPieces(target, random, number);
            case 8 -> of("ping", frame(PING, true, noise(random, 126)));
            default -> of("pong", frame(PONG, true, noise(random, 126)));
          });
    }
    if (random.nextInt(3) == 0) {
      steps.add(violation(target, random));
    }
    return steps;
  }

  private static Step valid(Target target, RandomGenerator random, int number) {
    Target.Message message = target.valid(random, number);
    return of("valid " + shown(message.bytes()), one(target, message.bytes().getBytes()))
        .expecting(message.id());
  }

  private static Step hostile(Target target, RandomGenerator random, int number) {
    byte[] message = target.hostile(random, number);
    return of("hostile " + shown(Buffer.buffer(message)), one(target, message));
  }

  private static String shown(Buffer message) {
    return message.getString(0, Math.min(message.length(), 200));
  }

  private static Step inPieces(Target target, RandomGenerator random, int number) {
    Target.Message message = target.valid(random, number);
    byte[] all = message.bytes().getBytes();
    int first = random.nextInt(all.length + 1);
    int second = random.nextInt(first, all.length + 1);
    return of(
            "in pieces " + shown(message.bytes()),
            frame(kind(target), false, Arrays.copyOf(all, first)),
            frame(PING, true, noise(random, 20)),
            frame(CONTINUATION, false, Arrays.copyOfRange(all, first, second)),
            frame(CONTINUATION, false, new byte[0]),
            frame(CONTINUATION, true, Arrays.copyOfRange(all, second, all.length)))
        .expecting(message.id());
  }

  private static Step violation(Target target, RandomGenerator random) {
    byte[] good = target.probe(0).bytes().getBytes();
    return switch (random.nextInt(13)) {
      case 0 -> of("wrong kind", frame(TEXT + BINARY - kind(target), true, good));
      case 1 -> of("not UTF-8", one(target, new byte[] {'{', (byte) 0xc0, (byte) 0x80, '}'}));
      case 2 -> of("reserved bits", frame(kind(target), true, random.nextInt(1, 8), good));
      case 3 -> of("no such opcode", frame(random.nextInt(3, 8), true, good));
      case 4 -> of("no such control", frame(random.nextInt(11, 16), true, new byte[3]));
      case 5 -> of("a large ping", frame(PING, true, new byte[126]));
      case 6 -> of("a ping in pieces", frame(PING, false, new byte[1]));
      case 7 -> of("goodbye", frame(CLOSE, true, noise(random, 126)));
      case 8 -> of("continued nothing", frame(CONTINUATION, true, good));
      case 9 -> of("corrupt", frame(kind(target), true, COMPRESSED, noise(random, 200)));
      case 10 ->
          of("a bomb", frame(kind(target), true, COMPRESSED, Zip.deflate(new byte[6_000_000])));
      case 11 -> of("unfinished", frame(kind(target), false, good)).last();
      default -> of("noise", noise(random, 2_000)).last();
    };
  }

  private static int kind(Target target) {
    return target.binary() ? BINARY : TEXT;
  }

  private static byte[] one(Target target, byte[] payload) {
    return frame(kind(target), true, payload);
  }

  private static byte[] noise(RandomGenerator random, int below) {
    byte[] bytes = new byte[random.nextInt(below)];
    random.nextBytes(bytes);
    return bytes;
  }
}
